import { type Labels, labelsOf, metricNameLabel } from '../core/model/labels.ts'
import { bucketBoundLabel, formatBucketBound } from '../core/sli/bucket-bound.ts'
import { lowerNumber } from '../core/sli/lower-formula.ts'
import { compileMatchers } from '../core/sli/match-selector.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { SeriesDirections, Want } from './series-directions.ts'

/**
 * The SLOs, as declared, that one event failed: the one that moved the counter with these labels, or the histogram by a
 * value. It is bad if the formula says so of nothing but that event, whatever it may have moved that these labels do not tell.
 */
export function failedSlos(rules: SeriesDirections, labels: Labels, value: number): readonly CompiledSlo[] {
  const counters = countersMoved(rules, labels, value)
  const wants = counters.flatMap((counter) => rules.wants(counter)).filter(({ signal }) => typeof signal === 'number')
  const names = counters.map((counter) => counter.get(metricNameLabel) ?? '')
  const slos = new Set(wants.map(({ declared }) => declared))
  return [...slos].filter((slo) =>
    hasFailed(
      slo,
      wants.filter(({ declared }) => declared === slo),
      names,
    ),
  )
}

/** The counters that an event moves: the one given, or the count and the buckets from its value on. */
function countersMoved(rules: SeriesDirections, labels: Labels, value: number): readonly Labels[] {
  const name = labels.get(metricNameLabel) ?? ''
  const isBucket = name.endsWith('_bucket') && labels.has(bucketBoundLabel)
  const histogram = isBucket ? name.slice(0, -'_bucket'.length) : name
  const bounds = rules.boundsOf(histogram)
  if (bounds.length === 0) return [labels]
  const rest = [...labels].filter(([label]) => label !== bucketBoundLabel)
  const buckets = bounds
    .filter((bound) => value <= bound)
    .map((bound) => {
      return labelsOf([...rest, [metricNameLabel, `${histogram}_bucket`], [bucketBoundLabel, formatBucketBound(bound)]])
    })
  return [labelsOf([...rest, [metricNameLabel, `${histogram}_count`]]), ...buckets]
}

function hasFailed(slo: CompiledSlo, wants: readonly Want[], names: readonly string[]): boolean {
  const isBad = judge(slo)
  if (isBad === undefined) return false
  const moved = new Float64Array(slo.signals.length)
  for (const { signal, sign } of wants) if (typeof signal === 'number') moved[signal] += sign
  if (!isBad(moved)) return false
  const untold = slo.signals.map((_, signal) => moved[signal] === 0 && !isAbout(slo, signal, names))
  return isBad(moved.map((count, signal) => (untold[signal] ? 1 : count)))
}

/** Whether events are bad, by what they move. */
function judge({ slo: { indicator }, goodShare }: CompiledSlo): ((moved: Float64Array) => boolean) | undefined {
  if (indicator.kind === 'slices') return (moved) => goodShare(moved) < 1
  if (indicator.kind !== 'events') return undefined
  const bad = lowerNumber(indicator.bad)
  return (moved) => bad(moved) > 0
}

/** Whether a signal counts any series of these names, so that not being counted by it tells something. */
function isAbout(slo: CompiledSlo, signal: number, names: readonly string[]): boolean {
  return slo.signals[signal].counters.terms.some(({ selector }) => {
    const ofName = selector.matchers.filter(({ label }) => label === metricNameLabel)
    const compiled = compileMatchers(ofName)
    if (compiled.kind === 'failed') return false
    // The buckets of a histogram are told by its value, also where none of them was moved.
    const about = names.flatMap((name) =>
      name.endsWith('_count') ? [name, name.replace(/_count$/, '_bucket')] : [name],
    )
    return about.some((name) => compiled.matches(new Map([[metricNameLabel, name]])))
  })
}
