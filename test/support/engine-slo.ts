import { labelsOf } from '../../src/core/model/labels.ts'
import { ratioIndicator } from '../../src/core/model/ratio-indicator.ts'
import { parseDecimal, type Rational } from '../../src/core/model/rational.ts'
import type { CounterExpression } from '../../src/core/model/selector.ts'
import type { AlertPolicy, AlertRule, Severity, Slo } from '../../src/core/model/slo.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What tests choose of an SLO; everything else is as a rule file leaves it. */
export interface SloChoices {
  readonly name?: string
  readonly objective?: string
  readonly windowDays?: number
  /** Metric names, or selectors as pairs of label and value. */
  readonly bad?: CounterExpression
  readonly good?: CounterExpression
  readonly total?: CounterExpression
  readonly rules?: readonly AlertRule[]
  readonly keepFiringForMs?: number
  readonly global?: 'events' | 'none'
  readonly expected?: readonly string[]
  readonly severities?: Readonly<Record<Severity, boolean>>
}

/** A ratio SLO over the counters `bad` and `total` under the workbook's policy, but for what is chosen otherwise. */
export function anSlo(choices: SloChoices = {}): Slo {
  const { name = 'checkout', objective = '0.999', windowDays = 30, good } = choices
  const { total = counters('total'), bad = counters('bad'), global = 'events', expected = [] } = choices
  return {
    name,
    service: 'shop',
    description: '',
    labels: new Map(),
    objective: exactly(objective),
    pastObjectives: [],
    window: { kind: 'rolling', durationMs: windowDays * day },
    indicator: ratioIndicator(good === undefined ? { bad, total } : { good, total }),
    regions: { label: 'region', expected, global, objectives: new Map() },
    alerting: {
      policy: aPolicy(choices.rules ?? workbookRules, choices.keepFiringForMs),
      labels: new Map(),
      severities: choices.severities ?? { page: true, ticket: true },
      bySeverity: { page: noAdditions, ticket: noAdditions },
    },
    groupBy: [],
    group: new Map(),
    at: { file: 'checkout.yaml', line: 1, column: 1 },
  }
}

const noAdditions = { labels: new Map<string, string>(), receivers: [] }

/** The four rules of the SRE Workbook, as shares of the budget. */
export const workbookRules: readonly AlertRule[] = [
  aRule('page', hour, 5 * minute, { budgetShare: exactly('0.02') }),
  aRule('page', 6 * hour, 30 * minute, { budgetShare: exactly('0.05') }),
  aRule('ticket', day, 2 * hour, { budgetShare: exactly('0.1') }),
  aRule('ticket', 3 * day, 6 * hour, { budgetShare: exactly('0.1') }),
]

export function aRule(
  severity: Severity,
  longMs: number,
  shortMs: number,
  threshold: AlertRule['threshold'] | string,
): AlertRule {
  return {
    severity,
    longMs,
    shortMs,
    threshold: typeof threshold === 'string' ? { burnRate: exactly(threshold) } : threshold,
  }
}

function aPolicy(rules: readonly AlertRule[], keepFiringForMs = 0): AlertPolicy {
  return { name: 'made', rules, forMs: 0, keepFiringForMs }
}

/** One counter, by metric name and labels. */
export function counters(metric: string, labels: Readonly<Record<string, string>> = {}): CounterExpression {
  const pairs = labelsOf([['__name__', metric], ...Object.entries(labels)])
  const matchers = [...pairs].map(([label, value]) => ({ label, operator: '=', value }) as const)
  return { terms: [{ sign: 1, selector: { matchers } }] }
}

/** A decimal, exactly. */
export function exactly(text: string): Rational {
  const value = parseDecimal(text)
  if (value === undefined) throw new Error(`not a decimal: ${text}`)
  return value
}
