import type { EpochMs } from '../model/units.ts'
import {
  addGaugeSample,
  forgetRead,
  type GaugeAppended,
  type GaugeFeed,
  type GaugeSample,
  heldUntil,
} from './gauge-samples.ts'

/** Often enough that a gauge keeps little, seldom enough that looking through what waits costs nothing. */
const samplesBetweenSweeps = 16

/** What gauges showed, each as far back as it was not read yet. */
export class Gauges {
  /** Samples that were dropped unread, because too many of them waited. */
  dropped = 0
  readonly #samples = new Map<number, GaugeSample[]>()

  /** What a gauge showed, oldest first. */
  of(series: number): readonly GaugeSample[] {
    return this.#samples.get(series) ?? []
  }

  /** What all gauges showed. */
  all(): Iterable<readonly [number, readonly GaugeSample[]]> {
    return this.#samples
  }

  /** Puts back what `of` gave. */
  restore(series: number, samples: readonly GaugeSample[]): void {
    this.#samples.set(series, [...samples])
  }

  /** Forgets a gauge. */
  clear(series: number): void {
    this.#samples.delete(series)
  }

  /** Takes what a gauge showed at a moment; NaN where it ended. */
  append(series: number, feeds: readonly GaugeFeed[], time: EpochMs, value: number): GaugeAppended {
    const samples = this.#samples.get(series) ?? []
    this.#samples.set(series, samples)
    const readUntil = feeds.reduce((until, { madeUntil }) => Math.min(until, madeUntil), Number.POSITIVE_INFINITY)
    const appended = addGaugeSample(samples, time, value, readUntil)
    if (appended === 'duplicate' || appended === 'too-old') return appended
    seeGauge(feeds, samples, time)
    if (samples.length % samplesBetweenSweeps === 0) this.dropped += forgetRead(samples, readUntil)
    return appended
  }
}

/** A gauge is known from one sample to the next, unless that comes after the first told anything. */
function seeGauge(feeds: readonly GaugeFeed[], samples: readonly GaugeSample[], time: EpochMs): void {
  const index = samples.findLastIndex(([at]) => at === time)
  const lostAt = index > 0 ? heldUntil(samples, index - 1) : Number.NEGATIVE_INFINITY
  const isEnd = Number.isNaN(samples[index][1])
  for (const { history, seen } of feeds) {
    history.advanceTo(time)
    if (time <= lostAt) seen.see(samples[index - 1][0], time)
    else if (!isEnd) seen.seeAgain(lostAt, time)
  }
}
