import * as fc from 'fast-check'
import { type EvidenceSettings, standardEvidence } from '../../src/core/model/evidence-settings.ts'
import type { Formula } from '../../src/core/model/formula.ts'
import type { Indicator, Signal } from '../../src/core/model/indicator.ts'
import { type Labels, labelsOf, noLabels } from '../../src/core/model/labels.ts'
import { ratioIndicator } from '../../src/core/model/ratio-indicator.ts'
import { type Rational, rational } from '../../src/core/model/rational.ts'
import type { CounterExpression, Matcher, Selector } from '../../src/core/model/selector.ts'
import {
  type AlertPolicy,
  type AlertRule,
  type DataPolicy,
  defaultDataPolicy,
  type PastObjective,
  type RegionSettings,
  type Slo,
  type SloWindow,
} from '../../src/core/model/slo.ts'
import { dayMs, hourMs, minuteMs } from '../../src/core/model/units.ts'
import { checkFormula } from '../../src/core/sli/check-formula.ts'
import { builtInPolicies } from '../../src/rules/built-in-policies.ts'
import { conditionFormulas, numberFormulas, signalNames } from '../core/sli/formula-arbitraries.ts'

/** SLOs and policies that files can say, in any of their forms, without mistakes that are errors. */
export interface DrawnRules {
  readonly policies: readonly AlertPolicy[]
  readonly slos: readonly Slo[]
}

const labelName = fc.constantFrom('team', 'tier', 'on', 'null', '_x1', 'constructor', 'a_rather_long_label_name')
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'yes',
    '~',
    '1e3',
    '2026-10-01',
    ': #',
    '- a',
    '{a}',
    "it's",
    '"',
    '\n\n x\n',
    ' ',
    '0x1f',
    '&a',
    '*a',
    '|',
  ),
)
const labels: fc.Arbitrary<Labels> = fc
  .dictionary(
    labelName,
    text.filter((value) => value !== ''),
    { maxKeys: 3 },
  )
  .map((entries) => labelsOf(Object.entries(entries)))

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9._-]{0,20}[a-z0-9])?$/)

/** Percentages above 0 and below 100 with up to 14 decimal places, as ratios. */
const objective: fc.Arbitrary<Rational> = fc
  .tuple(fc.bigInt(1n, 10n ** 16n - 1n), fc.nat(14))
  .map(([digits, places]) => {
    const scale = 10n ** BigInt(places)
    return rational((digits % (100n * scale - 1n)) + 1n, 100n * scale)
  })

const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({
    label: fc.oneof(labelName, fc.constantFrom('job', 'le', 'k8s.pod name')),
    operator: fc.constantFrom('=' as const, '!=' as const),
    value: fc.oneof(fc.constantFrom('0.5', '1.0', '+Inf', 'a'), text),
  }),
  fc.record({
    label: labelName,
    operator: fc.constantFrom('=~' as const, '!~' as const),
    value: fc.constantFrom('5..', 'a|b', '.+', '(?i)x', '\\d+\\.', ''),
  }),
)

const metricName = fc.constantFrom(
  'http_requests_total',
  'a:b:c',
  'http.server.requests',
  'x_bucket',
  'x_seconds_count',
)

const selector: fc.Arbitrary<Selector> = fc
  .tuple(metricName, fc.array(matcher, { maxLength: 3 }))
  .map(([value, matchers]) => ({ matchers: [{ label: '__name__', operator: '=', value }, ...matchers] }))

const counters: fc.Arbitrary<CounterExpression> = fc
  .array(fc.record({ sign: fc.constantFrom(1 as const, -1 as const), selector }), { minLength: 1, maxLength: 3 })
  .map((terms) => ({ terms }))

const signals: fc.Arbitrary<readonly Signal[]> = fc
  .array(counters, { minLength: signalNames.length, maxLength: signalNames.length })
  .map((all) => all.map((each, index) => ({ name: signalNames[index], counters: each })))

const numbers = numberFormulas.filter((formula) => checkFormula(formula, 'number', () => 0) === undefined)
const conditions = conditionFormulas.filter((formula) => checkFormula(formula, 'boolean', () => 0) === undefined)

/** `value` is the only signal that a threshold knows. */
function onOneSignal(formula: Formula): Formula {
  if (formula.kind === 'signal') return { kind: 'signal', signal: 0 }
  if (formula.kind === 'binary')
    return { ...formula, left: onOneSignal(formula.left), right: onOneSignal(formula.right) }
  if (formula.kind === 'call') return { ...formula, operands: formula.operands.map(onOneSignal) }
  return formula.kind === 'number' ? formula : { ...formula, operand: onOneSignal(formula.operand) }
}

const latency: fc.Arbitrary<Indicator> = fc
  .tuple(
    fc.constantFrom('h_seconds', 'h_ms', 'h'),
    fc.array(matcher, { maxLength: 2 }),
    fc.integer({ min: 1, max: 9e6 }),
  )
  .map(([histogram, matchers, bound]) => {
    const named = (suffix: string): Matcher => ({ label: '__name__', operator: '=', value: histogram + suffix })
    const le: Matcher = { label: 'le', operator: '=', value: String(bound / 1_000) }
    return ratioIndicator({
      good: counted([named('_bucket'), ...matchers, le]),
      total: counted([named('_count'), ...matchers]),
    })
  })

function counted(matchers: readonly Matcher[]): CounterExpression {
  return { terms: [{ sign: 1, selector: { matchers } }] }
}

const query = fc.constantFrom('sum(rate(a_total{x="#"}[$window]))', 'increase(b[$window]) / 3 > 0', 'up[$window:1m]')

/** Every indicator that stands by itself. */
const indicator: fc.Arbitrary<Indicator> = fc.oneof(
  fc.tuple(counters, counters).map(([bad, total]) => ratioIndicator({ bad, total })),
  fc.tuple(counters, counters).map(([good, total]) => ratioIndicator({ good, total })),
  latency,
  fc.record({ kind: fc.constant('events' as const), signals, bad: numbers, total: numbers }),
  fc.tuple(signals, numbers, numbers).map(([all, total, good]) => {
    const bad = { kind: 'binary', operator: '-', left: total, right: good } as const
    return { kind: 'events', signals: all, bad, total } as const
  }),
  fc.record({
    kind: fc.constant('threshold' as const),
    metric: selector,
    combine: fc.constantFrom('max' as const, 'min' as const, 'mean' as const, 'sum' as const),
    good: conditions.map(onOneSignal).filter((good) => checkFormula(good, 'boolean', () => 0) === undefined),
  }),
  fc.tuple(fc.integer({ min: 1, max: 1e9 }), signals, fc.oneof(conditions, numbers)).map(([sliceMs, all, good]) => {
    const isCondition = checkFormula(good, 'boolean', () => 0) === undefined
    return { kind: 'slices', sliceMs, signals: all, good, method: isCondition ? 'slices' : 'ratio-slices' } as const
  }),
  fc
    .tuple(fc.constantFrom('bad' as const, 'good' as const), query, query)
    .map(([given, asked, total]) => ({ kind: 'query', given, query: asked, total }) as const),
  query.map((asked) => ({ kind: 'query', given: 'error-ratio', query: asked, total: null }) as const),
)

const window: fc.Arbitrary<SloWindow> = fc.oneof(
  fc.integer({ min: 4 * dayMs, max: 800 * dayMs }).map((durationMs) => ({ kind: 'rolling' as const, durationMs })),
  fc.record({
    kind: fc.constant('calendar' as const),
    unit: fc.constantFrom('week' as const, 'month' as const, 'quarter' as const, 'year' as const),
    timeZone: fc.constantFrom('UTC', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'),
  }),
)

const region = fc.oneof(
  fc.constantFrom('eu-west-1', 'us', '1', 'null', 'a/b~c'),
  text.filter((each) => each !== '' && each !== 'global'),
)

const regions: fc.Arbitrary<RegionSettings> = fc
  .tuple(
    fc.constantFrom('region', 'cloud_region'),
    fc.uniqueArray(region, { maxLength: 3 }),
    fc.constantFrom('events' as const, 'worst' as const, 'mean' as const, 'none' as const),
    fc.array(fc.tuple(region, objective), { maxLength: 2 }),
  )
  .map(([label, expected, global, drawn]) => {
    const known = drawn.map(([each, target], at) => [expected[at] ?? each, target] as const)
    const isExpected = (each: string): boolean => expected.length === 0 || expected.includes(each)
    return { label, expected, global, objectives: new Map(known.filter(([each]) => isExpected(each))) }
  })

const severityOrOff = fc.constantFrom('page' as const, 'ticket' as const, 'off' as const)

const data: fc.Arbitrary<DataPolicy> = fc.oneof(
  fc.constant(defaultDataPolicy),
  fc.record({
    unseen: fc.constantFrom('hold' as const, 'bad' as const, 'good' as const, 'ignore' as const),
    blind: fc.record({ severity: severityOrOff, afterMs: fc.integer({ min: 1, max: dayMs }) }),
    trafficGone: severityOrOff,
    forgetRegionAfterMs: fc.integer({ min: 1, max: 400 * dayMs }),
  }),
)

const rule: fc.Arbitrary<AlertRule> = fc.record({
  severity: fc.constantFrom('page' as const, 'ticket' as const),
  longMs: fc.integer({ min: hourMs, max: 4 * dayMs }),
  shortMs: fc.integer({ min: 1, max: hourMs - 1 }),
  threshold: fc.oneof(
    objective.map((budgetShare) => ({ budgetShare })),
    objective.map((burnRate) => ({ burnRate })),
    fc.bigInt(1n, 10n ** 20n).map((digits) => ({ burnRate: rational(digits, 1_000n) })),
  ),
})

/** Percentages with one place, which doubles hold as the file's digits do. */
const share = fc.integer({ min: 0, max: 1_000 }).map((permille) => permille / 10 / 100)
const above = (least: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: 5_000 }).map((more) => least + more / 8)
const span = fc.integer({ min: 1, max: 400 * dayMs })

const evidence: fc.Arbitrary<EvidenceSettings> = fc.oneof(
  fc.constant(standardEvidence),
  fc.record({
    falseAlarmEveryMs: span,
    nullBurnRate: fc.constantFrom(1.5, 2, 3),
    burnRates: fc.array(above(3), { minLength: 1, maxLength: 6 }),
    clumps: fc.record({
      needed: above(1),
      belowFailures: above(0),
      lengthMs: fc.oneof(fc.constant('auto' as const), span),
      burstMs: span,
      burstAbove: above(1),
    }),
    dispersion: fc.record({
      blockMs: span,
      prior: above(0),
      priorWeight: above(0),
      perBlockMax: above(0),
      max: above(1),
      skipAfterMs: span,
      halvedEveryMs: span,
    }),
    materiality: share,
    recovery: fc.record({ burnRate: above(1), odds: above(1) }),
    hold: fc.record({
      forMs: fc.array(fc.oneof(fc.constant(0), span), { minLength: 1, maxLength: 10 }),
      againWithinMs: fc.oneof(fc.constant(0), span),
    }),
    dark: fc.option(
      fc.record({
        afterMs: fc.integer({ min: 5 * minuteMs, max: 400 * dayMs }),
        budgetShare: share,
        eventsMin: above(0),
      }),
    ),
    ticketOdds: above(1),
  }),
)

const policy: fc.Arbitrary<AlertPolicy> = fc
  .record({
    name: name.filter((each) => builtInPolicies.every((builtIn) => builtIn.name !== each)),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    forMs: fc.oneof(fc.constant(0), fc.nat(10 * minuteMs)),
    keepFiringForMs: fc.oneof(fc.constant(0), fc.nat(10 * minuteMs)),
    evidence: fc.option(evidence, { nil: undefined }),
  })
  .map(({ evidence: weighed, ...plain }) => (weighed === undefined ? plain : { ...plain, evidence: weighed }))

const severityAlerting = fc.record({
  labels,
  receivers: fc.uniqueArray(
    text.filter((each) => each !== ''),
    { maxLength: 2 },
  ),
})
const nothingAdded = { labels: noLabels, receivers: [] }

const history: fc.Arbitrary<readonly PastObjective[]> = fc
  .uniqueArray(fc.tuple(objective, fc.integer({ min: 0, max: 4e12 })), { maxLength: 2, selector: ([, until]) => until })
  .map((drawn) => drawn.toSorted(([, a], [, b]) => a - b).map(([target, until]) => ({ objective: target, until })))

function slo(policies: readonly AlertPolicy[]): fc.Arbitrary<Slo> {
  return fc
    .record({
      name,
      service: fc.stringMatching(/^[^\n]{1,30}$/).filter((each) => each !== ''),
      description: text,
      labels,
      links: fc.constantFrom({}, { runbook: 'https://r.example/a#b' }, { dashboard: 'http://d.example/?q=1' }),
      objective,
      pastObjectives: history,
      window,
      indicator,
      regions,
      data,
      policy: fc.constantFrom(...builtInPolicies, ...policies),
      alertLabels: labels,
      severities: fc.record({ page: fc.boolean(), ticket: fc.boolean() }),
      bySeverity: fc.record({ page: severityAlerting, ticket: severityAlerting }),
      groupBy: fc.uniqueArray(labelName, { maxLength: 3 }),
    })
    .map(({ links, policy: named, alertLabels, severities, bySeverity, groupBy, ...rest }) => ({
      ...rest,
      ...links,
      groupBy: rest.indicator.kind === 'query' ? [] : groupBy,
      group: noLabels,
      alerting: {
        policy: named,
        labels: alertLabels,
        severities,
        bySeverity: {
          page: severities.page ? bySeverity.page : nothingAdded,
          ticket: severities.ticket ? bySeverity.ticket : nothingAdded,
        },
      },
      at: { file: 'a.yaml', line: 1, column: 1 },
    }))
}

/** Makes the last SLO a composite of the first two. */
function withComposite(slos: readonly Slo[], combine: 'weighted' | 'worst' | 'all', weight: number): readonly Slo[] {
  if (slos.length < 3) return slos
  const members = slos.slice(0, 2).map((member) => ({ ...member, groupBy: [] }))
  const of = members.map((member, index) => ({
    slo: member.name,
    weight: index === 0 && combine === 'weighted' ? weight : 1,
  }))
  const composite = { ...slos[2], groupBy: [], indicator: { kind: 'composite', combine, of } as const }
  return [...members, composite, ...slos.slice(3)]
}

/** Whole rule sets: policies, SLOs of every kind that use them or the built-in ones, and composites. */
export const drawnRules: fc.Arbitrary<DrawnRules> = fc
  .uniqueArray(policy, { maxLength: 2, selector: (each) => each.name })
  .chain((policies) =>
    fc
      .tuple(
        fc.uniqueArray(slo(policies), { minLength: 1, maxLength: 4, selector: (each) => each.name }),
        fc.constantFrom('weighted' as const, 'worst' as const, 'all' as const),
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
      )
      .map(([slos, combine, weight]) => ({ policies, slos: withComposite(slos, combine, weight) })),
  )
