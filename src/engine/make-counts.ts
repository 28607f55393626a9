import type { SlicesIndicator, ThresholdIndicator } from '../core/model/indicator.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { SeriesStore } from '../core/series/series-store.ts'
import { gaugeSpans } from '../core/sli/gauge-spans.ts'
import { lowerCondition, lowerNumber } from '../core/sli/lower-formula.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/**
 * Makes the counts that no counter gives, up to a step for which all data of the region is there: time slices from the
 * counters of their slice, thresholds from the gauges. Each moment is made once, whatever becomes of the tick.
 */
export function makeCounts(region: RegionCounts, series: SeriesStore, at: EpochMs): void {
  const from = Number.isNaN(region.madeUntil) ? region.oldestAt : region.madeUntil
  if (!(at > from)) return
  region.madeUntil = at
  for (const counts of region.slos.values()) {
    const { indicator } = counts.compiled.slo
    if (indicator.kind === 'slices') makeSlices(region, counts, indicator, from, at)
    if (indicator.kind === 'threshold') makeSpans(region, counts, indicator, series, from, at)
  }
}

function makeSlices(
  region: RegionCounts,
  { columns }: SloCounts,
  { sliceMs, signals, good, method }: SlicesIndicator,
  from: EpochMs,
  to: EpochMs,
): void {
  const goodShare = method === 'slices' ? asShare(lowerCondition(good)) : lowerNumber(good)
  const [bad, total] = columns.slice(signals.length)
  for (let end = (Math.floor(from / sliceMs) + 1) * sliceMs; end <= to; end += sliceMs) {
    const start = end - sliceMs
    const sums = signals.map((_, index) => region.history.countBetween(columns[index], start, end))
    const share = goodShare(sums)
    // Without events there was nothing to judge: such a slice is no slice.
    if (Number.isNaN(share)) continue
    region.history.add(bad, start, end, 1 - Math.min(1, Math.max(0, share)))
    region.history.add(total, start, end, 1)
    region.forgetSums()
  }
}

function asShare(condition: ReturnType<typeof lowerCondition>): (sums: ArrayLike<number>) => number {
  return (sums) => {
    const good = condition(sums)
    return good === undefined ? Number.NaN : Number(good)
  }
}

function makeSpans(
  region: RegionCounts,
  { columns, gauges, seen }: SloCounts,
  { combine, good }: ThresholdIndicator,
  series: SeriesStore,
  from: EpochMs,
  to: EpochMs,
): void {
  const isGood = lowerCondition(good)
  const samples = [...gauges].map((ref) => series.recent(ref))
  for (const span of gaugeSpans(samples, combine, from, to, seen.staleAfterMs)) {
    const verdict = isGood([span.value])
    if (verdict === undefined) continue
    region.history.add(columns[1], span.from, span.to, span.to - span.from)
    if (!verdict) region.history.add(columns[0], span.from, span.to, span.to - span.from)
    region.forgetSums()
  }
}
