import type { Formula } from '../core/model/formula.ts'
import type { EventsIndicator, Signal } from '../core/model/indicator.ts'
import { metricNameLabel } from '../core/model/labels.ts'
import type { Matcher, Selector } from '../core/model/selector.ts'
import type { Slo } from '../core/model/slo.ts'
import { bucketBoundLabel, wantedBucket } from '../core/sli/bucket-bound.ts'
import { signalsUsed } from '../core/sli/check-formula-linear.ts'
import { unitsPerSecond } from '../core/sli/histogram-unit.ts'
import { type AlertWindows, alertWindows } from './alert-windows.ts'

/** What rule files tell of the metrics behind SLOs. */
export interface RuleFacts {
  readonly windows: AlertWindows
  /** SLOs whose good events may be added up: all count requests. Empty when there are none. */
  readonly requestSlos: readonly string[]
  readonly errors: readonly ErrorCounter[]
  readonly latencies: readonly LatencyBound[]
  readonly gauges: readonly GaugeBound[]
}

/** A counter of bad events. */
export interface ErrorCounter extends OfSlo {
  readonly selector: Selector
  /** The labels that the rule itself looks at by pattern, such as `code`: they tell failures apart. */
  readonly by: readonly string[]
}

/** A histogram of durations, and what an SLO asks of it. */
export interface LatencyBound extends OfSlo {
  /** Buckets, without the bound. */
  readonly buckets: Selector
  /** In the unit of the histogram. */
  readonly bound: number
  readonly unitsPerSecond: number
}

/** A gauge with the condition that an SLO puts on it. */
export interface GaugeBound extends OfSlo {
  readonly selector: Selector
  readonly combine: 'max' | 'min' | 'mean' | 'sum'
  /** The number it is compared with; undefined where the condition is more than that. */
  readonly bound: number | undefined
}

interface OfSlo {
  readonly slo: string
  readonly description: string
  /** Whether the SLO is one for every combination of some labels. */
  readonly isGrouped: boolean
  readonly regionLabel: string
}

/** Reads the facts from checked SLOs; the same metric is told of once. */
export function ruleFacts(slos: readonly Slo[], availability: readonly string[]): RuleFacts {
  const requests = slos.filter(({ indicator }) => indicator.kind === 'events' && isRatio(indicator))
  return {
    windows: alertWindows(slos),
    requestSlos: availability.length > 0 ? availability : requests.map(({ name }) => name),
    errors: distinct(slos.flatMap(errorsOf), ({ selector }) => selector),
    latencies: distinct(slos.flatMap(latenciesOf), ({ buckets, bound }) => ({ buckets, bound })),
    gauges: distinct(slos.flatMap(gaugesOf), ({ selector, bound }) => ({ selector, bound })),
  }
}

function distinct<T>(facts: readonly T[], identity: (fact: T) => unknown): readonly T[] {
  const seen = new Set<string>()
  return facts.filter((fact) => {
    const key = JSON.stringify(identity(fact))
    return !seen.has(key) && seen.add(key)
  })
}

function ofSlo({ name, description, groupBy, regions }: Slo): OfSlo {
  return { slo: name, description, isGrouped: groupBy.length > 0, regionLabel: regions.label }
}

/** One counter expression of bad or good events and one of all: not a sum of several kinds of things, and not a latency. */
function isRatio({ signals, bad }: EventsIndicator): boolean {
  return signals.length === 2 && bad.kind !== 'call' && signals.every((signal) => !isLatency(signal))
}

function isLatency({ counters }: Signal): boolean {
  return counters.terms.some(({ selector }) => wantedBucket(selector) !== undefined)
}

/** The counters whose events are bad; where only good ones are counted, nothing tells one failure from another. */
function errorsOf(slo: Slo): readonly ErrorCounter[] {
  const { indicator } = slo
  if (indicator.kind !== 'events' || !isSum(indicator.bad)) return []
  const terms = [...signalsUsed(indicator.bad)]
    .flatMap((index) => indicator.signals[index].counters.terms)
    .filter(({ sign }) => sign === 1)
  return terms.map(({ selector }) => {
    return { ...ofSlo(slo), selector, by: tellingLabels(selector.matchers, slo.regions.label) }
  })
}

function isSum(formula: Formula): boolean {
  if (formula.kind === 'signal') return true
  return formula.kind === 'binary' && formula.operator === '+' && isSum(formula.left) && isSum(formula.right)
}

function tellingLabels(matchers: readonly Matcher[], regionLabel: string): readonly string[] {
  const labels = matchers.filter(({ operator }) => operator !== '=').map(({ label }) => label)
  return [...new Set(labels)].filter((label) => label !== regionLabel && label !== metricNameLabel)
}

function latenciesOf(slo: Slo): readonly LatencyBound[] {
  const { indicator } = slo
  if (indicator.kind !== 'events') return []
  return indicator.signals.flatMap(({ counters }) => {
    const [term] = counters.terms
    const wanted = counters.terms.length === 1 ? wantedBucket(term.selector) : undefined
    if (wanted === undefined) return []
    const buckets = { matchers: term.selector.matchers.filter(({ label }) => label !== bucketBoundLabel) }
    return [{ ...ofSlo(slo), buckets, bound: wanted.bound, unitsPerSecond: unitsPerSecond(wanted.histogram) }]
  })
}

function gaugesOf(slo: Slo): readonly GaugeBound[] {
  const { indicator } = slo
  if (indicator.kind !== 'threshold') return []
  const { good, metric, combine } = indicator
  const isPlain = good.kind === 'binary' && good.left.kind === 'signal' && good.right.kind === 'number'
  const bound = isPlain && good.right.kind === 'number' ? good.right.value : undefined
  return [{ ...ofSlo(slo), selector: metric, combine, bound }]
}
