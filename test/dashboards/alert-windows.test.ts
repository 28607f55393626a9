import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertWindows } from '../../src/dashboards/alert-windows.ts'
import { ruleFacts } from '../../src/dashboards/rule-facts.ts'
import { shippedSlos } from '../support/dashboard-inputs.ts'

test('the windows of the SRE Workbook are those that its rules look at', async () => {
  const slos = await shippedSlos('rules/examples/checkout-availability.yaml')
  assert.deepEqual(alertWindows(slos), {
    columns: ['5m', '30m', '1h', '2h', '6h', '1d', '3d'],
    first: '5m',
    fast: '1h',
    slow: '3d',
    burnRates: [1, 3, 6, 14.4],
  })
})

test('policies of other windows have theirs, and files that mix policies have both', async () => {
  const demo = await shippedSlos('rules/demo')
  assert.deepEqual(alertWindows(demo).columns, ['1m', '2m', '5m', '10m'])
  const { first, fast, slow, columns } = alertWindows([
    ...demo,
    ...(await shippedSlos('rules/examples/checkout-availability.yaml')),
  ])
  assert.deepEqual({ first, fast, slow }, { first: '1m|5m', fast: '5m|1h', slow: '10m|3d' })
  assert.equal(columns.length, 7)
})

test('tells bad events from good ones, and one failure from another by what the rule looks at', async () => {
  const { errors, requestSlos } = ruleFacts(await shippedSlos('rules/demo'), [])
  assert.deepEqual(requestSlos, ['shop-checkout', 'shop-catalogue'])
  assert.deepEqual(
    errors.map(({ slo, by }) => [slo, by]),
    [
      ['shop-checkout', ['code']],
      ['shop-catalogue', ['code']],
    ],
  )
  const { latencies, errors: others } = ruleFacts(await shippedSlos('rules/active-active/prometheus.yaml'), ['a'])
  assert.deepEqual(
    latencies.map(({ bound, unitsPerSecond }) => [bound, unitsPerSecond]),
    [[500, 1_000]],
  )
  assert.doesNotMatch(JSON.stringify(others), /_bucket/, 'requests that were fast enough are no failures')
})
