import { gaugeSamplesPerSeriesMax } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import type { CountHistory } from './count-history.ts'
import { type SeenIntervals, staleAfter } from './seen-intervals.ts'

/** A series that is read as it stands, at every step, instead of being counted. */
export interface GaugeFeed {
  readonly history: CountHistory
  readonly seen: SeenIntervals
  /** Up to when it was read: nobody asks any more what was shown before. */
  readonly madeUntil: EpochMs
}

/** What a gauge showed at a moment; NaN where it ended. */
export type GaugeSample = readonly [at: EpochMs, value: number]

/** What became of a sample of a gauge. */
export type GaugeAppended = 'accepted' | 'out-of-order' | 'duplicate' | 'too-old'

/** The pace of a series shows in two intervals: one alone may be a pause. */
const samplesForPace = 2

/**
 * Up to when a sample tells the value, provided that no other follows: two and a half of the usual intervals of its
 * series, within named bounds. Only samples before it matter, so that it does not depend on when data arrived.
 */
export function heldUntil(samples: readonly GaugeSample[], index: number): EpochMs {
  const [at, value] = samples[index]
  if (Number.isNaN(value)) return at
  let paceMs = Number.POSITIVE_INFINITY
  for (let later = index; later > 0 && later > index - samplesForPace; later--) {
    paceMs = Math.min(paceMs, samples[later][0] - samples[later - 1][0])
  }
  return at + staleAfter(Number.isFinite(paceMs) ? paceMs : 0)
}

/** Puts a sample in its place by time. One that is older than others must be newer than `readUntil`: the past was read. */
export function addGaugeSample(samples: GaugeSample[], at: EpochMs, value: number, readUntil: EpochMs): GaugeAppended {
  const after = samples.findLastIndex(([time]) => time <= at)
  if (samples[after]?.[0] === at) return 'duplicate'
  if (after === samples.length - 1) {
    samples.push([at, value])
    return 'accepted'
  }
  if (at <= readUntil) return 'too-old'
  samples.splice(after + 1, 0, [at, value])
  return 'out-of-order'
}

/** Drops what was read, but for what tells the value and the pace from there on; answers how many unread ones had to go. */
export function forgetRead(samples: GaugeSample[], readUntil: EpochMs): number {
  const current = samples.findLastIndex(([time]) => time <= readUntil)
  samples.splice(0, Math.max(0, current - samplesForPace))
  const excess = Math.max(0, samples.length - gaugeSamplesPerSeriesMax)
  samples.splice(0, excess)
  return excess
}
