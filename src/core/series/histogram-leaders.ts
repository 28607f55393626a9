import type { EpochMs } from '../model/units.ts'
import type { RecentSamples } from './recent-samples.ts'

/** Of histograms that come whole: the series that counts all events of each, its leader, and when that last started from zero. */
export class HistogramLeaders {
  readonly #leaders = new Map<number, number>()
  readonly #resets = new Map<number, EpochMs>()

  /** A series starts from zero whenever another does, and at no other time. */
  follow(series: number, leader: number): void {
    this.#leaders.set(series, leader)
  }

  /** A leader started from zero. */
  noteReset(leader: number, time: EpochMs): void {
    this.#resets.set(leader, time)
  }

  /** Forgets a series. */
  clear(series: number): void {
    this.#leaders.delete(series)
    this.#resets.delete(series)
  }

  /** When the leader of a series last started from zero; NaN where it has none, or that never did. */
  resetAt(series: number): EpochMs {
    const leader = this.#leaders.get(series)
    return leader === undefined ? Number.NaN : (this.#resets.get(leader) ?? Number.NaN)
  }

  /**
   * What a value counts as beside the samples of its series. A bucket of a histogram is an estimate that may fall when buckets
   * are merged, though no event was taken back: it stands still then. Only a start of the whole histogram from zero lets it fall.
   */
  asLed(samples: RecentSamples, series: number, time: EpochMs, value: number): number {
    let age = 0
    while (age < samples.count(series) && samples.timeAt(series, age) > time) age++
    if (age === samples.count(series)) return value
    const before = samples.valueAt(series, age)
    if (age === 0) {
      const leaderAt = this.resetAt(series)
      return leaderAt > samples.lastTime(series) && leaderAt <= time ? value : Math.max(before, value)
    }
    const after = samples.valueAt(series, age - 1)
    return before <= after ? Math.min(after, Math.max(before, value)) : value
  }
}
