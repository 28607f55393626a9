import type { EpochMs } from '../core/model/units.ts'
import type { SeriesStore } from '../core/series/series-store.ts'
import { gaugeSpans, gaugesKnownUntil } from '../core/sli/gauge-spans.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/**
 * Makes the counts that no counter gives, up to a step for which all data of the region is there: time slices from the
 * counters of their slice, thresholds from the gauges. Each moment of an SLO is made once, whatever becomes of the tick;
 * those of which nothing has been seen yet wait until its data goes on.
 */
export function makeCounts(region: RegionCounts, series: SeriesStore, at: EpochMs): void {
  for (const counts of region.made) {
    const { kind } = counts.compiled.slo.indicator
    if (kind === 'slices') makeSlices(counts, at)
    if (kind === 'threshold') makeSpans(counts, series, at)
  }
}

function makeSlices(counts: SloCounts, at: EpochMs): void {
  const { compiled, columns, seen, history } = counts
  const { indicator } = compiled.slo
  if (indicator.kind !== 'slices' || seen.since === undefined || seen.until === undefined) return
  const { sliceMs, signals } = indicator
  const until = Math.min(at, seen.until)
  const from = Math.max(counts.madeUntil, seen.since, at - history.horizonMs)
  if (until <= from) return
  counts.madeUntil = until
  const [bad, total] = columns.slice(signals.length)
  for (let end = (Math.floor(from / sliceMs) + 1) * sliceMs; end <= until; end += sliceMs) {
    const start = end - sliceMs
    // A slice of which nothing was seen is not one without events: it is unknown, whatever the condition says of zeros.
    if (seen.seenMs(start, end) <= 0) continue
    const goodShare = compiled.goodShare(signals.map((_, index) => history.countBetween(columns[index], start, end)))
    // Without events there was nothing to judge: such a slice is no slice.
    if (Number.isNaN(goodShare)) continue
    // A slice is one event, which happens when it ends: windows hold it whole or not at all.
    history.add(bad, end - 1, end, 1 - Math.min(1, Math.max(0, goodShare)))
    history.add(total, end - 1, end, 1)
  }
}

function makeSpans(counts: SloCounts, series: SeriesStore, at: EpochMs): void {
  const { compiled, columns, history } = counts
  const { indicator } = compiled.slo
  if (indicator.kind !== 'threshold') return
  const gauges = [...(counts.gauges ?? [])].map((ref) => series.gauge(ref))
  const until = Math.min(at, gaugesKnownUntil(gauges))
  const from = counts.madeUntil
  if (until <= from) return
  counts.madeUntil = until
  const [bad, total] = columns
  for (const span of gaugeSpans(gauges, indicator.combine, from, until)) {
    const goodShare = compiled.goodShare([span.value])
    if (Number.isNaN(goodShare)) continue
    const lengthMs = span.to - span.from
    history.add(total, span.from, span.to, lengthMs)
    if (goodShare === 0) history.add(bad, span.from, span.to, lengthMs)
  }
}
