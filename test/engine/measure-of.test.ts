import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measure } from '../../src/core/model/notification.ts'
import { measureOf } from '../../src/engine/measure-of.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'

/** Every kind of indicator that rule files know, as they write it, and what it counts. */
const written: readonly (readonly [string, Measure])[] = [
  ['ratio: { bad: a_total, total: b_total }', { kind: 'requests' }],
  [
    "expression: { signals: { e: a_total, s: b_total, all: c_total }, bad: 'e + s', total: 'all' }",
    { kind: 'requests' },
  ],
  ['latency: { histogram: request_seconds, below: 300ms }', { kind: 'slow', aboveMs: 300 }],
  ['latency: { histogram: request_duration_milliseconds, below: 2s }', { kind: 'slow', aboveMs: 2_000 }],
  ['threshold: { metric: lag_seconds, good: value < 3 }', { kind: 'time' }],
  [
    "timeSlices: { slice: 1m, good: 'bad / total <= 0.01', signals: { bad: a_total, total: b_total } }",
    { kind: 'slices', sliceMs: 60_000 },
  ],
  ["query: { bad: 'sum(increase(a_total[$window]))', total: 'sum(increase(b_total[$window]))' }", { kind: 'requests' }],
]

for (const [text, measure] of written) {
  test(`what is counted by ${text.slice(0, 40)}… is ${measure.kind}`, async () => {
    assert.deepEqual(measureOf((await parsed(text)).indicator), measure)
  })
}

test('members put together, and a query that answers a share, have shares and no counts', async () => {
  const { indicator } = await parsed(
    'composite: { combine: weighted, of: [{ slo: other, weight: 1 }, { slo: third, weight: 1 }] }',
  )
  assert.deepEqual(measureOf(indicator), { kind: 'shares' })
  assert.deepEqual(measureOf({ kind: 'query', given: 'error-ratio', query: 'x', total: null }), { kind: 'shares' })
})

async function parsed(indicator: string) {
  const text = ['shop', 'other', 'third']
    .map((name) => {
      const own = name === 'shop' ? indicator : 'ratio: { bad: x_total, total: y_total }'
      const spec = `spec: { service: s, objective: 99.9, window: 30d, indicator: { ${own} } }`
      return `apiVersion: sloburn/v1\nkind: SLO\nmetadata: { name: ${name} }\n${spec}\n`
    })
    .join('---\n')
  const { slos, problems } = await parseRules([{ name: 'a.yaml', text }])
  const slo = slos.find(({ name }) => name === 'shop')
  assert.ok(slo !== undefined, JSON.stringify(problems))
  return slo
}
