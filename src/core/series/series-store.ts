import { staleAfterMinMs } from '../model/limits.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'
import type { CountHistory } from './count-history.ts'
import { addGaugeSample, forgetRead, type GaugeAppended, type GaugeSample, heldUntil } from './gauge-samples.ts'
import { RecentSamples } from './recent-samples.ts'
import type { SeenIntervals } from './seen-intervals.ts'

/** Where the increments of a series go: one signal of one SLO in one region. Shared by all series that feed it. */
export interface Contribution {
  readonly history: CountHistory
  readonly column: number
  readonly sign: 1 | -1
  /** Told which stretches of time are known; only signals whose absence means missing data have it. */
  readonly seen: SeenIntervals | undefined
  /** Since when this signal is counted at all. */
  readonly listeningSince: EpochMs
}

/** A series that is read as it stands, at every step, instead of being counted. */
export interface GaugeFeed {
  readonly history: CountHistory
  readonly seen: SeenIntervals
  /** Up to when it was read: nobody asks any more what was shown before. */
  readonly madeUntil: EpochMs
}

/** What one process exposes together. When it was scraped tells a new counter from one seen for the first time. */
export interface Target {
  firstAt: EpochMs
  lastAt: EpochMs
  /** The scrape before `lastAt`. */
  previousAt: EpochMs
  /**
   * How long after the target's first scrape a series that was missing in it counts as new. Zero when a scrape
   * arrives whole; longer for senders that split one scrape over several connections.
   */
  readonly settlingMs: DurationMs
}

export function newTarget(settlingMs: DurationMs): Target {
  return { firstAt: Number.NaN, lastAt: Number.NaN, previousAt: Number.NaN, settlingMs }
}

/** What happened to one sample. */
export type Appended = 'accepted' | 'reset' | 'out-of-order' | 'duplicate' | 'too-old' | 'not-a-number' | 'negative'

/**
 * Counter samples in, increments out: remembers the last samples of every series, turns each new one into the events
 * since its neighbour, and books them where the series contributes. Increments are added up, never the counters
 * themselves, so that one process restarting cannot look like a reset of the sum.
 */
export class SeriesStore {
  /** Samples of gauges that were dropped unread, because too many of them waited. */
  gaugeSamplesDropped = 0
  readonly #samples = new RecentSamples()
  readonly #contributions: (readonly Contribution[])[] = []
  readonly #gaugeFeeds: (readonly GaugeFeed[])[] = []
  readonly #gaugeSamples = new Map<number, GaugeSample[]>()
  readonly #targets: Target[] = []
  /** Since when the oldest sample kept of a series was counted from zero; NaN where it was not. */
  readonly #bornAt: EpochMs[] = []

  /** How many series are held. */
  get size(): number {
    return this.#contributions.length
  }

  /** Takes up a series; answers its number, counted from 0. */
  add(contributions: readonly Contribution[], target: Target, gaugeFeeds: readonly GaugeFeed[] = []): number {
    const series = this.#contributions.length
    this.#contributions.push(contributions)
    this.#gaugeFeeds.push(gaugeFeeds)
    this.#targets.push(target)
    this.#bornAt.push(Number.NaN)
    this.#samples.reserve(series + 1)
    return series
  }

  /** Lets a series feed other signals from now on: what it counted before stays where it was counted. */
  redirect(series: number, contributions: readonly Contribution[], gaugeFeeds: readonly GaugeFeed[] = []): void {
    this.#contributions[series] = contributions
    this.#gaugeFeeds[series] = gaugeFeeds
    if (gaugeFeeds.length === 0) this.#gaugeSamples.delete(series)
  }

  contributions(series: number): readonly Contribution[] {
    return this.#contributions[series]
  }

  gaugeFeeds(series: number): readonly GaugeFeed[] {
    return this.#gaugeFeeds[series]
  }

  /** What a gauge showed, as far back as it was not read yet, oldest first. */
  gauge(series: number): readonly GaugeSample[] {
    return this.#gaugeSamples.get(series) ?? []
  }

  /** The newest sample of a series; NaN for a gauge that ended. */
  last(series: number): readonly [EpochMs, number] | undefined {
    const samples = this.#samples
    if (samples.count(series) === 0) return this.#gaugeSamples.get(series)?.at(-1)
    return [samples.lastTime(series), samples.lastValue(series)]
  }

  /**
   * Puts back the newest sample from a checkpoint, without counting it. What came before it was counted before the
   * checkpoint: it takes up all the room, so that no older sample is booked a second time.
   */
  restore(series: number, time: EpochMs, value: number): void {
    if (this.#contributions[series].length === 0 && this.#gaugeFeeds[series].length > 0) return
    for (let room = this.#samples.kept; room > 0; room--) this.#samples.push(series, time, value)
  }

  /** Puts back what a gauge showed, from a checkpoint. */
  restoreGauge(series: number, samples: readonly GaugeSample[]): void {
    if (this.#gaugeFeeds[series].length > 0) this.#gaugeSamples.set(series, [...samples])
  }

  /** Books one sample: of a cumulative counter, of a gauge, or as both where SLOs want both. */
  append(series: number, time: EpochMs, value: number): Appended {
    const gauges = this.#gaugeFeeds[series]
    if (gauges.length === 0) return this.#appendCounter(series, time, value)
    const appended = this.#appendGauge(series, gauges, time, value)
    if (this.#contributions[series].length > 0) return this.#appendCounter(series, time, value)
    if (Number.isNaN(value)) return 'not-a-number'
    if (appended === 'accepted' || appended === 'out-of-order') this.#scraped(series, time)
    return appended
  }

  /** The series ended: a gauge shows nothing any more. What a counter has counted stays. */
  end(series: number, time: EpochMs): void {
    const gauges = this.#gaugeFeeds[series]
    if (gauges.length > 0) this.#appendGauge(series, gauges, time, Number.NaN)
  }

  #appendCounter(series: number, time: EpochMs, value: number): Appended {
    if (!Number.isFinite(value)) return 'not-a-number'
    if (value < 0) return 'negative'
    const samples = this.#samples
    if (time > samples.lastTime(series)) {
      if (time - samples.lastTime(series) > staleAfterMinMs) this.#bridgeAbsence(series, time)
      const lastValue = samples.lastValue(series)
      const reset = value < lastValue
      this.#book(series, samples.lastTime(series), time, reset ? value : value - lastValue, 1)
      samples.push(series, time, value)
      this.#scraped(series, time)
      return reset ? 'reset' : 'accepted'
    }
    if (samples.count(series) > 0) return this.#appendLate(series, time, value)
    this.#bookFirst(series, time, value)
    samples.push(series, time, value)
    this.#scraped(series, time)
    return 'accepted'
  }

  #appendGauge(series: number, gauges: readonly GaugeFeed[], time: EpochMs, value: number): GaugeAppended {
    const samples = this.#gaugeSamples.get(series) ?? []
    this.#gaugeSamples.set(series, samples)
    const readUntil = gauges.reduce((until, { madeUntil }) => Math.min(until, madeUntil), Number.POSITIVE_INFINITY)
    const appended = addGaugeSample(samples, time, value, readUntil)
    if (appended === 'duplicate' || appended === 'too-old') return appended
    seeGauge(gauges, samples, time)
    if (samples.length % gaugeSamplesBetweenSweeps === 0) this.gaugeSamplesDropped += forgetRead(samples, readUntil)
    return appended
  }

  /**
   * A series that was missing while its target was scraped stood still until the last scrape without it: what it has
   * counted by now happened since then, and not evenly over all the time it was away.
   */
  #bridgeAbsence(series: number, time: EpochMs): void {
    const samples = this.#samples
    const lastTime = samples.lastTime(series)
    const absentAt = scrapeBefore(this.#targets[series], time)
    if (absentAt === undefined || absentAt <= lastTime) return
    this.#book(series, lastTime, absentAt, 0, 1)
    samples.push(series, absentAt, samples.lastValue(series))
  }

  /**
   * A sample that is not newer than the newest: it goes between its neighbours, and the increment that bridged them is
   * replaced by the two it now consists of. Their sum is the same unless the sample reveals a reset.
   */
  #appendLate(series: number, time: EpochMs, value: number): Appended {
    const samples = this.#samples
    const count = samples.count(series)
    let age = 0
    while (age < count && samples.timeAt(series, age) > time) age++
    if (age < count && samples.timeAt(series, age) === time) return 'duplicate'
    if (age === count && count === samples.kept) return 'too-old'
    const nextTime = samples.timeAt(series, age - 1)
    const nextValue = samples.valueAt(series, age - 1)
    if (age < count) {
      const previousTime = samples.timeAt(series, age)
      const previousValue = samples.valueAt(series, age)
      this.#book(series, previousTime, nextTime, increment(previousValue, nextValue), -1)
      this.#book(series, previousTime, time, increment(previousValue, value), 1)
    } else {
      this.#takeBackFirst(series, nextTime, nextValue)
      this.#bookFirst(series, time, value)
    }
    this.#book(series, time, nextTime, increment(value, nextValue), 1)
    samples.insert(series, age, time, value)
    this.#scraped(series, time)
    return 'out-of-order'
  }

  /**
   * The first sample of a series. If its target was scraped before without it, it was created since and all it counts
   * is new; on the first sight of a target nobody knows how old its counts are, so counting starts from here.
   */
  #bookFirst(series: number, time: EpochMs, value: number): void {
    const target = this.#targets[series]
    const isSettled = time - target.firstAt > target.settlingMs
    const born = (isSettled ? scrapeBefore(target, time) : undefined) ?? Number.NaN
    this.#bornAt[series] = born
    for (const contribution of this.#contributions[series]) {
      const { history, column, seen, sign } = contribution
      const isNew = isListenedTo(contribution, born, time, target)
      history.advanceTo(time)
      if (isNew) history.add(column, born, time, value, sign)
      seen?.see(isNew ? born : time, time)
    }
  }

  #takeBackFirst(series: number, time: EpochMs, value: number): void {
    const born = this.#bornAt[series]
    for (const contribution of this.#contributions[series]) {
      const { history, column, sign } = contribution
      const wasNew = isListenedTo(contribution, born, time, this.#targets[series])
      if (wasNew) history.add(column, born, time, value, sign === 1 ? -1 : 1)
    }
  }

  #book(series: number, from: EpochMs, to: EpochMs, amount: number, sign: 1 | -1): void {
    for (const contribution of this.#contributions[series]) {
      const { history, column, seen } = contribution
      if (amount !== 0) history.add(column, from, to, amount, contribution.sign === sign ? 1 : -1)
      else history.advanceTo(to)
      if (sign === 1) seen?.see(from, to)
    }
  }

  #scraped(series: number, time: EpochMs): void {
    const target = this.#targets[series]
    if (time > target.lastAt) {
      target.previousAt = target.lastAt
      target.lastAt = time
    } else if (Number.isNaN(target.firstAt)) {
      target.firstAt = time
      target.lastAt = time
    } else if (time < target.firstAt) {
      target.firstAt = time
    }
  }
}

/** Often enough that a gauge keeps little, seldom enough that looking through what waits costs nothing. */
const gaugeSamplesBetweenSweeps = 16

/** A gauge is known from one sample to the next, unless that comes after the first told anything. */
function seeGauge(gauges: readonly GaugeFeed[], samples: readonly GaugeSample[], time: EpochMs): void {
  const index = samples.findLastIndex(([at]) => at === time)
  const lostAt = index > 0 ? heldUntil(samples, index - 1) : Number.NEGATIVE_INFINITY
  const isEnd = Number.isNaN(samples[index][1])
  for (const { history, seen } of gauges) {
    history.advanceTo(time)
    if (time <= lostAt) seen.see(samples[index - 1][0], time)
    else if (!isEnd) seen.seeAgain(lostAt, time)
  }
}

/** The events between two samples of one counter; after a reset the counter started again from zero. */
function increment(earlier: number, later: number): number {
  return later < earlier ? later : later - earlier
}

/** Whether a series born at a moment would have been noticed before it; false where it was not born, which is NaN. */
function isListenedTo({ listeningSince }: Contribution, born: EpochMs, time: EpochMs, { settlingMs }: Target): boolean {
  return born >= listeningSince && time - listeningSince > settlingMs
}

/** When the target was last scraped strictly before a moment; undefined when it never was. */
function scrapeBefore({ firstAt, lastAt, previousAt }: Target, time: EpochMs): EpochMs | undefined {
  if (lastAt < time) return lastAt
  if (previousAt < time) return previousAt
  return firstAt < time ? firstAt : undefined
}
