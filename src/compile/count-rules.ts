import type { Formula } from '../core/model/formula.ts'
import type { EventsIndicator, QueryIndicator, Signal, ThresholdIndicator } from '../core/model/indicator.ts'
import type { CounterTerm } from '../core/model/selector.ts'
import type { Slo } from '../core/model/slo.ts'
import type { DurationMs } from '../core/model/units.ts'
import { wantedBucket } from '../core/sli/bucket-bound.ts'
import { signalsUsed } from '../core/sli/check-formula-linear.ts'
import { quoteText } from '../core/sli/promql-string.ts'
import { formatDuration } from '../core/time/duration.ts'
import { recorded, seriesOf } from './names.ts'
import { promqlFormula } from './promql-formula.ts'
import { increaseOf, promqlSelector } from './promql-selector.ts'
import { record } from './record.ts'
import type { RecordingRule } from './rule-group.ts'
import type { WantedWindows } from './wanted-windows.ts'

/** Bad and all events of one window, by region and group, as PromQL. */
interface Counted {
  readonly events: string
  readonly bad: string
}

/** Records the events of every window that is counted from the metrics themselves; nothing for a composite. */
export function directCounts(slo: Slo, { direct }: WantedWindows): RecordingRule[] {
  const { indicator } = slo
  if (indicator.kind === 'composite' || indicator.kind === 'slices') return []
  const counted = direct.flatMap((windowMs) => countRules(slo, windowMs, countsOf(slo, indicator, windowMs)))
  return indicator.kind === 'threshold' ? [thresholdRule(slo, indicator), ...counted] : counted
}

/** Records the events of every window that is added up from counts over the base window, which is traffic-weighted. */
export function addedCounts(slo: Slo, { added, baseMs }: WantedWindows): RecordingRule[] {
  if (slo.indicator.kind === 'composite') return []
  const base = formatDuration(baseMs)
  return added.flatMap((windowMs) => {
    const sumOf = (name: string): string =>
      `sum_over_time(${seriesOf(name, { slo: slo.name, window: base })}[${formatDuration(windowMs)}:${base}])`
    return countRules(slo, windowMs, { events: sumOf(recorded.events), bad: sumOf(recorded.badEvents) })
  })
}

function countRules(slo: Slo, windowMs: DurationMs, { events, bad }: Counted): RecordingRule[] {
  const window = { window: formatDuration(windowMs) }
  return [record(slo, recorded.events, events, window), record(slo, recorded.badEvents, bad, window)]
}

function countsOf(
  slo: Slo,
  indicator: EventsIndicator | ThresholdIndicator | QueryIndicator,
  windowMs: DurationMs,
): Counted {
  if (indicator.kind === 'events') return eventCounts(slo, indicator, windowMs)
  if (indicator.kind === 'query') return queryCounts(slo, indicator, windowMs)
  const isBad = `${seriesOf(recorded.isBad, { slo: slo.name })}[${formatDuration(windowMs)}]`
  return { events: `count_over_time(${isBad})`, bad: `sum_over_time(${isBad})` }
}

function eventCounts(slo: Slo, indicator: EventsIndicator, windowMs: DurationMs): Counted {
  const termOf = ({ selector }: CounterTerm): string => sumByRegion(slo, 'sum', increaseOf(selector, windowMs))
  const used = signalsUsed(indicator.total)
  const terms = indicator.signals.flatMap(({ counters }, index) => (used.has(index) ? counters.terms : []))
  const anyOfThem = [...new Set(terms.map(termOf))].join(' or ')
  // A counter that a region does not have, such as one of errors that never happened, counts as zero there.
  const inTotal = (term: CounterTerm): string =>
    terms.length === 1 ? termOf(term) : `(${termOf(term)} or 0 * (${anyOfThem}))`
  const known = `max by (${countLabels(slo).join(', ')}) (${eventsSeries(slo, windowMs)})`
  const inBad = (term: CounterTerm, others: readonly CounterTerm[]): string => {
    if (wantedBucket(term.selector) === undefined) return `(${termOf(term)} or 0 * ${known})`
    // A bucket that is not there is no bucket without events: nothing is known then, unless another histogram has it.
    return others.length === 1 ? termOf(term) : `(${termOf(term)} or 0 * (${others.map(termOf).join(' or ')}))`
  }
  const { total, bad, signals } = indicator
  const alone = total.kind === 'signal' ? total.signal : undefined
  return {
    events: countOf(total, signalTexts(signals, inTotal), signals),
    // What the total is alone was recorded just before.
    bad: countOf(
      bad,
      signalTexts(signals, inBad).map((text, index) => (index === alone ? known : text)),
      signals,
    ),
  }
}

function eventsSeries({ name }: Slo, windowMs: DurationMs): string {
  return seriesOf(recorded.events, { slo: name, window: formatDuration(windowMs) })
}

/** Each signal as the sum of its terms. */
function signalTexts(
  signals: readonly Signal[],
  textOf: (term: CounterTerm, terms: readonly CounterTerm[]) => string,
): string[] {
  return signals.map(({ counters: { terms } }) => {
    const [first, ...others] = terms.map((term) => ({ sign: term.sign === 1 ? '+' : '-', text: textOf(term, terms) }))
    const text = others.reduce((sum, { sign, text: next }) => `${sum} ${sign} ${next}`, first.text)
    return terms.length === 1 && first.sign === '+' ? text : `(${first.sign === '+' ? '' : '-'}${text})`
  })
}

/** A formula over signals; what may fall below zero counts as zero. */
function countOf(formula: Formula, texts: readonly string[], signals: readonly Signal[]): string {
  const text = promqlFormula(formula, texts)
  return isNeverNegative(formula, signals) ? text : `clamp_min(${text}, 0)`
}

function isNeverNegative(formula: Formula, signals: readonly Signal[]): boolean {
  if (formula.kind === 'number') return formula.value >= 0
  if (formula.kind === 'signal') return signals[formula.signal].counters.terms.every(({ sign }) => sign === 1)
  if (formula.kind !== 'binary' || (formula.operator !== '+' && formula.operator !== '*')) return false
  return isNeverNegative(formula.left, signals) && isNeverNegative(formula.right, signals)
}

function thresholdRule(slo: Slo, { metric, combine, good }: ThresholdIndicator): RecordingRule {
  const value = sumByRegion(slo, combine === 'mean' ? 'avg' : combine, promqlSelector(metric))
  return record(slo, recorded.isBad, `1 - ${promqlFormula(good, [value])}`)
}

function queryCounts(slo: Slo, { given, query, total }: QueryIndicator, windowMs: DurationMs): Counted {
  const ask = (text: string): string => `sum(${text.replaceAll('$window', () => formatDuration(windowMs))})`
  // Without counts every evaluation weighs the same; a share that is not known is not compared with 0 in success.
  if (total === null) {
    return { events: `0 * (${ask(query)} >= 0) + 1`, bad: `clamp_max(${ask(query)} >= 0, 1)` }
  }
  const counted = `(${ask(query)} or 0 * sum(${eventsSeries(slo, windowMs)}))`
  const bad = given === 'bad' ? counted : `${ask(total)} - ${counted}`
  return { events: `clamp_min(${ask(total)}, 0)`, bad: `clamp_min(${bad}, 0)` }
}

/** The labels by which one SLO has several counts. */
function countLabels({ groupBy }: Pick<Slo, 'groupBy'>): string[] {
  return ['region', ...groupBy]
}

function sumByRegion(slo: Slo, operator: 'sum' | 'avg' | 'max' | 'min', vector: string): string {
  const { label } = slo.regions
  const named = label === 'region' ? vector : `label_replace(${vector}, "region", "$1", ${quoteText(label)}, "(.*)")`
  return `${operator} by (${countLabels(slo).join(', ')}) (${named})`
}
