import type { ThresholdIndicator } from '../model/indicator.ts'
import type { EpochMs } from '../model/units.ts'
import { type GaugeSample, heldUntil } from '../series/gauge-samples.ts'

/** A stretch of time over which the combined value of several gauges is one number. */
export interface GaugeSpan {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly value: number
}

/**
 * The combined value of gauges over (from, to]. A gauge is a step function: a sample holds until the next one, or until
 * it tells nothing any more; then the gauge is unknown. Where no gauge is known there is no span, nor where the values
 * make no number, as infinities of both signs.
 */
export function gaugeSpans(
  gauges: readonly (readonly GaugeSample[])[],
  combine: ThresholdIndicator['combine'],
  from: EpochMs,
  to: EpochMs,
): GaugeSpan[] {
  const changes = gauges.flatMap((samples, gauge) => changesOf(samples, gauge, from, to)).sort((a, b) => a.at - b.at)
  const values = new Float64Array(gauges.length).fill(Number.NaN)
  const spans: GaugeSpan[] = []
  let at = from
  for (const change of [...changes, { at: to, gauge: gauges.length, value: Number.NaN }]) {
    if (change.at > at) {
      const value = combineKnown(values, combine)
      if (!Number.isNaN(value)) spans.push({ from: at, to: change.at, value })
      at = change.at
    }
    values[change.gauge] = change.value
  }
  return spans
}

/** The moment to which anything is known of any of the gauges. */
export function gaugesKnownUntil(gauges: readonly (readonly GaugeSample[])[]): EpochMs {
  let until = Number.NEGATIVE_INFINITY
  for (const samples of gauges) {
    if (samples.length > 0) until = Math.max(until, heldUntil(samples, samples.length - 1))
  }
  return until
}

interface GaugeChange {
  readonly at: EpochMs
  readonly gauge: number
  /** NaN where the gauge is unknown from now on. */
  readonly value: number
}

function changesOf(samples: readonly GaugeSample[], gauge: number, from: EpochMs, to: EpochMs): GaugeChange[] {
  const changes: GaugeChange[] = []
  for (const [index, [time, value]] of samples.entries()) {
    const nextAt = samples[index + 1]?.[0] ?? Number.POSITIVE_INFINITY
    const until = Math.min(nextAt, heldUntil(samples, index))
    if (time >= to) break
    if (until <= from) continue
    changes.push({ at: Math.max(time, from), gauge, value })
    if (until < nextAt && until < to) changes.push({ at: until, gauge, value: Number.NaN })
  }
  return changes
}

/** NaN where none is known. */
function combineKnown(values: Float64Array, combine: ThresholdIndicator['combine']): number {
  let known = 0
  let combined = Number.NaN
  for (const value of values) {
    if (Number.isNaN(value)) continue
    known++
    if (known === 1) combined = value
    else if (combine === 'max') combined = Math.max(combined, value)
    else if (combine === 'min') combined = Math.min(combined, value)
    else combined += value
  }
  return combine === 'mean' ? combined / known : combined
}
