import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../../src/core/model/labels.ts'
import { formatProblem } from '../../src/core/model/problem.ts'
import { rational } from '../../src/core/model/rational.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'

const standard = `apiVersion: sloburn/v1
kind: Defaults
spec:
  service: shop
  objective: 99.9
  window: { calendar: month, timeZone: Europe/London }
  labels: { team: shop, tier: gold }
  runbook: https://runbooks.example.com/shop
  regions: { label: cloud_region, expected: [eu, us], objectives: { eu: 99 } }
  alerting: { page: { labels: { escalate: 'yes' }, receivers: [oncall] }, labels: { channel: shop } }
`

test('an SLO has from the defaults of its file what it does not say itself', async () => {
  const slo = await merged('')
  assert.equal(slo.service, 'shop')
  assert.deepEqual(slo.objective, rational(999n, 1000n))
  assert.deepEqual(slo.window, { kind: 'calendar', unit: 'month', timeZone: 'Europe/London' })
  assert.equal(slo.runbook, 'https://runbooks.example.com/shop')
  assert.deepEqual(slo.regions, {
    label: 'cloud_region',
    expected: ['eu', 'us'],
    global: 'events',
    objectives: new Map([['eu', rational(99n, 100n)]]),
  })
  assert.deepEqual(slo.alerting.bySeverity.page, { labels: labelsOf([['escalate', 'yes']]), receivers: ['oncall'] })
})

test('mappings are merged key by key, to any depth', async () => {
  const slo = await merged(`
  labels: { tier: silver }
  regions: { objectives: { us: 98 }, global: none }
  alerting: { page: { labels: { loud: 'no' } }, labels: { room: x } }`)
  assert.deepEqual(
    slo.labels,
    labelsOf([
      ['team', 'shop'],
      ['tier', 'silver'],
    ]),
  )
  assert.deepEqual([...slo.regions.objectives.keys()], ['eu', 'us'])
  assert.deepEqual([slo.regions.label, slo.regions.global], ['cloud_region', 'none'])
  assert.deepEqual(
    slo.alerting.bySeverity.page.labels,
    labelsOf([
      ['escalate', 'yes'],
      ['loud', 'no'],
    ]),
  )
  assert.deepEqual([...slo.alerting.labels.keys()], ['channel', 'room'])
})

test('lists, texts, numbers and switches stand in place of the default', async () => {
  const slo = await merged(`
  service: other
  objective: 99
  window: 7d
  regions: { expected: [eu] }
  alerting: { page: false }`)
  assert.equal(slo.service, 'other')
  assert.deepEqual(slo.objective, rational(99n, 100n))
  assert.deepEqual(slo.window, { kind: 'rolling', durationMs: 7 * 86_400_000 })
  assert.deepEqual(slo.regions.expected, ['eu'])
  assert.equal(slo.alerting.severities.page, false)
  assert.deepEqual(slo.alerting.bySeverity.page.receivers, [])
})

test('objectives of regions that an SLO does not have are none of its concern', async () => {
  const slo = await merged('\n  regions: { expected: [us, ap], objectives: { ap: 98 } }')
  assert.deepEqual([...slo.regions.objectives.keys()], ['ap'])
})

test('an empty groupBy is one SLO in a file that divides the others', async () => {
  const divided = standard.replace('  service: shop', '  service: shop\n  groupBy: [tenant]')
  assert.deepEqual((await onlySlo(`${divided}---\n${document('')}`)).groupBy, ['tenant'])
  assert.deepEqual((await onlySlo(`${divided}---\n${document('\n  groupBy: []')}`)).groupBy, [])
})

test('a calendar period of its own is in the time zone of the file', async () => {
  const slo = await merged('\n  window: { calendar: quarter }')
  assert.deepEqual(slo.window, { kind: 'calendar', unit: 'quarter', timeZone: 'Europe/London' })
})

test('objectives with history stand in place of the objective of the file', async () => {
  const slo = await merged('\n  objectives: [{ percent: 99 }, { from: 2026-07-01, percent: 99.5 }]')
  assert.deepEqual(slo.objective, rational(995n, 1000n))
  // British summer time: midnight is at 23:00 UTC.
  assert.deepEqual(slo.pastObjectives, [{ objective: rational(99n, 100n), until: Date.parse('2026-06-30T23:00:00Z') }])
})

test('labels of the file give way to those of the SLO, also to its metadata.labels', async () => {
  const text = document('').replace('{ name: a }', '{ name: a, labels: { team: pay, tier: bronze } }')
  const slo = await onlySlo(`${standard}---\n${text.replace('spec:', 'spec:\n  labels: { tier: silver }')}`)
  assert.deepEqual(
    slo.labels,
    labelsOf([
      ['team', 'pay'],
      ['tier', 'silver'],
    ]),
  )
})

test('defaults reach the SLOs before and after them, and no other file', async () => {
  const text = `${document('')}---\n${standard}---\n${document('').replace('name: a', 'name: b')}`
  const elsewhere = document('').replace('name: a', 'name: c')
  const { slos, problems } = await parseRules([
    { name: 'one.yaml', text },
    { name: 'two.yaml', text: elsewhere },
  ])
  assert.deepEqual(
    slos.map(({ name, service }) => [name, service]),
    [
      ['a', 'shop'],
      ['b', 'shop'],
    ],
  )
  assert.deepEqual(
    problems.map(({ code, at }) => `${at.file} ${code} ${at.path}`),
    ['two.yaml MISSING_KEY /spec/objective', 'two.yaml MISSING_KEY /spec/service', 'two.yaml MISSING_KEY /spec/window'],
  )
})

test('what is wrong in an SLO is shown there, and what is wrong in a default at the default', async () => {
  const text = `${standard.replace('[eu, us]', '[eu, us, eu]')}---\n${document('\n  regions: { label: a-b }')}`
  const { problems } = await parseRules([{ name: 'a.yaml', text }])
  assert.deepEqual(
    problems.map(({ code, at }) => `${at.line}:${at.column} ${code} ${at.path}`),
    ['9:54 WRONG_VALUE /spec/regions/expected/2', '16:21 RULE_LABEL_NAME /spec/regions/label'],
  )
})

test('a key __proto__ in a default is unknown as everywhere', async () => {
  const text = `${standard.replace('labels: { team', '__proto__: { a: 1 }\n  labels: { team')}---\n${document('')}`
  const { problems } = await parseRules([{ name: 'a.yaml', text }])
  assert.deepEqual(
    problems.map(({ code, at }) => `${at.line} ${code}`),
    ['7 UNKNOWN_KEY'],
  )
})

function document(spec: string): string {
  return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: a }
spec:${spec}
  indicator: { ratio: { bad: b_total, total: t_total } }
`
}

async function merged(spec: string): Promise<Slo> {
  return onlySlo(`${standard}---\n${document(spec)}`)
}

async function onlySlo(text: string): Promise<Slo> {
  const { slos, problems } = await parseRules([{ name: 'a.yaml', text }])
  assert.deepEqual(problems.map(formatProblem), [])
  assert.equal(slos.length, 1)
  return slos[0]
}
