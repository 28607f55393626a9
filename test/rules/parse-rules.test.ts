import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standardEvidence } from '../../src/core/model/evidence-settings.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import { rational } from '../../src/core/model/rational.ts'
import { defaultDataPolicy, type Slo } from '../../src/core/model/slo.ts'
import { printCounters } from '../../src/core/sli/print-counters.ts'
import { parseRules, type RuleSet } from '../../src/rules/parse-rules.ts'

const smallest = `apiVersion: sloburn/v1
kind: SLO
metadata:
  name: checkout-availability
spec:
  service: checkout
  objective: 99.9                 # percent
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{job="checkout",code=~"5.."}
      total: http_requests_total{job="checkout"}
`

test('fills in every default of the smallest SLO', async () => {
  const slo = await onlySlo(smallest)
  const { indicator, alerting, at, ...rest } = slo
  assert.deepEqual(rest, {
    name: 'checkout-availability',
    service: 'checkout',
    description: '',
    labels: new Map(),
    objective: rational(999n, 1000n),
    pastObjectives: [],
    groupBy: [],
    group: new Map(),
    window: { kind: 'rolling', durationMs: 30 * 86_400_000 },
    regions: { label: 'region', expected: [], global: 'events', objectives: new Map() },
    data: defaultDataPolicy,
  })
  assert.equal(indicator.kind, 'events')
  assert.deepEqual(signals(slo), {
    bad: 'http_requests_total{job="checkout",code=~"5.."}',
    total: 'http_requests_total{job="checkout"}',
  })
  assert.deepEqual(alerting.severities, { page: true, ticket: true })
  assert.deepEqual(alerting.labels, new Map())
  assert.deepEqual(at, { file: 'a.yaml', line: 4, column: 9, path: '/metadata/name' })
})

test('alerts by the rules of the SRE Workbook, with evidence, when no policy is named', async () => {
  const { name, rules, keepFiringForMs, evidence } = (await onlySlo(smallest)).alerting.policy
  assert.equal(name, 'standard')
  assert.equal(evidence, standardEvidence)
  assert.equal(keepFiringForMs, 0)
  const minute = 60_000
  assert.deepEqual(rules, [
    { severity: 'page', longMs: 60 * minute, shortMs: 5 * minute, threshold: { budgetShare: rational(1n, 50n) } },
    { severity: 'page', longMs: 360 * minute, shortMs: 30 * minute, threshold: { budgetShare: rational(1n, 20n) } },
    {
      severity: 'ticket',
      longMs: 1_440 * minute,
      shortMs: 120 * minute,
      threshold: { budgetShare: rational(1n, 10n) },
    },
    {
      severity: 'ticket',
      longMs: 4_320 * minute,
      shortMs: 360 * minute,
      threshold: { budgetShare: rational(1n, 10n) },
    },
  ])
})

test('reads everything an SLO can say', async () => {
  const slo = await onlySlo(`apiVersion: sloburn/v1
kind: SLO
metadata: { name: p.1_x-y, labels: { team: ops, tier: "1" } }
spec:
  service: payments
  description: Card authorizations.
  labels: { team: payments }
  runbook: https://runbooks.example.com/p
  dashboard: http://grafana.example.com/d/1
  objective: 99.95%
  window: 4w
  indicator: { ratio: { good: 'ok_total + declined_total', total: all_total } }
  regions: { label: cloud_region, expected: [eu, us], global: none, objectives: { eu: 99 } }
  groupBy: [namespace, cluster]
  alerting:
    policy: standard
    page: { labels: { escalate: "true" }, receivers: [oncall, phone] }
    ticket: false
    labels: { channel: pay }
`)
  assert.deepEqual(
    slo.labels,
    labelsOf([
      ['team', 'payments'],
      ['tier', '1'],
    ]),
  )
  assert.deepEqual(slo.objective, rational(9995n, 10000n))
  assert.deepEqual(slo.window, { kind: 'rolling', durationMs: 28 * 86_400_000 })
  assert.equal(slo.runbook, 'https://runbooks.example.com/p')
  assert.equal(slo.dashboard, 'http://grafana.example.com/d/1')
  assert.deepEqual(signals(slo), { good: 'ok_total + declined_total', total: 'all_total' })
  assert.deepEqual(slo.regions, {
    label: 'cloud_region',
    expected: ['eu', 'us'],
    global: 'none',
    objectives: new Map([['eu', rational(99n, 100n)]]),
  })
  assert.deepEqual(slo.alerting.severities, { page: true, ticket: false })
  assert.deepEqual(slo.alerting.labels, labelsOf([['channel', 'pay']]))
  assert.deepEqual(slo.alerting.bySeverity, {
    page: { labels: labelsOf([['escalate', 'true']]), receivers: ['oncall', 'phone'] },
    ticket: { labels: new Map(), receivers: [] },
  })
  assert.deepEqual(slo.groupBy, ['namespace', 'cluster'])
  assert.equal(slo.alerting.policy.name, 'standard')
})

for (const [written, numerator, denominator] of [
  ['99.9', 999n, 1000n],
  ['99.90', 999n, 1000n],
  ['"99.9"', 999n, 1000n],
  ['99.9%', 999n, 1000n],
  ['99.9 %', 999n, 1000n],
  ['99.999999999999', 999999999999990n, 1000000000000000n],
  ['9.99e1', 999n, 1000n],
  ['99', 99n, 100n],
] as const) {
  test(`reads the objective ${written} digit by digit`, async () => {
    assert.deepEqual(
      (await onlySlo(smallest.replace('99.9  ', `${written}  `))).objective,
      rational(numerator, denominator),
    )
  })
}

test('reads a policy with budgets, burn rates and the time to keep firing', async () => {
  const { policies, slos } = await parsed({
    'policy.yaml': `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: mine }
spec:
  rules:
    - { severity: page, long: 1h, short: 5m, budget: 2.5% }
    - { severity: ticket, long: 1d, short: 2h, burnRate: 14.4 }
    - { severity: ticket, long: 3d, short: 6h, burnRate: "1e-1" }
  for: 2m
  keepFiringFor: 10m
  evidence: off
`,
    'slo.yaml': smallest.replace('  indicator', '  alerting: { policy: mine }\n  indicator'),
  })
  assert.deepEqual(
    policies[0].rules.map(({ threshold }) => threshold),
    [{ budgetShare: rational(1n, 40n) }, { burnRate: rational(72n, 5n) }, { burnRate: rational(1n, 10n) }],
  )
  assert.equal(policies[0].evidence, undefined)
  assert.equal(policies[0].forMs, 120_000)
  assert.equal(policies[0].keepFiringForMs, 600_000)
  assert.equal(slos[0].alerting.policy, policies[0])
})

test('reads several documents of one file, JSON, anchors and block text', async () => {
  const second = JSON.stringify(
    {
      apiVersion: 'sloburn/v1',
      kind: 'SLO',
      metadata: { name: 'b' },
      spec: { service: 's', objective: 99.5, window: '7d', indicator: { ratio: { good: 'g', total: 't' } } },
    },
    undefined,
    '\t',
  )
  const { slos } = await parsed({
    'a.yaml': `# only a comment\n---\n${smallest}---\n---\n${smallest
      .replace('checkout-availability', 'other')
      .replace('bad: http', 'bad: &x http')
      .replace(
        /total: .*\n/,
        'total: |\n        http_requests_total{job="checkout"}  # all\n        + other_total\n',
      )}`,
    'b.json': second,
  })
  assert.deepEqual(
    slos.map(({ name }) => name),
    ['checkout-availability', 'other', 'b'],
  )
  assert.deepEqual(slos[2].objective, rational(995n, 1000n))
  assert.equal(signals(slos[1])['total'], 'http_requests_total{job="checkout"} + other_total')
})

test('reads a YAML alias as the value it stands for, and points at it there', async () => {
  const text = smallest.replace('bad: http', 'bad: &counter http').replace(/total: .*/, 'total: *counter')
  assert.equal(signals(await onlySlo(text))['total'], 'http_requests_total{job="checkout",code=~"5.."}')
})

test('points at a policy reference even where its SLO has another mistake', async () => {
  const { problems } = await parseRules([
    {
      name: 'a.yaml',
      text: smallest.replace('30d', '30').replace('  indicator', '  alerting: { policy: nix }\n  indicator'),
    },
  ])
  assert.deepEqual(problems.map(({ code }) => code).sort(), ['RULE_UNKNOWN_POLICY', 'WRONG_TYPE'])
})

test('does not call a policy unknown that is declared and wrong', async () => {
  const { problems } = await parseRules([
    { name: 'a.yaml', text: smallest.replace('  indicator', '  alerting: { policy: p }\n  indicator') },
    { name: 'p.yaml', text: 'apiVersion: sloburn/v1\nkind: AlertPolicy\nmetadata: { name: p }\nspec: { rules: [] }\n' },
  ])
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['WRONG_VALUE'],
  )
})

test('keeps the good documents beside one that is wrong', async () => {
  const { slos, problems } = await parseRules([
    { name: 'a.yaml', text: smallest },
    { name: 'b.yaml', text: 'apiVersion: sloburn/v1\nkind: SLO\n' },
  ])
  assert.deepEqual(
    slos.map(({ name }) => name),
    ['checkout-availability'],
  )
  assert.equal(problems.length, 2)
})

test('lets an SLO have a short window when the severities with longer alert windows are off', async () => {
  const text = smallest.replace('30d', '12h').replace('  indicator', '  alerting: { ticket: false }\n  indicator')
  assert.equal((await onlySlo(text)).alerting.severities.ticket, false)
})

test('warns of a rule only where the threshold cannot be exceeded, to the last digit', async () => {
  // 14.4 x (1 - objective) is 1 at an objective of 1 - 1/14.4 = 93.0555… %.
  assert.deepEqual(await codesAt('93.06'), [])
  assert.deepEqual(await codesAt('93.05'), ['RULE_NEVER_FIRES'])
  assert.deepEqual(await codesAt('83.4'), ['RULE_NEVER_FIRES'])
  assert.deepEqual(await codesAt('83'), ['RULE_NEVER_FIRES', 'RULE_NEVER_FIRES'])
})

async function codesAt(objective: string): Promise<readonly string[]> {
  const { problems } = await parseRules([{ name: 'a.yaml', text: smallest.replace('99.9', objective) }])
  return problems.map(({ code }) => code)
}

async function parsed(files: Readonly<Record<string, string>>): Promise<RuleSet> {
  const rules = await parseRules(Object.entries(files).map(([name, text]) => ({ name, text })))
  assert.deepEqual(rules.problems, [])
  return rules
}

async function onlySlo(text: string): Promise<Slo> {
  const { slos } = await parsed({ 'a.yaml': text })
  assert.equal(slos.length, 1)
  return slos[0]
}

function signals({ indicator }: Slo): Record<string, string> {
  assert.equal(indicator.kind, 'events')
  if (indicator.kind !== 'events') return {}
  return Object.fromEntries(indicator.signals.map(({ name, counters }) => [name, printCounters(counters)]))
}

for (const [written, expected] of [
  ['', standardEvidence],
  ['  evidence: on\n', standardEvidence],
  ['  evidence: true\n', standardEvidence],
  ['  evidence: {}\n', standardEvidence],
  ['  evidence: false\n', undefined],
  ['  evidence: { materiality: 50%, dark: off }\n', { ...standardEvidence, materiality: 0.5, dark: null }],
  [
    '  evidence: { clumps: { length: 5m }, hold: { for: [0s, 10m] } }\n',
    {
      ...standardEvidence,
      clumps: { ...standardEvidence.clumps, lengthMs: 300_000 },
      hold: { ...standardEvidence.hold, forMs: [0, 600_000] },
    },
  ],
] as const) {
  test(`reads how a policy weighs evidence: ${written.trim() || 'nothing said'}`, async () => {
    const { policies } = await parsed({
      'policy.yaml': `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: mine }
spec:
  rules: [{ severity: page, long: 1h, short: 5m, budget: 2% }]
${written}`,
      'slo.yaml': smallest.replace('  indicator', '  alerting: { policy: mine }\n  indicator'),
    })
    assert.deepEqual(policies[0].evidence, expected)
  })
}
