import type { ThresholdIndicator } from '../model/indicator.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

/** A stretch of time over which the combined value of several gauges is one number. */
export interface GaugeSpan {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly value: number
}

/**
 * The combined value of gauges over (from, to]. A gauge is a step function: a sample holds until the next one, and at
 * most `staleAfterMs`; then the gauge is unknown. Where no gauge is known there is no span.
 */
export function gaugeSpans(
  gauges: readonly (readonly (readonly [EpochMs, number])[])[],
  combine: ThresholdIndicator['combine'],
  from: EpochMs,
  to: EpochMs,
  staleAfterMs: DurationMs,
): GaugeSpan[] {
  const edges = new Set([from, to])
  for (const [time] of gauges.flat()) {
    if (time > from && time < to) edges.add(time)
    if (time + staleAfterMs > from && time + staleAfterMs < to) edges.add(time + staleAfterMs)
  }
  const times = [...edges].sort((a, b) => a - b)
  const spans: GaugeSpan[] = []
  for (const [index, start] of times.slice(0, -1).entries()) {
    const known = gauges.map((samples) => valueAt(samples, start, staleAfterMs)).filter((value) => value !== undefined)
    if (known.length > 0) spans.push({ from: start, to: times[index + 1], value: combined(known, combine) })
  }
  return spans
}

function valueAt(
  samples: readonly (readonly [EpochMs, number])[],
  at: EpochMs,
  staleAfterMs: DurationMs,
): number | undefined {
  const sample = samples.findLast(([time]) => time <= at)
  return sample !== undefined && at < sample[0] + staleAfterMs ? sample[1] : undefined
}

function combined(values: readonly number[], combine: ThresholdIndicator['combine']): number {
  if (combine === 'max') return Math.max(...values)
  if (combine === 'min') return Math.min(...values)
  const sum = values.reduce((a, b) => a + b, 0)
  return combine === 'sum' ? sum : sum / values.length
}
