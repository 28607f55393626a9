import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatLabels, labelsOf } from '../../../src/core/model/labels.ts'
import { quoteText } from '../../../src/core/sli/promql-string.ts'
import { parseSeriesKey } from '../../../src/rules/rule-test/parse-series-key.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const read: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['up', { __name__: 'up' }],
  ['up{}', { __name__: 'up' }],
  ['job:up:sum', { __name__: 'job:up:sum' }],
  ['a{region="eu",code="200"}', { __name__: 'a', region: 'eu', code: '200' }],
  [' a { region = "eu" , } ', { __name__: 'a', region: 'eu' }],
  ["a{x='one',y=`two`}", { __name__: 'a', x: 'one', y: 'two' }],
  ['{__name__="a",x="1"}', { __name__: 'a', x: '1' }],
  ['{"http.requests",x="1"}', { __name__: 'http.requests', x: '1' }],
  ['a{"my.label"="1"}', { __name__: 'a', 'my.label': '1' }],
  ['a{x="say \\"hi\\"\\n\\u00e9\\x41"}', { __name__: 'a', x: 'say "hi"\néA' }],
  ['a{x=`C:\\new`}', { __name__: 'a', x: 'C:\\new' }],
  ['a{empty=""}', { __name__: 'a' }],
]
for (const [text, labels] of read) {
  test(`reads ${text}`, () => {
    assert.deepEqual(parseSeriesKey(text), { kind: 'parsed', labels: labelsOf(Object.entries(labels)) })
  })
}

const refused: readonly (readonly [string, number, RegExp])[] = [
  ['', 0, /no name and no label/],
  ['{}', 0, /no name and no label/],
  ['5xx_total', 0, /"5" where a metric name is expected/],
  ['a b', 2, /"b" where the end or "\{" is expected/],
  ['a{x="1"', 7, /"," or "\}" is missing at the end/],
  ['a{x="1" y="2"}', 8, /"y" where a "," or "\}" is expected/],
  ['a{,}', 2, /"," where a label is expected/],
  ['a{x}', 3, /"\}" where "=" after the label "x" is expected/],
  ['a{x=1}', 4, /"1" where a value in quotes for "x" is expected/],
  ['a{x="1', 4, /does not end/],
  ['a{x="\\q"}', 5, /not an escape/],
  ['a{x=~"1"}', 3, /"=" must follow "x"/],
  ['a{x!="1"}', 3, /"=" must follow "x"/],
  ['a{x="1",x="2"}', 8, /"x" is given twice/],
  ['a{__name__="b"}', 2, /metric name is given twice/],
  ['{"a","b"}', 5, /metric name is given twice/],
  ['a{x="1"} 5', 9, /"5" where/],
]
for (const [text, offset, wording] of refused) {
  test(`refuses ${text === '' ? 'nothing' : text} at character ${offset}`, () => {
    const result = parseSeriesKey(text)
    assert.ok(result.kind === 'failed', JSON.stringify(result))
    assert.equal(result.offset, offset)
    assert.match(result.message, wording)
  })
}

const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((name) => name !== '__name__')
const metricName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/)

test('reads back whatever is written as a series', () => {
  const labels = fc.dictionary(labelName, fc.string({ unit: 'grapheme', minLength: 1 }), { maxKeys: 5 })
  holdsForAll(
    fc.property(metricName, labels, (name, pairs) => {
      const wanted = labelsOf([['__name__', name], ...Object.entries(pairs)])
      const inner = Object.entries(pairs).map(([label, value]) => `${label}=${quoteText(value)}`)
      assert.deepEqual(parseSeriesKey(`${name}{${inner.join(',')}}`), { kind: 'parsed', labels: wanted })
    }),
    500,
  )
})

test('reads what messages print of plain labels', () => {
  const labels = labelsOf([
    ['__name__', 'a_total'],
    ['code', '500'],
    ['path', '/a b'],
  ])
  assert.deepEqual(parseSeriesKey(formatLabels(labels)), { kind: 'parsed', labels })
})

test('never throws, and points into the text', () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[ab{}=",'`~!\\ ]{0,20}$/))
  holdsForAll(
    fc.property(anything, (text) => {
      const result = parseSeriesKey(text)
      if (result.kind === 'failed') assert.ok(result.offset >= 0 && result.offset <= text.length)
    }),
    2_000,
  )
})
