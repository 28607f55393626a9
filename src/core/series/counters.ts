import { staleAfterMinMs } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import type { Appended } from './appended.ts'
import { bookIncrements, type Telling } from './contribution.ts'
import { FirstSamples } from './first-samples.ts'
import { HistogramLeaders } from './histogram-leaders.ts'
import { type CounterSamples, increments, type SampleRange } from './increments.ts'
import { RecentSamples } from './recent-samples.ts'
import { roomFor } from './room.ts'
import { apart, type Feeds, follower, gaugeOnly, leader, type SeriesTable } from './series-table.ts'
import type { Targets } from './targets.ts'

/**
 * Samples of cumulative counters in, increments out: each sample becomes the events since its neighbour among the last few of
 * its series, in whatever order they come. The rules are in docs/counting.md.
 */
export class Counters<F extends Feeds> {
  /** Means nothing: it is there so that what `touch` reads is not left out as unused. */
  touched = 0
  readonly #table: SeriesTable<F>
  readonly #targets: Targets
  readonly #samples = new RecentSamples()
  readonly #first: FirstSamples
  readonly #leaders = new HistogramLeaders()
  /** Of the samples at hand. */
  #increments = increments(0)

  constructor(table: SeriesTable<F>, targets: Targets) {
    this.#table = table
    this.#targets = targets
    this.#first = new FirstSamples(table, targets)
  }

  /** Bytes of the tables. */
  get byteLength(): number {
    return this.#samples.byteLength + this.#first.byteLength
  }

  /** Makes room for series 0 … length − 1. */
  reserve(length: number): void {
    this.#samples.reserve(length)
    this.#first.reserve(length)
  }

  /** A series has no sample yet, or none any more. */
  clear(series: number): void {
    this.#samples.clear(series)
    this.#first.clear(series)
    this.#leaders.clear(series)
  }

  /** A series starts from zero whenever another does, and at no other time: both are of one histogram. */
  follow(series: number, led: number): void {
    this.#leaders.follow(series, led)
    this.#table.mark(series, follower, true)
    this.#table.mark(led, leader, true)
  }

  /** The newest sample of a series; undefined without one. */
  last(series: number): readonly [EpochMs, number] | undefined {
    const samples = this.#samples
    return samples.count(series) === 0 ? undefined : [samples.lastTime(series), samples.lastValue(series)]
  }

  /** Time of the newest sample; NaN without one. */
  lastTime(series: number): EpochMs {
    return this.#samples.lastTime(series)
  }

  /** Value of the newest sample; NaN without one. */
  lastValue(series: number): number {
    return this.#samples.lastValue(series)
  }

  /** Fills in time and value of the newest sample of each series, one behind the other; NaN where there is none. */
  copyNewest(out: Float64Array): void {
    this.#samples.copyNewest(out)
  }

  /** How far the newest sample of a series is from the one before; 0 without two. */
  cadenceMs(series: number): number {
    const samples = this.#samples
    return samples.count(series) < 2 ? 0 : samples.lastTime(series) - samples.timeAt(series, 1)
  }

  /** Puts back the newest sample, which takes up all the room, so that no older one is booked a second time. */
  restore(series: number, time: EpochMs, value: number): void {
    if (!this.#table.is(series, gaugeOnly)) this.#samples.fill(series, time, value)
  }

  /**
   * Reads what `append` will need of series, for series in no order: each is far from the one before it, and would wait for
   * memory on its own.
   */
  touch(series: Int32Array, from: number, to: number): void {
    const samples = this.#samples
    const { kinds, feedNumbers, targets } = this.#table
    let sum = 0
    for (let index = from; index < to; index++) {
      const each = series[index]
      sum += samples.touch(each) + kinds[each] + feedNumbers[each] + this.#targets.lastAt(targets[each])
    }
    this.touched = sum
  }

  /**
   * Books samples of a batch as long as each is what nearly all are: the next value of a counter, in time and not fallen. Answers
   * the place of the first that is not. `arrived` is told where events were booked and up to when, once for all samples that
   * tell the same.
   */
  appendUsual(samples: CounterSamples, range: SampleRange, arrived: (feeds: F, time: EpochMs) => void): number {
    const { refs } = samples
    const { from } = range
    const length = range.to - from
    if (length > this.#increments.amounts.length) this.#increments = increments(roomFor(length))
    const news = this.#increments
    const { fromMs, toMs } = news
    const table = this.#table
    const { feedNumbers } = table
    const end = from + this.#samples.pushUsual(samples, range, table.kinds, apart, news)
    this.#targets.scrapedAll(refs, from, end, table.targets, toMs)
    for (let index = from, place = 0; index < end; index++, place++) {
      const number = feedNumbers[refs[index]]
      const feeds = table.feedsAt(number)
      const { contributions } = feeds
      if (!table.wereTold(number, fromMs[place], toMs[place])) {
        // Told once of the time; what happened in it is added for each series.
        bookIncrements(contributions, fromMs[place], toMs[place], 0)
        table.noteTold(number, fromMs[place], toMs[place])
        arrived(feeds, toMs[place])
      }
      for (let each = 0; each < contributions.length; each++) {
        const { history, column, sign } = contributions[each]
        history.addOf(news, place, column, sign)
      }
    }
    return end
  }

  /** Books one sample; `start` is when the counter started from zero, NaN where its sender does not say. */
  append(series: number, time: EpochMs, given: number, start: EpochMs): Appended {
    if (!Number.isFinite(given)) return 'not-a-number'
    if (given < 0) return 'negative'
    const samples = this.#samples
    if (samples.count(series) === 0) {
      this.#first.book(series, time, given, start)
      samples.push(series, time, given)
      this.#scraped(series, time)
      return 'accepted'
    }
    const value = this.#table.is(series, follower) ? this.#leaders.asLed(samples, series, time, given) : given
    const lastTime = samples.lastTime(series)
    if (time <= lastTime) return this.#appendLate(series, time, value, start)
    if (time - lastTime > staleAfterMinMs) this.#bridgeAbsence(series, time)
    const restartedAt = this.#restartedAt(series, lastTime, time, start)
    if (restartedAt !== undefined) this.#standAtZero(series, restartedAt)
    const hasFallen = value < samples.lastValue(series)
    const reset = restartedAt !== undefined || hasFallen
    const amount = increment(samples.lastValue(series), value)
    this.#book(series, samples.lastTime(series), time, amount, 1, hasFallen ? 'lose' : 'see')
    samples.push(series, time, value)
    this.#scraped(series, time)
    if (reset && this.#table.is(series, leader)) this.#leaders.noteReset(series, time)
    return reset ? 'reset' : 'accepted'
  }

  /** When a counter started from zero since its last sample, if that shows in something else than a fall. */
  #restartedAt(series: number, lastTime: EpochMs, time: EpochMs, start: EpochMs): EpochMs | undefined {
    const known = this.#samples.lastTime(series) + 1
    if (start > lastTime && start < time) return Math.max(start, known) < time ? Math.max(start, known) : undefined
    const leaderAt = this.#leaders.resetAt(series)
    return leaderAt > lastTime && leaderAt <= time && known < time ? known : undefined
  }

  /** Puts a zero between two samples: what the later one counts came after it, also where it did not fall. */
  #standAtZero(series: number, time: EpochMs): void {
    this.#book(series, this.#samples.lastTime(series), time, 0, 1, 'lose')
    this.#samples.push(series, time, 0)
  }

  /**
   * A series that was missing while its target was scraped stood still until the last scrape without it: what it has
   * counted by now happened since then, and not evenly over all the time it was away.
   */
  #bridgeAbsence(series: number, time: EpochMs): void {
    const samples = this.#samples
    const lastTime = samples.lastTime(series)
    const absentAt = this.#targets.scrapeBefore(this.#table.targetOf(series), time)
    if (!(absentAt > lastTime)) return
    this.#book(series, lastTime, absentAt, 0, 1, 'seeAbsent')
    samples.push(series, absentAt, samples.lastValue(series))
  }

  /**
   * A sample that is not newer than the newest: it goes between its neighbours, and the increment that bridged them is
   * replaced by the two it now consists of. Their sum is the same unless the sample reveals a reset.
   */
  #appendLate(series: number, time: EpochMs, value: number, start: EpochMs): Appended {
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
      const telling = value < previousValue ? 'lose' : 'see'
      this.#book(series, previousTime, time, increment(previousValue, value), 1, telling)
    } else {
      const born = this.#first.takeBack(series, nextTime, nextValue)
      this.#first.book(series, time, value, start === start ? start : born)
    }
    this.#book(series, time, nextTime, increment(value, nextValue), 1, nextValue < value ? 'lose' : 'see')
    samples.insert(series, age, time, value)
    this.#scraped(series, time)
    return 'out-of-order'
  }

  #book(series: number, from: EpochMs, to: EpochMs, amount: number, sign: 1 | -1 = 1, telling: Telling = 'see'): void {
    bookIncrements(this.#table.feedsOf(series).contributions, from, to, amount, sign, telling)
  }

  #scraped(series: number, time: EpochMs): void {
    this.#targets.scraped(this.#table.targetOf(series), time)
  }
}

/** The events between two samples of one counter; after a reset the counter started again from zero. */
function increment(earlier: number, later: number): number {
  return later < earlier ? later : later - earlier
}
