import { staleAfterMinMs } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import { bookIncrement, type Contribution, isListenedTo } from './contribution.ts'
import {
  addGaugeSample,
  forgetRead,
  type GaugeAppended,
  type GaugeFeed,
  type GaugeSample,
  heldUntil,
} from './gauge-samples.ts'
import { type CounterSamples, increments, type SampleRange } from './increments.ts'
import { RecentDeltas } from './recent-deltas.ts'
import { RecentSamples } from './recent-samples.ts'
import { grown, roomFor } from './room.ts'
import { SharedTable } from './shared-table.ts'
import { Targets } from './targets.ts'

/** Where the samples of a series go. Shared by all series that go there. */
export interface Feeds {
  readonly contributions: readonly Contribution[]
  readonly gaugeFeeds: readonly GaugeFeed[]
}

/** What happened to one sample. */
export type Appended =
  | 'accepted'
  | 'reset'
  | 'out-of-order'
  | 'duplicate'
  | 'too-old'
  | 'not-a-number'
  | 'negative'
  | 'overlapping'

/**
 * Counter samples in, increments out: remembers the last samples of every series, turns each new one into the events
 * since its neighbour, and books them where the series contributes. Increments are added up, never the counters
 * themselves, so that one process restarting cannot look like a reset of the sum.
 *
 * Series are numbers, and what is known of them stands in typed arrays. The rules are in docs/counting.md.
 */
export class SeriesStore<F extends Feeds = Feeds> {
  /** Samples of gauges that were dropped unread, because too many of them waited. */
  gaugeSamplesDropped = 0
  /** Means nothing: it is there so that what `touch` reads is not left out as unused. */
  touched = 0
  readonly targets = new Targets()
  readonly #samples = new RecentSamples()
  readonly #deltas = new RecentDeltas()
  readonly #feeds = new SharedTable<F>()
  readonly #gaugeSamples = new Map<number, GaugeSample[]>()
  /** Of histograms that come whole: the series that counts all their events, and when it last started from zero. */
  readonly #leaders = new Map<number, number>()
  readonly #leaderResets = new Map<number, EpochMs>()
  #feedsOf = new Int32Array(0)
  /** The stretch of time of which those who feed from a place were told last: two numbers each. */
  #told = new Float64Array(0)
  #targetOf = new Int32Array(0)
  /** Of the samples at hand. */
  #increments = increments(0)
  /** How long before the oldest sample kept of a series it was counted from zero; `notBorn` where it was not. */
  #bornBefore = new Uint32Array(0)
  #kinds = new Uint8Array(0)
  #length = 0

  /** One more than the highest number of a series. */
  get size(): number {
    return this.#length
  }

  /** Bytes of the tables. */
  get byteLength(): number {
    const arrays = [this.#feedsOf, this.#told, this.#targetOf, this.#bornBefore, this.#kinds]
    const others = this.#samples.byteLength + this.targets.byteLength
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, others)
  }

  /** Where samples go, with how many series go there. */
  feeds(): Iterable<readonly [F, number]> {
    return this.#feeds.entries()
  }

  /** Takes up a series of a target that is held for it; answers its number: the one given, which must be free, or the next. */
  add(feeds: F, target: number, series = this.#length): number {
    this.reserve(series + 1)
    if (series >= this.#length) this.#length = series + 1
    this.#samples.clear(series)
    this.#feedsOf[series] = this.#hold(feeds)
    this.#targetOf[series] = target
    this.#bornBefore[series] = notBorn
    this.#kinds[series] = kindOf(feeds)
    return series
  }

  /** Forgets a series, and its target with the last series of it. What it counted stays. */
  remove(series: number): void {
    this.#feeds.release(this.#feedsOf[series])
    this.#samples.clear(series)
    this.#deltas.clear(series)
    this.#gaugeSamples.delete(series)
    this.#leaders.delete(series)
    this.#leaderResets.delete(series)
    this.#kinds[series] = 0
    this.targets.release(this.#targetOf[series])
  }

  /** Lets a series feed other signals from now on: what it counted before stays where it was counted. */
  redirect(series: number, feeds: F): void {
    const before = this.#feedsOf[series]
    this.#feedsOf[series] = this.#hold(feeds)
    this.#feeds.release(before)
    this.#kinds[series] = kindOf(feeds) | (this.#kinds[series] & ~kindGaugeOnly)
    if (feeds.gaugeFeeds.length === 0) this.#gaugeSamples.delete(series)
  }

  /** A series starts from zero whenever another does, and at no other time: both are of one histogram. */
  follow(series: number, leader: number): void {
    this.#leaders.set(series, leader)
    this.#kinds[series] |= kindFollower
    this.#kinds[leader] |= kindLeader
  }

  feedsOf(series: number): F {
    return this.#feeds.at(this.#feedsOf[series])
  }

  targetOf(series: number): number {
    return this.#targetOf[series]
  }

  contributions(series: number): readonly Contribution[] {
    return this.feedsOf(series).contributions
  }

  gaugeFeeds(series: number): readonly GaugeFeed[] {
    return this.feedsOf(series).gaugeFeeds
  }

  /** What a gauge showed, as far back as it was not read yet, oldest first. */
  gauge(series: number): readonly GaugeSample[] {
    return this.#gaugeSamples.get(series) ?? []
  }

  /** What all gauges showed. */
  gauges(): Iterable<readonly [number, readonly GaugeSample[]]> {
    return this.#gaugeSamples
  }

  /** The intervals that series of increments have reported of late, as pairs of start and end, oldest first. */
  allDeltas(): Iterable<readonly [number, readonly EpochMs[]]> {
    return this.#deltas.all()
  }

  /** Fills in time and value of the newest sample of each series, one behind the other; NaN where there is none. */
  copyLastSamples(out: Float64Array): void {
    for (let series = 0; 2 * series < out.length; series++) {
      out[2 * series] = this.#samples.lastTime(series)
      out[2 * series + 1] = this.#samples.lastValue(series)
    }
  }

  /** The newest sample of a series; NaN for a gauge that ended. */
  last(series: number): readonly [EpochMs, number] | undefined {
    const samples = this.#samples
    if (samples.count(series) === 0) return this.#gaugeSamples.get(series)?.at(-1)
    return [samples.lastTime(series), samples.lastValue(series)]
  }

  /** When anything of a series was seen last; NaN where nothing was. */
  lastSeenAt(series: number): EpochMs {
    const counterAt = this.#samples.lastTime(series)
    if (counterAt === counterAt) return counterAt
    const deltaAt = this.#deltas.lastEnd(series)
    return deltaAt === deltaAt ? deltaAt : (this.#gaugeSamples.get(series)?.at(-1)?.[0] ?? Number.NaN)
  }

  /** How far the newest sample of a series is from the one before; 0 without two. */
  cadenceMs(series: number): number {
    const samples = this.#samples
    return samples.count(series) < 2 ? 0 : samples.lastTime(series) - samples.timeAt(series, 1)
  }

  /**
   * Puts back the newest sample from a checkpoint, without counting it. What came before it was counted before the
   * checkpoint: it takes up all the room, so that no older sample is booked a second time.
   */
  restore(series: number, time: EpochMs, value: number): void {
    if ((this.#kinds[series] & kindGaugeOnly) === kindGaugeOnly) return
    this.#samples.fill(series, time, value)
  }

  /** Puts back what a gauge showed, from a checkpoint. */
  restoreGauge(series: number, samples: readonly GaugeSample[]): void {
    if (this.gaugeFeeds(series).length > 0) this.#gaugeSamples.set(series, [...samples])
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
    const samples = this.#samples
    let sum = 0
    for (let index = from; index < to; index++) {
      const each = series[index]
      sum += samples.touch(each) + this.#kinds[each] + this.#feedsOf[each] + this.targets.lastAt(this.#targetOf[each])
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
    const end = from + this.#samples.pushUsual(samples, range, this.#kinds, kindsApart, news)
    this.targets.scrapedAll(refs, from, end, this.#targetOf, toMs)
    for (let index = from, place = 0; index < end; index++, place++) {
      const number = this.#feedsOf[refs[index]]
      const feeds = this.#feeds.at(number)
      const { contributions } = feeds
      const isTold = this.#told[2 * number] === fromMs[place] && this.#told[2 * number + 1] === toMs[place]
      if (!isTold) {
        this.#tell(number, contributions, fromMs[place], toMs[place])
        arrived(feeds, toMs[place])
      }
      for (let each = 0; each < contributions.length; each++) {
        const { history, column, sign } = contributions[each]
        history.addOf(news, place, column, sign)
      }
    }
    return end
  }

  /** Lets those who feed from a place know of a stretch of time; what happened in it is added for each of their series. */
  #tell(number: number, contributions: readonly Contribution[], from: EpochMs, to: EpochMs): void {
    for (const contribution of contributions) bookIncrement(contribution, from, to, 0, 1)
    this.#told[2 * number] = from
    this.#told[2 * number + 1] = to
  }

  /**
   * Books one sample: of a cumulative counter, of a gauge, or as both where SLOs want both. `start` is when the counter
   * started from zero; NaN where its sender does not say.
   */
  append(series: number, time: EpochMs, value: number, start = Number.NaN): Appended {
    const gauges = this.gaugeFeeds(series)
    if (gauges.length === 0) return this.#appendCounter(series, time, value, start)
    const appended = this.#appendGauge(series, gauges, time, value)
    if (this.contributions(series).length > 0) return this.#appendCounter(series, time, value, start)
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
    this.#book(series, start, end, value, 1)
    this.#scraped(series, end)
    return verdict === 'new' ? 'accepted' : 'out-of-order'
  }

  /** The series ended: a gauge shows nothing any more. What a counter has counted stays. */
  end(series: number, time: EpochMs): void {
    const gauges = this.gaugeFeeds(series)
    if (gauges.length > 0) this.#appendGauge(series, gauges, time, Number.NaN)
  }

  /** Where an increment begins whose sender does not say: with the end of the one before, unless that is long ago. */
  #deltaStart(series: number, end: EpochMs): EpochMs {
    const lastEnd = this.#deltas.lastEnd(series)
    return lastEnd < end && end - lastEnd <= staleAfterMinMs ? lastEnd : end - 1
  }

  #appendCounter(series: number, time: EpochMs, given: number, start: EpochMs): Appended {
    if (!Number.isFinite(given)) return 'not-a-number'
    if (given < 0) return 'negative'
    const samples = this.#samples
    if (samples.count(series) === 0) {
      this.#bookFirst(series, time, given, start)
      samples.push(series, time, given)
      this.#scraped(series, time)
      return 'accepted'
    }
    const value = (this.#kinds[series] & kindFollower) === 0 ? given : this.#asLed(series, time, given)
    const lastTime = samples.lastTime(series)
    if (time <= lastTime) return this.#appendLate(series, time, value, start)
    if (time - lastTime > staleAfterMinMs) this.#bridgeAbsence(series, time)
    const restartedAt = this.#restartedAt(series, lastTime, time, start)
    if (restartedAt !== undefined) this.#standAtZero(series, restartedAt)
    const reset = restartedAt !== undefined || value < samples.lastValue(series)
    this.#book(series, samples.lastTime(series), time, increment(samples.lastValue(series), value), 1)
    samples.push(series, time, value)
    this.#scraped(series, time)
    if (reset && (this.#kinds[series] & kindLeader) !== 0) this.#leaderResets.set(series, time)
    return reset ? 'reset' : 'accepted'
  }

  /** When a counter started from zero since its last sample, if that shows in something else than a fall. */
  #restartedAt(series: number, lastTime: EpochMs, time: EpochMs, start: EpochMs): EpochMs | undefined {
    const known = this.#samples.lastTime(series) + 1
    if (start > lastTime && start < time) return Math.max(start, known) < time ? Math.max(start, known) : undefined
    const leaderAt = this.#leaderResetAt(series)
    return leaderAt > lastTime && leaderAt <= time && known < time ? known : undefined
  }

  /** Puts a zero between two samples: what the later one counts came after it, also where it did not fall. */
  #standAtZero(series: number, time: EpochMs): void {
    this.#book(series, this.#samples.lastTime(series), time, 0, 1)
    this.#samples.push(series, time, 0)
  }

  #leaderResetAt(series: number): EpochMs {
    const leader = this.#leaders.get(series)
    return leader === undefined ? Number.NaN : (this.#leaderResets.get(leader) ?? Number.NaN)
  }

  /**
   * A bucket of a histogram is an estimate that may fall when buckets are merged, though no event was taken back: it stands
   * still then. Only a start of the whole histogram from zero lets it fall.
   */
  #asLed(series: number, time: EpochMs, value: number): number {
    const samples = this.#samples
    let age = 0
    while (age < samples.count(series) && samples.timeAt(series, age) > time) age++
    if (age === samples.count(series)) return value
    const before = samples.valueAt(series, age)
    if (age === 0) {
      const leaderAt = this.#leaderResetAt(series)
      return leaderAt > samples.lastTime(series) && leaderAt <= time ? value : Math.max(before, value)
    }
    const after = samples.valueAt(series, age - 1)
    return before <= after ? Math.min(after, Math.max(before, value)) : value
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
    const absentAt = this.targets.scrapeBefore(this.#targetOf[series], time)
    if (!(absentAt > lastTime)) return
    this.#book(series, lastTime, absentAt, 0, 1)
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
      this.#book(series, previousTime, time, increment(previousValue, value), 1)
    } else {
      const born = this.#takeBackFirst(series, nextTime, nextValue)
      this.#bookFirst(series, time, value, start === start ? start : born)
    }
    this.#book(series, time, nextTime, increment(value, nextValue), 1)
    samples.insert(series, age, time, value)
    this.#scraped(series, time)
    return 'out-of-order'
  }

  /**
   * The first sample of a series. If it says when it started, or if its target was scraped before without it, it was
   * created since and all it counts is new; on the first sight of a target nobody knows how old its counts are, so that
   * counting starts from here.
   */
  #bookFirst(series: number, time: EpochMs, value: number, start: EpochMs): void {
    const target = this.#targetOf[series]
    const settlingMs = this.targets.settlingMs(target)
    const isSettled = time - this.targets.firstAt(target) > settlingMs
    const absentAt = isSettled ? this.targets.scrapeBefore(target, time) : Number.NaN
    const isTold = start < time && !(start < absentAt)
    const born = Math.max(isTold ? start : absentAt, time - notBorn + 1)
    this.#bornBefore[series] = born === born ? time - born : notBorn
    this.#kinds[series] = isTold ? this.#kinds[series] | kindTold : this.#kinds[series] & ~kindTold
    for (const contribution of this.contributions(series)) {
      const { history, column, seen, sign } = contribution
      history.advanceTo(time)
      const isNew = isListenedTo(contribution, born, time, settlingMs, isTold)
      if (isNew) history.add(column, born, time, value, sign)
      seen?.see(isNew ? born : time, time)
    }
  }

  /** Answers when the series was told to have started, if it was. */
  #takeBackFirst(series: number, time: EpochMs, value: number): EpochMs {
    const before = this.#bornBefore[series]
    const born = before === notBorn ? Number.NaN : time - before
    const isTold = (this.#kinds[series] & kindTold) !== 0
    const settlingMs = this.targets.settlingMs(this.#targetOf[series])
    for (const contribution of this.contributions(series)) {
      const { history, column, sign } = contribution
      const wasNew = isListenedTo(contribution, born, time, settlingMs, isTold)
      if (wasNew) history.add(column, born, time, value, sign === 1 ? -1 : 1)
    }
    return isTold ? born : Number.NaN
  }

  #book(series: number, from: EpochMs, to: EpochMs, amount: number, sign: 1 | -1): void {
    for (const contribution of this.contributions(series)) bookIncrement(contribution, from, to, amount, sign)
  }

  /** Takes hold of feeds, which have been told nothing if their number was another's. */
  #hold(feeds: F): number {
    const number = this.#feeds.hold(feeds)
    if (2 * number >= this.#told.length) this.#told = grown(this.#told, new Float64Array(roomFor(2 * number + 2)))
    this.#told[2 * number] = Number.NaN
    return number
  }

  #scraped(series: number, time: EpochMs): void {
    this.targets.scraped(this.#targetOf[series], time)
  }

  /** Makes room for so many series at once, which is cheaper than growing. */
  reserve(length: number): void {
    if (length <= this.#kinds.length) return
    const capacity = roomFor(length)
    this.#feedsOf = grown(this.#feedsOf, new Int32Array(capacity))
    this.#targetOf = grown(this.#targetOf, new Int32Array(capacity))
    this.#bornBefore = grown(this.#bornBefore, new Uint32Array(capacity))
    this.#kinds = grown(this.#kinds, new Uint8Array(capacity))
    this.#samples.reserve(length)
  }
}

/** Larger than any time in milliseconds that is kept, which is 49 days. */
const notBorn = 0xffff_ffff

const kindGauge = 1
/** A gauge that counts nothing keeps no samples of a counter. */
const kindGaugeOnly = 3
const kindFollower = 4
const kindLeader = 8
/** Its first sample said when it started. */
const kindTold = 16
/** What makes a series leave the way of nearly all. */
const kindsApart = kindGaugeOnly | kindFollower | kindLeader

function kindOf({ contributions, gaugeFeeds }: Feeds): number {
  if (gaugeFeeds.length === 0) return 0
  return contributions.length === 0 ? kindGaugeOnly : kindGauge
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
