import { staleAfterMinMs } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import type { Appended } from './appended.ts'
import { bookIncrements, type Contribution } from './contribution.ts'
import { Counters } from './counters.ts'
import type { GaugeFeed, GaugeSample } from './gauge-samples.ts'
import { Gauges } from './gauges.ts'
import type { CounterSamples, SampleRange } from './increments.ts'
import { RecentDeltas } from './recent-deltas.ts'
import { type Feeds, SeriesTable } from './series-table.ts'
import { Targets } from './targets.ts'

/**
 * Every series that is counted, and the way of its samples: to counters, to increments that were sent as such, or to what is
 * read as it stands. Increments are added up, never the counters themselves, so that one process restarting cannot look like a
 * reset of the sum.
 *
 * Series are numbers, and what is known of them stands in typed arrays. The rules are in docs/counting.md.
 */
export class SeriesStore<F extends Feeds = Feeds> {
  readonly targets = new Targets()
  readonly #table = new SeriesTable<F>()
  readonly #counters = new Counters<F>(this.#table, this.targets)
  readonly #deltas = new RecentDeltas()
  readonly #gauges = new Gauges()

  /** One more than the highest number of a series. */
  get size(): number {
    return this.#table.length
  }

  /** Bytes of the tables. */
  get byteLength(): number {
    return this.#table.byteLength + this.#counters.byteLength + this.targets.byteLength
  }

  /** Samples of gauges that were dropped unread, because too many of them waited. */
  get gaugeSamplesDropped(): number {
    return this.#gauges.dropped
  }

  /** Where samples go, with how many series go there. */
  feeds(): Iterable<readonly [F, number]> {
    return this.#table.feeds()
  }

  /** Makes room for so many series at once, which is cheaper than growing. */
  reserve(length: number): void {
    this.#table.reserve(length)
    this.#counters.reserve(length)
  }

  /** Takes up a series of a target that is held for it; answers its number: the one given, which must be free, or the next. */
  add(feeds: F, target: number, series = this.#table.length): number {
    this.reserve(series + 1)
    this.#table.add(series, feeds, target)
    this.#counters.clear(series)
    return series
  }

  /** Forgets a series, and its target with the last series of it. What it counted stays. */
  remove(series: number): void {
    this.#table.remove(series)
    this.#counters.clear(series)
    this.#deltas.clear(series)
    this.#gauges.clear(series)
    this.targets.release(this.#table.targetOf(series))
  }

  /** Lets a series feed other signals from now on: what it counted before stays where it was counted. */
  redirect(series: number, feeds: F): void {
    this.#table.redirect(series, feeds)
    if (feeds.gaugeFeeds.length === 0) this.#gauges.clear(series)
  }

  /** A series starts from zero whenever another does, and at no other time: both are of one histogram. */
  follow(series: number, leader: number): void {
    this.#counters.follow(series, leader)
  }

  feedsOf(series: number): F {
    return this.#table.feedsOf(series)
  }

  targetOf(series: number): number {
    return this.#table.targetOf(series)
  }

  contributions(series: number): readonly Contribution[] {
    return this.feedsOf(series).contributions
  }

  gaugeFeeds(series: number): readonly GaugeFeed[] {
    return this.feedsOf(series).gaugeFeeds
  }

  /** What a gauge showed, as far back as it was not read yet, oldest first. */
  gauge(series: number): readonly GaugeSample[] {
    return this.#gauges.of(series)
  }

  /** What all gauges showed. */
  gauges(): Iterable<readonly [number, readonly GaugeSample[]]> {
    return this.#gauges.all()
  }

  /** The intervals that series of increments have reported of late, as pairs of start and end, oldest first. */
  allDeltas(): Iterable<readonly [number, readonly EpochMs[]]> {
    return this.#deltas.all()
  }

  /** Fills in time and value of the newest sample of each series, one behind the other; NaN where there is none. */
  copyLastSamples(out: Float64Array): void {
    this.#counters.copyNewest(out)
  }

  /** The newest sample of a series; NaN for a gauge that ended. */
  last(series: number): readonly [EpochMs, number] | undefined {
    return this.#counters.last(series) ?? this.gauge(series).at(-1)
  }

  /** When anything of a series was seen last; NaN where nothing was. */
  lastSeenAt(series: number): EpochMs {
    const counterAt = this.#counters.lastTime(series)
    if (counterAt === counterAt) return counterAt
    const deltaAt = this.#deltas.lastEnd(series)
    return deltaAt === deltaAt ? deltaAt : (this.gauge(series).at(-1)?.[0] ?? Number.NaN)
  }

  /** How far the newest sample of a series is from the one before; 0 without two. */
  cadenceMs(series: number): number {
    return this.#counters.cadenceMs(series)
  }

  /**
   * Puts back the newest sample from a checkpoint, without counting it. What came before it was counted before the
   * checkpoint: it takes up all the room, so that no older sample is booked a second time.
   */
  restore(series: number, time: EpochMs, value: number): void {
    this.#counters.restore(series, time, value)
  }

  /** Puts back what a gauge showed, from a checkpoint. */
  restoreGauge(series: number, samples: readonly GaugeSample[]): void {
    if (this.gaugeFeeds(series).length > 0) this.#gauges.restore(series, samples)
  }

  /** Puts back what `allDeltas` gave of a series. */
  restoreDeltas(series: number, times: readonly EpochMs[]): void {
    this.#deltas.restore(series, times)
  }

  /**
   * Reads what `append` will need of series, for series in no order: each is far from the one before it, and would wait for
   * memory on its own.
   */
  touch(series: Int32Array, from: number, to: number): void {
    this.#counters.touch(series, from, to)
  }

  /**
   * Books samples of a batch as long as each is what nearly all are: the next value of a counter, in time and not fallen. Answers
   * the place of the first that is not. `arrived` is told where events were booked and up to when, once for all samples that
   * tell the same.
   */
  appendUsual(samples: CounterSamples, range: SampleRange, arrived: (feeds: F, time: EpochMs) => void): number {
    return this.#counters.appendUsual(samples, range, arrived)
  }

  /**
   * Books one sample: of a cumulative counter, of a gauge, or as both where SLOs want both. `start` is when the counter
   * started from zero; NaN where its sender does not say.
   */
  append(series: number, time: EpochMs, value: number, start = Number.NaN): Appended {
    const { contributions, gaugeFeeds } = this.feedsOf(series)
    if (gaugeFeeds.length === 0) return this.#counters.append(series, time, value, start)
    const appended = this.#gauges.append(series, gaugeFeeds, time, value)
    if (contributions.length > 0) return this.#counters.append(series, time, value, start)
    if (Number.isNaN(value)) return 'not-a-number'
    if (appended === 'accepted' || appended === 'out-of-order') this.#scraped(series, time)
    return appended
  }

  /** Books an increment: the events of (start, end]. */
  appendDelta(series: number, start: EpochMs, end: EpochMs, value: number): Appended {
    if (!Number.isFinite(value)) return 'not-a-number'
    if (value < 0) return 'negative'
    if (!(start < end)) {
      if (this.#deltas.hasEnd(series, end)) return 'duplicate'
      return this.appendDelta(series, this.#deltaStart(series, end), end, value)
    }
    const verdict = this.#deltas.take(series, start, end)
    if (verdict !== 'new' && verdict !== 'late') return verdict
    bookIncrements(this.contributions(series), start, end, value)
    this.#scraped(series, end)
    return verdict === 'new' ? 'accepted' : 'out-of-order'
  }

  /** The series ended: a gauge shows nothing any more. What a counter has counted stays. */
  end(series: number, time: EpochMs): void {
    const gauges = this.gaugeFeeds(series)
    if (gauges.length > 0) this.#gauges.append(series, gauges, time, Number.NaN)
  }

  /** Where an increment begins whose sender does not say: with the end of the one before, unless that is long ago. */
  #deltaStart(series: number, end: EpochMs): EpochMs {
    const lastEnd = this.#deltas.lastEnd(series)
    return lastEnd < end && end - lastEnd <= staleAfterMinMs ? lastEnd : end - 1
  }

  #scraped(series: number, time: EpochMs): void {
    this.targets.scraped(this.#table.targetOf(series), time)
  }
}
