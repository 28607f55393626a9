import { staleAfterMaxMs } from '../model/limits.ts'
import { type DurationMs, dayMs, hourMs, minuteMs } from '../model/units.ts'

/** Rows at most `ageMs` old are kept every `resolutionMs`. */
export interface Rung {
  readonly resolutionMs: DurationMs
  readonly ageMs: DurationMs
}

/**
 * Evaluation may trail the newest sample by this much and still find every short window exact: the global scope waits
 * `staleAfterMaxMs` for a region that is behind, and every region waits for the configured delay.
 */
const trailingMs = 2 * staleAfterMaxMs

/**
 * How densely a history keeps its rows, by age. A window of length W reads one row of age W, and the events between
 * two rows are interpolated there, so its error is at most the events of one resolution: with these rungs none up to
 * 1 h, and then those of at most 1/84 of a window of the workbook, 1/24 of any window (docs/decisions/0003).
 *
 * Each resolution is a multiple of the step and of the rung before, so that thinning only ever drops rows.
 */
export function retentionLadder(stepMs: DurationMs, horizonMs: DurationMs): readonly Rung[] {
  const wanted: Rung[] = [
    { resolutionMs: stepMs, ageMs: hourMs + trailingMs },
    { resolutionMs: minuteMs, ageMs: 6 * hourMs + trailingMs },
    { resolutionMs: 15 * minuteMs, ageMs: 3 * dayMs + 15 * minuteMs },
    { resolutionMs: 2 * hourMs, ageMs: 35 * dayMs },
    { resolutionMs: dayMs / 2, ageMs: Number.POSITIVE_INFINITY },
  ]
  const rungs: Rung[] = []
  let resolutionMs = stepMs
  for (const rung of wanted) {
    resolutionMs = Math.max(resolutionMs, Math.ceil(rung.resolutionMs / resolutionMs) * resolutionMs)
    const ageMs = Math.min(rung.ageMs, horizonMs + resolutionMs)
    rungs.push({ resolutionMs, ageMs })
    if (rung.ageMs >= horizonMs) break
  }
  return rungs
}

/** The resolution at which a row of this age is kept; undefined when it is older than the horizon. */
export function resolutionAtAge(ladder: readonly Rung[], ageMs: DurationMs): DurationMs | undefined {
  return ladder.find((rung) => ageMs <= rung.ageMs)?.resolutionMs
}
