import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { expositionLineBytesMax } from '../../../src/core/model/limits.ts'
import { type ExpositionFormat, parseExposition } from '../../../src/ingest/wire/exposition.ts'
import { ExpositionStream } from '../../../src/ingest/wire/exposition-stream.ts'
import { ExpositionRecorder } from '../../support/ingest-exposition-recorder.ts'
import { fixturePages, withoutFixturePages } from '../../support/ingest-fixture-pages.ts'
import { slowExposition } from '../../support/ingest-slow-exposition.ts'

const encoder = new TextEncoder()

function parse(text: string, format: ExpositionFormat = 'text', predicted?: string): ExpositionRecorder {
  const recorder = new ExpositionRecorder(predicted)
  const bytes = encoder.encode(text)
  parseExposition(bytes, 0, bytes.length, recorder, format)
  return recorder
}

for (const { name, bytes, format } of fixturePages()) {
  test(`reads ${name} value for value`, () => {
    const recorder = new ExpositionRecorder()
    const stream = new ExpositionStream(recorder, format)
    stream.write(bytes)
    stream.end()
    const expected = slowExposition(bytes.toString())
    assert.ok(expected.length > 30)
    assert.deepEqual(recorder.problems, [])
    assert.deepEqual(
      recorder.samples.map(({ labels, value }) => [[...labels], value]),
      expected.map(({ labels, value }) => [[...labelsOf(labels)], value]),
    )
    assert.ok(recorder.samples.every(({ timeMs }) => Number.isNaN(timeMs)))
  })
}

test('all of the fixtures of Prometheus were read', { skip: withoutFixturePages }, () => {
  assert.ok(fixturePages().length >= 3)
})

/** A line and what is read from it: in text, and in OpenMetrics; a problem where it is no line of the format. */
const table: readonly (readonly [string, string | RegExp, string | RegExp])[] = [
  ['up 1', 'up 1', 'up 1'],
  ['up{} 1', 'up 1', 'up 1'],
  ['a:b_c{d="e",f="g"} 2.5', 'a:b_c{d="e",f="g"} 2.5', 'a:b_c{d="e",f="g"} 2.5'],
  ['a{b="c",} 1', 'a{b="c"} 1', 'a{b="c"} 1'],
  ['  a { b = "c" , d="e" }  1  ', 'a{b="c",d="e"} 1', 'a{b="c",d="e"} 1'],
  ['a{b="c"}1', 'a{b="c"} 1', 'a{b="c"} 1'],
  ['a 1\r', 'a 1', 'a 1'],
  ['a\t1\t1000', 'a 1 @1000', 'a 1 @1000000'],
  ['a 1 1767225600000', 'a 1 @1767225600000', 'a 1 @1767225600000000'],
  ['a 1 1767225600.25', /milliseconds/, 'a 1 @1767225600250'],
  ['a 1 1.767225600123e+09', /milliseconds/, 'a 1 @1767225600123'],
  ['a 1 1.0019', /milliseconds/, 'a 1 @1002'],
  ['a 1 -5', 'a 1 @-5', 'a 1 @-5000'],
  ['a 1 NaN', /milliseconds/, /seconds/],
  ['a 1 99999999999999999', /milliseconds/, /seconds/],
  ['a 1 x', /milliseconds/, /seconds/],
  ['a 1 2 3', /more text/, /more text/],
  ['a NaN', 'a NaN', 'a NaN'],
  ['a nan', 'a NaN', 'a NaN'],
  ['a +Inf', 'a Infinity', 'a Infinity'],
  ['a -Inf', 'a -Infinity', 'a -Infinity'],
  ['a -infinity', 'a -Infinity', 'a -Infinity'],
  ['a 1 # {b="c"} 0.5', /milliseconds|more text/, 'a 1'],
  ['a 1 3 # {b="} 9 # {"} 0.5 4.5', /more text/, 'a 1 @3000'],
  ['a{b="} # {"} 7 # {} 1', /more text/, 'a{b="} # {"} 7'],
  ['a 1 # {b="c"}', /more text/, /exemplar/],
  ['a 1 # {b="c" 1', /more text/, /exemplar/],
  ['a 1 # b', /more text/, /exemplar/],
  ['a 1 # {} 1 2 3', /more text/, /more text/],
  [String.raw`a{b="\\ \" \n \x }"} 1`, String.raw`a{b="\\ \" \n \\x }"} 1`, String.raw`a{b="\\ \" \n \\x }"} 1`],
  ['a{b="größe 💥"} 1', 'a{b="größe 💥"} 1', 'a{b="größe 💥"} 1'],
  ['{"my.metric",a="b"} 1', 'my.metric{a="b"} 1', 'my.metric{a="b"} 1'],
  ['{a="b","my metric"} 1', 'my metric{a="b"} 1', 'my metric{a="b"} 1'],
  ['{"a","b.c"="d"} 1', 'a{b.c="d"} 1', 'a{b.c="d"} 1'],
  ['a{__name__="b"} 1', /given twice/, /given twice/],
  ['{a="b"} 1', /without a metric name/, /without a metric name/],
  ['a{b="c",b="d"} 1', /given twice/, /given twice/],
  ['a', /no metric name/, /no metric name/],
  ['a ', /not a number/, /not a number/],
  ['a{b="c"}', /not a number/, /not a number/],
  ['a 0x10', /not a number/, /not a number/],
  ['a 1_000', /not a number/, /not a number/],
  ['a 1e', /not a number/, /not a number/],
  ['a .', /not a number/, /not a number/],
  ['a --1', /not a number/, /not a number/],
  ['a 1x', /not a number/, /not a number/],
  ['a{b="c} 1', /complete labels/, /complete labels/],
  ['a{b="c\\', /complete labels/, /complete labels/],
  ['a{b=c} 1', /without quotes/, /without quotes/],
  ['a{b} 1', /without a value/, /without a value/],
  ['a{b="c"d="e"} 1', /no comma/, /no comma/],
  ['a{1b="c"} 1', /not a label name/, /not a label name/],
  ['a-b 1', /not a metric name/, /not a metric name/],
  ['1a 1', /not a metric name/, /not a metric name/],
  ['a{} {} 1', /not a number/, /not a number/],
  ['<html>', /no metric name/, /no metric name/],
]

for (const [line, inText, inOpenMetrics] of table) {
  for (const [format, expected] of [
    ['text', inText],
    ['openmetrics', inOpenMetrics],
  ] as const) {
    test(`${format}: ${JSON.stringify(line)} is ${expected}, and its neighbours are kept`, () => {
      const { lines, problems } = parse(`before 1\n${line}\nbehind 2\n`, format)
      if (typeof expected === 'string') {
        assert.deepEqual(lines, ['before 1', expected, 'behind 2'])
        assert.deepEqual(problems, [])
      } else {
        assert.deepEqual(lines, ['before 1', 'behind 2'])
        assert.equal(problems.length, 1)
        assert.equal(problems[0].line, 2)
        assert.match(problems[0].detail, expected)
        assert.ok(line.startsWith(problems[0].text.slice(0, 3)), problems[0].text)
      }
    })
  }
}

test('gives the double nearest to what is written', () => {
  const written = fc.oneof(
    fc.double({ noNaN: true }).map(String),
    fc.double({ noNaN: true }).map((value) => value.toExponential()),
    fc.stringMatching(/^-?[0-9]{1,25}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?$/),
    fc.stringMatching(/^[+-]?\.[0-9]{1,20}$/),
  )
  fc.assert(
    fc.property(written, (number) => {
      const expected = number.endsWith('Infinity') ? (number.startsWith('-') ? -Infinity : Infinity) : Number(number)
      assert.ok(Object.is(parse(`a ${number}\n`).samples[0]?.value, expected), `${number} read as another number`)
    }),
    { numRuns: 2_000 },
  )
})

test('passes over metadata, comments and empty lines', () => {
  const text = '# HELP a says "hi" {\n# TYPE a counter\n# UNIT a seconds\n#nothing\n#\n\n \t\n\r\n# EOF\na 1\n'
  assert.deepEqual(parse(text).lines, ['a 1'])
  assert.deepEqual(parse(text).problems, [])
})

test('stops at # EOF of an OpenMetrics text', () => {
  const bytes = encoder.encode('a 1\n# EOF\nb 2\n')
  const recorder = new ExpositionRecorder()
  const progress = parseExposition(bytes, 0, bytes.length, recorder, 'openmetrics')
  assert.deepEqual(progress, { stoppedAt: 10, lines: 2, ended: true })
  assert.deepEqual(recorder.lines, ['a 1'])
})

test('stops in front of a line that is not complete', () => {
  const bytes = encoder.encode('a 1\nb 2')
  const recorder = new ExpositionRecorder()
  const progress = parseExposition(bytes, 0, bytes.length, recorder, 'text')
  assert.deepEqual(progress, { stoppedAt: 4, lines: 1, ended: false })
  assert.deepEqual(recorder.lines, ['a 1'])
})

/** A predicted key and lines that begin with it but are another series, or are not. */
for (const [predicted, line, expected] of [
  ['a', 'a 1', 'a 1'],
  ['a', 'ab 1', 'ab 1'],
  ['a', 'a{b="c"} 1', 'a{b="c"} 1'],
  ['a', 'a  {b="c"} 1', 'a{b="c"} 1'],
  ['a', 'a\t1', 'a 1'],
  ['a{b="c"}', 'a{b="c"} 1', 'a{b="c"} 1'],
  ['a{b="c"}', 'a{b="c"}1', 'a{b="c"} 1'],
] as const) {
  test(`reads ${JSON.stringify(line)} rightly when ${predicted} was expected`, () => {
    assert.deepEqual(parse(`${line}\n`, 'text', predicted).lines, [expected])
  })
}

test('shows of a hostile line its beginning, without control characters', () => {
  const { problems } = parse(`\u001b[31mred ${'x'.repeat(500)}\n`)
  assert.equal(problems[0].text.length, 121)
  assert.ok(problems[0].text.startsWith('\ufffd[31mred'))
})

const lineArbitrary = fc.oneof(
  fc.constantFrom('up 1', 'a{b="c"} 2 5', 'a{b="} x"} 3', '# TYPE a counter', '', 'garbage{', 'a 1\r', '# EOF'),
  fc.string({ maxLength: 30, unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
)

test('reads a text cut into pieces anywhere as it reads it whole', () => {
  const pieces = fc.tuple(fc.array(lineArbitrary, { maxLength: 12 }), fc.array(fc.nat({ max: 40 }), { minLength: 1 }))
  fc.assert(
    fc.property(pieces, fc.constantFrom<ExpositionFormat>('text', 'openmetrics'), ([lines, sizes], format) => {
      const bytes = encoder.encode(lines.join('\n'))
      const whole = new ExpositionRecorder()
      const wholeStream = new ExpositionStream(whole, format)
      wholeStream.write(bytes)
      wholeStream.end()
      const cut = new ExpositionRecorder()
      const stream = new ExpositionStream(cut, format)
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] + 1
        stream.write(bytes.slice(at, at + size))
        at += size
      }
      stream.end()
      assert.deepEqual(cut.lines, whole.lines)
      assert.deepEqual(cut.problems, whole.problems)
      assert.equal(stream.lines, wholeStream.lines)
    }),
    { numRuns: 1_000 },
  )
})

test('never throws on random bytes, and every line is a sample, a problem, or neither', () => {
  const alphabet = fc.constantFrom(...encoder.encode('a{}"\\ \t\n\r#=,1.eE+-_:é'))
  fc.assert(
    fc.property(
      fc.array(alphabet, { maxLength: 80 }),
      fc.constantFrom<ExpositionFormat>('text', 'openmetrics'),
      (codes, format) => {
        const recorder = new ExpositionRecorder('a')
        const stream = new ExpositionStream(recorder, format)
        stream.write(Uint8Array.from(codes))
        stream.end()
        assert.ok(recorder.samples.length + recorder.problems.length <= stream.lines + 2)
      },
    ),
    { numRuns: 5_000 },
  )
})

test('does not keep a line without end, and goes on behind it', () => {
  const recorder = new ExpositionRecorder()
  const stream = new ExpositionStream(recorder, 'text')
  stream.write(encoder.encode('a 1\n'))
  const piece = new Uint8Array(65_536).fill(0x78)
  for (let written = 0; written <= expositionLineBytesMax * 2; written += piece.length) stream.write(piece)
  stream.write(encoder.encode('x\nb 2\n???\n'))
  stream.end()
  assert.deepEqual(recorder.lines, ['a 1', 'b 2'])
  assert.deepEqual(
    recorder.problems.map(({ line, detail }) => [line, detail.slice(0, 24)]),
    [
      [2, 'the line is longer than '],
      [4, 'no metric name with comp'],
    ],
  )
})

test('says that an OpenMetrics text is cut off, and that text behind its end is not read', () => {
  const cut = new ExpositionRecorder()
  const cutStream = new ExpositionStream(cut, 'openmetrics')
  cutStream.write(encoder.encode('a 1\n'))
  cutStream.end()
  assert.match(cut.problems[0].detail, /cut off/)

  const joined = new ExpositionRecorder()
  const joinedStream = new ExpositionStream(joined, 'openmetrics')
  joinedStream.write(encoder.encode('a 1\n# EOF\n'))
  joinedStream.write(encoder.encode('a 2\n# EOF\n'))
  joinedStream.end()
  assert.deepEqual(joined.lines, ['a 1'])
  assert.deepEqual(
    joined.problems.map(({ line, detail }) => [line, detail]),
    [[3, 'text after # EOF is not read']],
  )
})
