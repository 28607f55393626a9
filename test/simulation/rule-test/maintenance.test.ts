import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { codesOf, fastBurn, runText } from './told-story.ts'

const slo = `{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: checkout }, spec: { service: shop, objective: 99.9, window: 30d,
  indicator: { ratio: { bad: 'errors_total{service="checkout"}', total: 'requests_total{service="checkout"}' } },
  alerting: { policy: fast } } }
---
{ apiVersion: sloburn/v1, kind: AlertPolicy, metadata: { name: fast }, spec: { evidence: off,
  rules: [{ severity: page, long: 1h, short: 5m, burnRate: 14.4 }] } }`

/** The burn of the story pages at 1h8m45s and resolves at 1h14m30s; the maintenance lasts from 00:30. */
function maintenance(to: string, effect: string): string {
  return `{ apiVersion: sloburn/v1, kind: Maintenance, metadata: { name: upgrade }, spec: { from: 2026-01-01T00:30:00Z,
  to: ${to}, author: ada, reason: upgrade, ${effect} } }`
}

async function codesUnder(maintenances: readonly string[], expect: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-rule-test-'))
  try {
    const rules = join(folder, 'rules.yaml')
    await writeFile(rules, [slo, ...maintenances].join('\n---\n'))
    const lines = ['every: 1m', 'routes: [{ match: { severity: page }, receivers: [oncall] }]', 'alerts: listed']
    const series = ['series:', ...fastBurn.map((line) => `  ${line}`)]
    const text = [`rules: ${rules}`, ...lines, ...series, 'expect:', ...expect.map((item) => `  - ${item}`), '']
    return codesOf(await runText(text.join('\n')))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const counted = '{ at: 1h59m, budgets: [{ slo: checkout, bad: 1000, total: 119119 }] }'
const told = '{ at: 1h8m45s, page: { slo: checkout, scope: global, receiver: oncall } }'
const untold = '{ at: 1h8m45s, page: { slo: checkout, scope: global, receiver: [] } }'

test('a page within a maintenance that mutes fires and is told to nobody', async () => {
  const muted = [maintenance('2026-01-01T02:00:00Z', 'mute: true')]
  assert.deepEqual(await codesUnder(muted, [untold]), [])
  assert.deepEqual(await codesUnder(muted, [told]), ['TEST_RECEIVERS'])
  assert.deepEqual(await codesUnder([], [told]), [])
  assert.deepEqual(await codesUnder([], [untold]), ['TEST_RECEIVERS'])
})

test('a page that burns on when the maintenance ends is told then', async () => {
  const short = [maintenance('2026-01-01T01:10:00Z', 'mute: true')]
  assert.deepEqual(await codesUnder(short, [told]), [])
})

test('what is excluded is in no budget and still pages; both at once neither counts nor pages', async () => {
  const excluded = [maintenance('2026-01-01T02:00:00Z', 'mute: false, excludeFromBudget: true')]
  const left = '{ at: 1h59m, budgets: [{ slo: checkout, bad: 0, total: 30030 }] }'
  assert.deepEqual(await codesUnder(excluded, [left, told]), [])
  assert.deepEqual(await codesUnder([], [counted]), [])
  assert.deepEqual(await codesUnder(excluded, [counted]), ['TEST_FIGURE', 'TEST_FIGURE'])
  const both = [maintenance('2026-01-01T02:00:00Z', 'mute: true, excludeFromBudget: true')]
  assert.deepEqual(await codesUnder(both, [left, '{ at: 1h10m, none: true }']), [])
  assert.deepEqual(await codesUnder(both, [told]), ['TEST_NOT_FIRED'])
})
