import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { labelNameBytesMax, labelsPerSeriesMax, labelValueBytesMax } from '../../../src/core/model/limits.ts'
import { isRefusal } from '../../../src/ingest/wire/label-collector.ts'
import { remoteWriteLabels } from '../../../src/ingest/wire/remote-write-labels.ts'
import { readWriteRequest } from '../../../src/ingest/wire/remote-write-v1.ts'
import type { RemoteWriteVisitor } from '../../../src/ingest/wire/remote-write-visitor.ts'
import { encodeWriteRequest, labelList, type WrittenSeries, written } from '../../support/ingest-write-requests.ts'

interface SeenSeries {
  readonly labels: readonly (readonly [string, string])[] | string
  readonly samples: { timeMs: number; value: number; stale: boolean }[]
  /** When each was. */
  readonly histograms: number[]
  readonly exemplars: { value: number; atMs: number; traceId: string | undefined }[]
}

/** Notes everything; `predicts` makes it expect the key that came last, as a cache would. */
function recorder(predicts = false): RemoteWriteVisitor & { readonly seen: SeenSeries[] } {
  const seen: SeenSeries[] = []
  let last = new Uint8Array(0)
  const begin = (key: Uint8Array): void => {
    last = Uint8Array.from(key)
    const labels = remoteWriteLabels(key, 0, key.length)
    seen.push({ labels: isRefusal(labels) ? labels.reason : [...labels], samples: [], histograms: [], exemplars: [] })
  }
  return {
    seen,
    expected(bytes, start, end) {
      const fits = predicts && last.length > 0 && start + last.length <= end
      return fits && last.every((byte, index) => bytes[start + index] === byte) ? last.length : 0
    },
    takeExpected: () => begin(last),
    series(bytes, start, end) {
      begin(bytes.subarray(start, end))
      return undefined
    },
    sample: (timeMs, value, stale) => void seen.at(-1)?.samples.push({ timeMs, value, stale }),
    histogram: ({ timeMs }) => void seen.at(-1)?.histograms.push(timeMs),
    histogramRefused: ({ detail }) => assert.fail(detail),
    refuse: ({ detail }) => assert.fail(detail),
    exemplar: ({ value, atMs, traceId }) => void seen.at(-1)?.exemplars.push({ value, atMs, traceId }),
  }
}

const labelName = fc.oneof(fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), fc.string({ minLength: 1, unit: 'grapheme' }))
const labels = fc
  .dictionary(labelName, fc.string({ unit: 'grapheme', maxLength: 12 }), { maxKeys: 6 })
  .map((entries) => {
    return [...Object.entries(entries), ['__name__', 'metric'] as const].map(([name, value]) => ({ name, value }))
  })
const value = fc.double()
const timestamp = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 1_767_225_600_000, -(2 ** 53) + 1, 2 ** 53 - 1, 2 ** 31, 2 ** 28, 127, 128),
)
const exemplarLabels = fc.record({ trace_id: fc.stringMatching(/^[0-9a-f]{0,32}$/), other: fc.string() }).map(labelList)
const series: fc.Arbitrary<WrittenSeries> = fc.record({
  labels,
  samples: fc.array(fc.record({ value, timestamp }), { maxLength: 3 }),
  exemplars: fc.array(fc.record({ labels: exemplarLabels, value, timestamp }), { maxLength: 2 }),
  histograms: fc.array(fc.record({ sum: value, timestamp }), { maxLength: 2 }),
})
const requests = fc.record({
  timeseries: fc.array(series, { maxLength: 5 }),
  metadata: fc.array(fc.record({ metricFamilyName: fc.string(), help: fc.string() }), { maxLength: 2 }),
})

for (const predicts of [false, true]) {
  test(`reads what protobufjs wrote, ${predicts ? 'with' : 'without'} predicted keys`, () => {
    fc.assert(
      fc.property(requests, (request) => {
        const visitor = recorder(predicts)
        // Each series twice in a row, so that predictions come true.
        const timeseries = request.timeseries.flatMap((one) => [one, one])
        assert.equal(readWriteRequest(encodeWriteRequest({ ...request, timeseries }), visitor), undefined)
        assert.deepEqual(visitor.seen, timeseries.map(expectedOf))
      }),
      { numRuns: 300 },
    )
  })
}

function expectedOf({ labels: entries, samples, histograms, exemplars }: WrittenSeries): SeenSeries {
  const names = entries.map(({ name }) => name)
  const duplicate = new Set(names).size < names.length
  return {
    labels: duplicate ? 'duplicate_label' : [...labelsOf(entries.map(({ name, value: text }) => [name, text]))],
    samples: (samples ?? []).map((sample) => ({ timeMs: sample.timestamp, value: sample.value, stale: false })),
    histograms: (histograms ?? []).map(({ timestamp: at }) => at),
    exemplars: (exemplars ?? []).map((one) => ({
      value: one.value,
      atMs: one.timestamp ?? 0,
      traceId: one.labels[0].value,
    })),
  }
}

test('never throws or hangs on random, truncated or mutated bytes, and says what is wrong with a cut', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 })
  fc.assert(
    fc.property(requests, changes, fc.nat(), (request, mutations, cut) => {
      const bytes = encodeWriteRequest(request)
      for (const [at, byte] of mutations) if (bytes.length > 0) bytes[at % bytes.length] = byte
      const visitor = { ...recorder(), histogramRefused: () => {} }
      const fault = readWriteRequest(bytes.subarray(0, cut % (bytes.length + 1)), visitor)
      assert.ok(fault === undefined || /at byte \d+$/.test(fault), fault)
      const samples = visitor.seen.reduce((sum, { samples: seen }) => sum + seen.length, 0)
      assert.ok(samples <= bytes.length)
    }),
    { numRuns: 1_000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      readWriteRequest(bytes, { ...recorder(), histogramRefused: () => {} })
    }),
    { numRuns: 2_000 },
  )
})

test('tells a stale marker from an ordinary NaN', () => {
  const bytes = encodeWriteRequest({
    timeseries: [written({ __name__: 'a' }, 1234.5, 5), written({ __name__: 'a' }, 9, 6)],
  })
  const view = new DataView(bytes.buffer)
  const place = (wanted: number): number => {
    for (let at = 0; at + 8 <= bytes.length; at++) if (view.getFloat64(at, true) === wanted) return at
    return assert.fail(`${wanted} is not there`)
  }
  view.setBigUint64(place(1234.5), 0x7ff0_0000_0000_0002n, true)
  view.setBigUint64(place(9), 0x7ff8_0000_0000_0001n, true)
  const visitor = recorder()
  assert.equal(readWriteRequest(bytes, visitor), undefined)
  assert.deepEqual(
    visitor.seen.map(({ samples }) => samples),
    [[{ timeMs: 5, value: Number.NaN, stale: true }], [{ timeMs: 6, value: Number.NaN, stale: false }]],
  )
})

/** Messages by hand: `field(1, …)` is a length-delimited field. */
function field(number: number, ...contents: readonly (readonly number[])[]): number[] {
  const content = contents.flat()
  assert.ok(content.length < 128)
  return [number * 8 + 2, content.length, ...content]
}
function ascii(characters: string): number[] {
  return [...Buffer.from(characters)]
}
const name = field(1, field(1, ascii('__name__')), field(2, ascii('up')))
const job = field(1, field(1, ascii('job')), field(2, ascii('x')))
const sample = field(2, [0x10, 7])

for (const predicts of [false, true]) {
  test(`finds labels that stand behind or between samples, ${predicts ? 'with' : 'without'} predicted keys`, () => {
    const visitor = recorder(predicts)
    const message = [field(1, name, sample), field(1, sample, name, sample, job), field(1, name, job)]
    assert.equal(readWriteRequest(Uint8Array.from(message.flat()), visitor), undefined)
    const up = ['__name__', 'up']
    const both = [up, ['job', 'x']]
    const zero = { timeMs: 7, value: 0, stale: false }
    assert.deepEqual(visitor.seen, [
      { labels: [up], samples: [zero], histograms: [], exemplars: [] },
      { labels: both, samples: [zero, zero], histograms: [], exemplars: [] },
      { labels: both, samples: [], histograms: [], exemplars: [] },
    ])
  })
}

test('reads a label whose tag is written longer than it needs to be', () => {
  const visitor = recorder()
  const long = [0x8a, 0x00, ...job.slice(1)]
  assert.equal(readWriteRequest(Uint8Array.from(field(1, name, long, sample)), visitor), undefined)
  assert.deepEqual(visitor.seen[0].labels, [
    ['__name__', 'up'],
    ['job', 'x'],
  ])
})

test('passes over fields it does not know', () => {
  const visitor = recorder()
  const unknown = [...field(14, ascii('x')), 0x78, 5, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7d, 1, 2, 3, 4]
  const message = [...unknown, ...field(1, name, unknown, field(2, unknown, [0x10, 7]))]
  assert.equal(readWriteRequest(Uint8Array.from(message), visitor), undefined)
  assert.equal(visitor.seen[0].samples.length, 1)
})

/** What is wrong, the bytes, and what is said about it. */
const faults: readonly (readonly [string, readonly number[], RegExp])[] = [
  ['a series longer than the message', [0x0a, 50, 1, 2], /length of 50 runs past the end/],
  ['a length of 2^63', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], /runs past the end/],
  ['a varint that does not end', [0x0a, 0x80], /varint runs past the end/],
  [
    'a varint of eleven bytes',
    field(1, name, field(2, [0x10, ...Array<number>(11).fill(0x80)])),
    /longer than 64 bits/,
  ],
  ['a tenth byte that does not fit', field(1, name, field(2, [0x10, ...Array<number>(9).fill(0x80), 2])), /64 bits/],
  ['a field number of zero', [0x02, 0], /without a valid number/],
  ['a group', [0x0b, 0x0c], /wire type/],
  ['a value that is cut off', field(1, name, field(2, [0x09, 1, 2])), /double runs past the end/],
  ['a series that is a number', [0x08, 1], /field 1 has wire type 0 instead of 2/],
  ['a sample that is a number', field(1, name, [0x10, 1]), /field 2 has wire type 0 instead of 2/],
]

for (const [what, bytes, pattern] of faults) {
  test(`stops at ${what} and keeps the series before it`, () => {
    const visitor = recorder()
    const message = Uint8Array.from([...field(1, name, sample), ...bytes])
    assert.match(readWriteRequest(message, visitor) ?? 'no fault', pattern)
    assert.deepEqual(visitor.seen[0].samples, [{ timeMs: 7, value: 0, stale: false }])
  })
}

/** Labels that are refused: entries, reason, and a word of the explanation. */
const refused: readonly (readonly [string, readonly (readonly [string, string])[], string, RegExp])[] = [
  [
    'a label value that is too long',
    [['path', 'x'.repeat(labelValueBytesMax + 1)]],
    'label_value_too_long',
    /4097 .*path/,
  ],
  [
    'a label name that is too long',
    [['x'.repeat(labelNameBytesMax + 1), '1']],
    'label_name_too_long',
    /1025 bytes: xxx/,
  ],
  [
    'too many labels',
    Array.from({ length: labelsPerSeriesMax }, (_, index) => [`l${index}`, '1'] as const),
    'too_many_labels',
    /more than 64/,
  ],
  [
    'a label given twice',
    [
      ['job', '1'],
      ['job', '2'],
    ],
    'duplicate_label',
    /job/,
  ],
  ['a label without a name', [['', '1']], 'malformed', /without a name/],
]

for (const [what, entries, reason, detail] of refused) {
  test(`refuses ${what}, naming the series`, () => {
    const key = keyOf([['__name__', 'up'], ...entries])
    const answer = remoteWriteLabels(key, 0, key.length)
    assert.ok(isRefusal(answer))
    assert.equal(answer.reason, reason)
    assert.match(answer.detail, detail)
    assert.match(answer.detail, /series up/)
  })
}

test('accepts labels exactly at the limits', () => {
  const atLimits = Array.from({ length: labelsPerSeriesMax - 2 }, (_, index) => [`l${index}`, '1'] as const)
  const key = keyOf([['__name__', 'up'], ['x'.repeat(labelNameBytesMax), 'y'.repeat(labelValueBytesMax)], ...atLimits])
  const answer = remoteWriteLabels(key, 0, key.length)
  assert.ok(!isRefusal(answer))
  assert.equal(answer.size, labelsPerSeriesMax)
})

test('refuses a series without a metric name and one that is not UTF-8', () => {
  const nameless = keyOf([['job', 'x']])
  const nameRefusal = remoteWriteLabels(nameless, 0, nameless.length)
  assert.ok(isRefusal(nameRefusal) && nameRefusal.reason === 'no_metric_name')
  const broken = Uint8Array.from(field(1, field(1, ascii('job')), field(2, [0xff, 0xfe])))
  const utf8Refusal = remoteWriteLabels(broken, 0, broken.length)
  assert.ok(isRefusal(utf8Refusal) && utf8Refusal.reason === 'invalid_utf8')
})

function keyOf(entries: readonly (readonly [string, string])[]): Uint8Array {
  let key = new Uint8Array(0)
  const visitor = recorder()
  const capturing = {
    ...visitor,
    series: (bytes: Uint8Array, start: number, end: number) => {
      key = bytes.slice(start, end)
      return undefined
    },
  }
  const only = { labels: entries.map(([label, content]) => ({ name: label, value: content })) }
  assert.equal(readWriteRequest(encodeWriteRequest({ timeseries: [only] }), capturing), undefined)
  return key
}
