import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printCounters } from '../../../src/core/sli/print-counters.ts'
import { pairProblem } from '../../../src/rules/promql/pair-problem.ts'
import { streamingCounters } from '../../../src/rules/promql/streaming-counters.ts'
import { streaming } from './streaming-examples.ts'

for (const [text, counters, differs] of streaming) {
  test(`counts ${JSON.stringify(text)}`, () => {
    const result = streamingCounters(text)
    assert.ok(result.kind === 'counters', JSON.stringify(result))
    assert.equal(printCounters(result.counters), counters)
    const plain = { kind: 'counters', groupBy: [], measure: 'per-second', range: 'window', scale: 1, ...differs }
    assert.deepEqual(result, { ...plain, counters: result.counters })
  })
}

test('takes a selector for its counter only where the caller says so', () => {
  const options = { bareSelectors: true }
  for (const text of ['a{b="c"}', 'sum(a{b="c"})']) {
    const result = streamingCounters(text, options)
    assert.ok(result.kind === 'counters', text)
    assert.equal(printCounters(result.counters), 'a{b="c"}')
    assert.deepEqual([result.measure, result.range, result.groupBy], ['total', null, []])
  }
  const grouped = streamingCounters('sum by (x) (a) + sum by (x) (b)', options)
  assert.ok(grouped.kind === 'counters')
  assert.deepEqual(grouped.groupBy, ['x'])
  assert.equal(streamingCounters('sum(a) + sum(rate(b[5m]))', options).kind, 'query')
  assert.equal(streamingCounters('sum(a)').kind, 'query')
})

/** Expression, the character that prevents counting, and why. */
const asked: readonly (readonly [string, number, RegExp])[] = [
  ['histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m])))', 0, /histogram_quantile\(…\) answers a quantile/],
  ['sum(rate(a[5m])) / sum(rate(b[5m]))', 17, /"\/" makes a ratio/],
  ['1 - sum(rate(a[5m])) / sum(rate(b[5m]))', 21, /"\/" makes a ratio/],
  ['sum(rate(a[5m])) / 0', 17, /divides by zero/],
  ['100 / sum(rate(a[5m]))', 4, /"\/" makes a ratio/],
  ['sum(rate(a[5m])) * sum(rate(b[5m]))', 17, /multiplies counters/],
  ['sum(rate(a[5m] offset 1d))', 9, /"offset" looks at another time/],
  ['sum(rate(a[5m] @ 1609746000))', 9, /"@" looks at a fixed time/],
  ['sum(rate(a[5m:1m]))', 9, /subquery/],
  ['sum_over_time((count(a < 0.5))[{{.window}}:]) OR on() vector(0)', 0, /sum_over_time\(…\) works on single samples/],
  ['max(rate(a[5m]))', 0, /max\(…\) stands where only sum/],
  ['avg by (x) (rate(a[5m]))', 0, /avg\(…\) stands where only sum/],
  ['sum(avg by (x) (rate(a[5m])))', 4, /avg\(…\) stands where only sum/],
  ['quantile(0.9, rate(a[5m]))', 0, /quantile\(…\) stands where only sum/],
  ['count(rate(a[5m]))', 0, /count\(…\) counts series/],
  ['group(rate(a[5m]))', 0, /group\(…\) counts series/],
  ['topk(5, rate(a[5m]))', 0, /topk\(…\) keeps some series/],
  ['sum(rate(a[5m])) unless sum(rate(b[5m]))', 17, /"unless" keeps or drops/],
  ['sum(rate(a[5m])) and sum(rate(b[5m]))', 17, /"and" keeps or drops/],
  ['sum(rate(a[5m])) or sum(rate(b[5m]))', 17, /"or" takes its right side/],
  ['vector(0) or sum(rate(a[5m]))', 10, /"or" takes its right side/],
  ['sum(rate(a[5m])) or vector(1)', 20, /vector\(…\) is a constant/],
  ['sum(rate(a[5m]) > 0)', 16, /">" keeps or drops series by their value/],
  ['sum(rate(a[5m])) > 5', 17, /">" keeps or drops/],
  ['sum(rate(a[5m])) > bool 0', 17, /">" keeps or drops/],
  ['sum(rate(a[5m])) % 2', 17, /"%" makes something else/],
  ['sum(rate(a[5m])) ^ 2', 17, /"\^" makes something else/],
  ['sum(irate(a[5m]))', 4, /irate\(…\) looks at the last two samples/],
  ['sum(delta(a[5m]))', 4, /delta\(…\) is for gauges/],
  ['sum(changes(a[5m]))', 4, /changes\(…\) counts changes/],
  ['histogram_count(sum(rate(a[5m])))', 0, /histogram_count\(…\) reads native histograms/],
  ['round(sum(rate(a[5m])))', 0, /round\(…\) makes something else/],
  ['absent(a)', 0, /asks whether there are series/],
  ['label_replace(rate(a[5m]), "x", "$1", "y", "(.*)")', 0, /label_replace\(…\) changes labels/],
  ['scalar(sum(rate(a[5m])))', 0, /scalar\(…\)/],
  ['sum(a)', 4, /a is neither in rate\(…\) nor in increase\(…\)/],
  ['a{b="c"}', 0, /a\{b="c"\} is neither in rate/],
  ['sum(a[5m])', 4, /a range is used without rate/],
  ['sum(rate(a))', 9, /rate\(…\) is given no range/],
  ['sum(rate(sum(a)[5m]))', 9, /rate\(…\) is taken of sum\(a\) and not of a counter/],
  ['sum(rate(a[5m * 2]))', 11, /not a plain duration/],
  ['sum(rate(a[0s]))', 11, /not a plain duration/],
  ['rate(a[5m])', 0, /it is not summed/],
  ['sum without (pod) (rate(a[5m]))', 0, /sum without \(…\) keeps labels/],
  ['sum(rate(a[5m]) + rate(b[5m]))', 16, /series are added one by one/],
  ['sum(rate(a_count[5m]) - ignoring(le) rate(a_bucket{le="1"}[5m]))', 22, /series are added one by one/],
  ['sum by (x) (rate(a[5m])) + sum(rate(b[5m]))', 25, /series by x meet series by nothing/],
  ['sum by (x) (rate(a[5m])) + vector(0)', 25, /series by x meet series by nothing/],
  ['sum by (x, y) (rate(a[5m])) + on(x) sum by (x, y) (rate(b[5m]))', 30, /on\(…\) matches groups by some/],
  ['sum by (x) (rate(a[5m])) + ignoring(x) sum by (x) (rate(b[5m]))', 27, /ignoring\(…\) matches groups by some/],
  ['sum by (x) (rate(a[5m])) + on(x) group_left() sum by (x) (rate(b[5m]))', 27, /group_left/],
  ['sum by (x) (rate(a[5m])) + fill(1) sum by (x) (rate(b[5m]))', 27, /filled with a number other than 0/],
  ['sum(rate(a[5m])) + 1', 17, /a number other than 0 is added/],
  ['sum(rate(a[5m])) + sum(rate(b[10m]))', 0, /over different ranges/],
  ['sum(rate(a[5m])) + sum(rate(b[$window]))', 0, /over different ranges/],
  ['sum(rate(a[$window])) + sum(increase(b[$window]))', 0, /mixes rate/],
  ['sum(rate(a[5m])) + 2 * sum(rate(b[5m]))', 0, /do not weigh the same/],
  ['sum(rate(a[5m])) + sum(increase(b[5m]))', 0, /do not weigh the same/],
  ['sum(rate(a[5m])) * 0', 0, /it is always 0/],
  ['vector(0)', 0, /it is always 0/],
  ['1', 0, /it is a constant/],
  ['"a"', 0, /a string is no vector/],
  ['time()', 0, /time\(…\) makes something else/],
  ['sum(rate(a[5m])) * Inf', 19, /the number Inf is not one of events/],
  ['sum(rate(a[{{.window}}] offset {{.window}}))', 31, /stands elsewhere than in a range/],
  ['sum(increase(a[{{.window}}])) / {{.window}}', 32, /stands elsewhere than in a range/],
  ['job:errors:rate{{.window}}', 15, /stands elsewhere than in a range/],
  ['a{window="$window"}', 10, /stands elsewhere than in a range/],
  [Array.from({ length: 101 }, (_, i) => `sum(rate(a${i}[5m]))`).join(' + '), 0, /more than 100 counters/],
]

for (const [text, offset, reason] of asked) {
  const shown = text.length > 90 ? `${text.slice(0, 89)}…` : text
  test(`leaves ${JSON.stringify(shown)} to Prometheus`, () => {
    const result = streamingCounters(text)
    assert.ok(result.kind === 'query', JSON.stringify(result))
    assert.match(result.reason, reason)
    assert.equal(result.offset, offset)
  })
}

test('what is no PromQL is neither counted nor asked', () => {
  const result = streamingCounters('sum(rate(a[5m])')
  assert.ok(result.kind === 'failed')
  assert.equal(result.offset, 3)
})

test('a part and its total go together only in the same measure, range, scale and grouping', () => {
  const table: readonly (readonly [string, string, RegExp | undefined])[] = [
    ['sum(rate(a[5m]))', 'sum(rate(b[5m]))', undefined],
    ['sum(rate(a[5m])) * 300', 'sum(increase(b[5m]))', undefined],
    ['100 * sum(rate(a[$window]))', 'sum(rate(b[$window])) / 0.01', undefined],
    ['sum by (x, y) (rate(a[5m]))', 'sum by (y, x) (rate(b[5m]))', undefined],
    ['sum(increase(a[$window]))', 'sum(rate(b[$window]))', /one answers an increase, the other a rate/],
    ['sum(rate(a[5m]))', 'sum(rate(b[1h]))', /one is over 5m, the other over 1h/],
    ['sum(rate(a[5m]))', 'sum(rate(b[$window]))', /one is over 5m, the other over the window/],
    ['sum(rate(a[5m])) * 100', 'sum(rate(b[5m]))', /one is multiplied by 100, the other by 1/],
    ['sum by (x) (rate(a[5m]))', 'sum(rate(b[5m]))', /one is grouped by x, the other by nothing/],
    ['sum by (x) (rate(a[5m]))', 'sum by (y) (rate(b[5m]))', /one is grouped by x, the other by y/],
  ]
  for (const [part, total, problem] of table) {
    const [one, other] = [streamingCounters(part), streamingCounters(total)]
    assert.ok(one.kind === 'counters' && other.kind === 'counters', part)
    const found = pairProblem(one, other)
    if (problem === undefined) assert.equal(found, undefined, part)
    else assert.match(found ?? '', problem)
  }
})
