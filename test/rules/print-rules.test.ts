import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatProblem } from '../../src/core/model/problem.ts'
import { rational } from '../../src/core/model/rational.ts'
import { parseRules, type RuleSet } from '../../src/rules/parse-rules.ts'
import { exactDecimal } from '../support/rule-printing/exact-decimal.ts'
import { printRules, type RuleDocument } from '../support/rule-printing/print-rules.ts'
import { drawnRules } from './rule-arbitraries.ts'
import { withoutPlace } from './without-place.ts'

test('reading what was written gives the same rules, and writing them again the same text', async () => {
  const kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(drawnRules, async ({ policies, slos }) => {
      const text = printRules(documentsOf({ policies, slos }))
      const read = await parse(text)
      // Drawn objects have no prototype, which a copy of theirs has.
      assert.deepEqual(read.policies, structuredClone(policies))
      assert.deepEqual(read.slos.map(withoutPlace), structuredClone(slos.map(withoutPlace)))
      assert.equal(printRules(documentsOf(read)), text)
      for (const { indicator } of slos) kinds.add(indicator.kind)
    }),
    { numRuns: 300 },
  )
  assert.deepEqual([...kinds].sort(), ['composite', 'events', 'query', 'slices', 'threshold'])
})

test('writes documents as people do, and leaves out what is so by itself', async () => {
  const { slos, policies } = await parse(everyday)
  assert.equal(printRules(documentsOf({ policies, slos })), everyday)
})

test('writes what is allowed, with the reason', async () => {
  const { slos } = await parse(everyday)
  const allow = new Map([['RULE_NEVER_FIRES', 'as the vendor promises: 90 %']] as const)
  const text = printRules([{ kind: 'SLO', slo: { ...slos[0], objective: rational(9n, 10n) }, allow }])
  assert.match(text, /\n {2}allow:\n {4}RULE_NEVER_FIRES: 'as the vendor promises: 90 %'\n$/)
  assert.deepEqual((await parseRules([{ name: 'a.yaml', text }])).problems, [])
})

test('refuses to write a fraction that no file can say', () => {
  assert.equal(exactDecimal(rational(-1n, 8n)), '-0.125')
  assert.equal(exactDecimal(rational(42n, 1n)), '42')
  assert.throws(() => exactDecimal(rational(1n, 3n)), RangeError)
})

const everyday = `apiVersion: sloburn/v1
kind: SLO
metadata:
  name: checkout
spec:
  service: checkout
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{job="checkout",code=~"5.."}
      total: http_requests_total{job="checkout"}
---
apiVersion: sloburn/v1
kind: SLO
metadata:
  name: search
spec:
  service: search
  objectives:
    - { percent: 99 }
    - { from: '2026-07-01', percent: 99.5 }
  window:
    calendar: month
    timeZone: Europe/London
  indicator:
    latency:
      histogram: http_request_duration_seconds{job="search"}
      below: 300ms
  regions:
    expected: [ eu, us ]
  groupBy: [ tenant ]
  alerting:
    policy: slow
    page: false
---
apiVersion: sloburn/v1
kind: AlertPolicy
metadata:
  name: slow
spec:
  rules:
    - { severity: page, long: 1h, short: 5m, budget: 2% }
    - { severity: ticket, long: 3d, short: 6h, burnRate: 1.5 }
  for: 1m
`

async function parse(text: string): Promise<RuleSet> {
  const rules = await parseRules([{ name: 'a.yaml', text }])
  const errors = rules.problems.filter(({ severity }) => severity === 'error')
  assert.deepEqual(errors.map(formatProblem), [], text)
  return rules
}

function documentsOf({ slos, policies }: Pick<RuleSet, 'slos' | 'policies'>): RuleDocument[] {
  return [
    ...slos.map((slo) => ({ kind: 'SLO', slo }) as const),
    ...policies.map((policy) => ({ kind: 'AlertPolicy', policy }) as const),
  ]
}
