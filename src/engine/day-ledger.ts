import type { EventCounts } from '../core/model/counts.ts'
import { type DayCounts, type DaysSum, sumOfDays } from '../core/model/daily-counts.ts'
import { dailyCountsSettleMs } from '../core/model/limits.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { NotedDays } from './noted-days.ts'

/** A day without the names of what it counts. */
type Day = Omit<DayCounts, 'slo' | 'region'>

/** What the days of one SLO in one region are made from. */
export interface DaySource {
  readonly between: (from: EpochMs, to: EpochMs) => EventCounts
  readonly seenMs: (from: EpochMs, to: EpochMs) => DurationMs
  /** Since when data was seen; undefined when none ever was. */
  readonly seenSince: EpochMs | undefined
  /** Since when all counts are in memory; −∞ where none were ever dropped. */
  readonly inMemorySince: EpochMs
  /** The end of the day that holds a moment. */
  readonly endOfDay: (at: EpochMs) => EpochMs
  /** The start of the day that holds a moment. */
  readonly startOfDay: (at: EpochMs) => EpochMs
  /** Moments at which a day goes on in another part, in order. */
  readonly cuts: readonly EpochMs[]
}

/**
 * The days of one SLO in one region: those under way or just over, made anew from the counts in memory as long as late
 * samples may change them, and as many older ones as its window needs.
 */
export class DayLedger {
  #days: Day[] = []
  readonly #unsaved = new NotedDays()
  /** Days that history told of: they are stored only where nothing is known of their time. */
  readonly #past = new NotedDays()
  #isAskedForOld = true
  /** Since when the counts in memory are those of this SLO: what is older was counted by another definition of it. */
  #countedSince: EpochMs = Number.NEGATIVE_INFINITY

  readonly #id: string
  readonly #withPast: Set<string>

  /** `id` says which SLO it is of: it is put into `withPast` when there are days of which history told. */
  constructor(id: string, withPast: Set<string>) {
    this.#id = id
    this.#withPast = withPast
  }

  /** Oldest first. */
  get days(): readonly Day[] {
    return this.#days
  }

  /** Up to when days are counted; undefined before the first. */
  get until(): EpochMs | undefined {
    return this.#days.at(-1)?.until
  }

  /** Days as they were stored, oldest first. */
  restore(days: readonly Day[]): void {
    this.#days = [...days]
  }

  /** Days of which history told before a restart, and which are not stored yet. */
  restorePast(past: readonly Day[]): void {
    const added = past.filter((day) => !this.#days.some(({ from, to }) => from < day.to && to > day.from))
    this.#days = [...this.#days, ...added].sort((a, b) => a.from - b.from)
    for (const { from } of added) this.#past.add(from)
    this.#withPast.add(this.#id)
  }

  /** The counts in memory begin anew: what was counted stays, and the day goes on in a second part. */
  startAnew(): void {
    const last = this.#days.at(-1)
    if (last === undefined) return
    this.#countedSince = last.until
    if (last.until < last.to) {
      this.#days[this.#days.length - 1] = { ...last, to: last.until }
      this.#unsaved.add(last.from)
    }
  }

  /**
   * Up to when days are to be asked for counts from a moment on, and memory after it; −∞ where memory holds everything from
   * there on.
   */
  takesOver(from: EpochMs, inMemorySince: EpochMs): EpochMs {
    if (!this.#isAskedForOld) return Number.NEGATIVE_INFINITY
    const since = Math.max(inMemorySince, this.#countedSince)
    const first = this.#days[0]
    if (from >= since || first === undefined || first.from >= since) return Number.NEGATIVE_INFINITY
    return this.#days.find(({ to }) => to >= since)?.to ?? since
  }

  /** Whether windows reach beyond the counts in memory, so that `takesOver` may answer anything else than −∞. */
  get isAskedForOld(): boolean {
    return this.#isAskedForOld
  }

  /** The events of (from, to] by days. */
  sum(from: EpochMs, to: EpochMs): DaysSum {
    return sumOfDays(this.#days, from, to)
  }

  /** Brings the days up to a moment. Days older than `keptMs` are dropped from memory once they are stored. */
  update(at: EpochMs, source: DaySource, keptMs: DurationMs): void {
    this.#isAskedForOld = keptMs > 0
    this.#addDays(at, source)
    for (let index = this.#days.length - 1; index >= 0; index--) {
      const day = this.#days[index]
      // A day is counted once at least: several may have passed since the last look.
      if (day.to <= at - dailyCountsSettleMs && day.until >= day.to) break
      if (!this.#isCountable(day, source)) break
      this.#cut(index, at, source.cuts)
      for (let part = index; part < this.#days.length && this.#days[part].from < day.to; part++) {
        this.#count(part, at, source)
      }
    }
    const oldest = at - Math.max(keptMs + dayMs, dailyCountsSettleMs + dayMs)
    let dropped = 0
    while (dropped < this.#days.length && this.#days[dropped].to < oldest && this.#isSaved(this.#days[dropped]))
      dropped++
    this.#days.splice(0, dropped)
  }

  /**
   * Takes up days of which history told, up to `until`, from where on counts are live. Days that are known are counted again by
   * what memory holds now, as is the one in which history ends and live begins.
   */
  addPast(past: readonly Day[], until: EpochMs, at: EpochMs, source: DaySource): void {
    const known = this.#days
    const isNew = (day: Day) => day.from < until && !known.some(({ from, to }) => from < day.to && to > day.from)
    const added = past.filter(isNew)
    this.#days = [...known, ...added].sort((a, b) => a.from - b.from)
    for (const [index, day] of this.#days.entries()) {
      if (day.from >= until) break
      const isNowMore = day.to > until || !added.includes(day)
      if (!isNowMore) this.#past.add(day.from)
      else if (this.#isCountable(day, source)) {
        this.#count(index, at, source)
        this.#unsaved.add(day.from)
      }
    }
    this.#withPast.add(this.#id)
  }

  /** Days that changed since they were stored. */
  unsaved(): readonly Day[] {
    return this.#unsaved.areNone ? [] : this.#days.filter(({ from }) => this.#unsaved.has(from))
  }

  /** Days of which history told, oldest first: to be stored where nothing is known of their time. */
  unsavedPast(): readonly Day[] {
    return this.#past.areNone ? [] : this.#days.filter(({ from }) => this.#past.has(from))
  }

  /** They were stored as they are. */
  markSaved(days: readonly Pick<Day, 'from'>[]): void {
    for (const { from } of days) this.#unsaved.delete(from)
  }

  /** They were stored, or others were known. */
  markPastSaved(days: readonly Pick<Day, 'from'>[]): void {
    for (const { from } of days) this.#past.delete(from)
  }

  #isSaved({ from }: Day): boolean {
    return !this.#unsaved.has(from) && !this.#past.has(from)
  }

  /** Whether memory holds what was counted on a day, all of it and by this definition. */
  #isCountable({ from }: Day, { inMemorySince }: DaySource): boolean {
    return from >= this.#countedSince && from >= inMemorySince
  }

  #count(index: number, at: EpochMs, source: DaySource): void {
    const day = this.#days[index]
    const until = Math.min(at, day.to)
    if (until <= day.from) return
    const { bad, total } = source.between(day.from, until)
    const seenMs = source.seenMs(day.from, until)
    const isAsBefore = bad === day.bad && total === day.total && seenMs === day.seenMs
    if (isAsBefore && until < day.to) return
    this.#days[index] = { ...day, until, bad, total, seenMs }
    // A day of which nothing was seen and nothing counted needs no row.
    if (!isAsBefore || (day.until < day.to && seenMs > 0)) this.#unsaved.add(day.from)
  }

  /** Divides a day where it has been one up to now: something begins or ends within it not to count. */
  #cut(index: number, at: EpochMs, cuts: readonly EpochMs[]): void {
    if (cuts.length === 0) return
    const day = this.#days[index]
    const within = cuts.filter((cut) => cut > day.from && cut < day.to)
    if (within.length === 0) return
    const ends = [...within, day.to]
    const parts = ends.map((to, place) => {
      const from = ends[place - 1] ?? day.from
      return { from, to, until: from, bad: 0, total: 0, seenMs: 0 }
    })
    // A part that has not begun yet is made when it does.
    this.#days.splice(index, 1, ...parts.filter(({ from }) => from < at))
    // What is stored is the whole day.
    this.#unsaved.add(day.from)
  }

  #addDays(at: EpochMs, source: DaySource): void {
    const last = this.#days.at(-1)
    if (source.seenSince === undefined) return
    const firstSeen = Math.max(source.seenSince, source.inMemorySince)
    let from = last === undefined ? source.startOfDay(firstSeen) : last.to
    // Days on which nothing was seen are not made: the first that was begins the next.
    if (last !== undefined && firstSeen > from) from = Math.max(from, source.startOfDay(firstSeen))
    while (from < at) {
      const dayEnd = source.endOfDay(from)
      const begin = from
      const to = source.cuts.find((cut) => cut > begin && cut < dayEnd) ?? dayEnd
      this.#days.push({ from, to, until: from, bad: 0, total: 0, seenMs: 0 })
      from = to
    }
  }
}
