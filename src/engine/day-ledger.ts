import type { EventCounts } from '../core/model/counts.ts'
import { type DayCounts, type DaysSum, sumOfDays } from '../core/model/daily-counts.ts'
import { dailyCountsSettleMs } from '../core/model/limits.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'

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
  /** The end of the day, or of the part of it, that begins at a moment or holds it. */
  readonly endOfDay: (at: EpochMs) => EpochMs
  /** The start of the day that holds a moment. */
  readonly startOfDay: (at: EpochMs) => EpochMs
}

/**
 * The days of one SLO in one region: those under way or just over, made anew from the counts in memory as long as late
 * samples may change them, and as many older ones as its window needs.
 */
export class DayLedger {
  #days: Day[] = []
  readonly #unsaved = new Set<EpochMs>()
  /** Since when the counts in memory are those of this SLO: what is older was counted by another definition of it. */
  #countedSince: EpochMs = Number.NEGATIVE_INFINITY

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
    const since = Math.max(inMemorySince, this.#countedSince)
    const first = this.#days[0]
    if (from >= since || first === undefined || first.from >= since) return Number.NEGATIVE_INFINITY
    return this.#days.find(({ to }) => to >= since)?.to ?? since
  }

  /** The events of (from, to] by days. */
  sum(from: EpochMs, to: EpochMs): DaysSum {
    return sumOfDays(this.#days, from, to)
  }

  /** Brings the days up to a moment. Days older than `keptMs` are dropped from memory once they are stored. */
  update(at: EpochMs, source: DaySource, keptMs: DurationMs): void {
    this.#addDays(at, source)
    for (let index = this.#days.length - 1; index >= 0; index--) {
      const day = this.#days[index]
      if (day.to <= at - dailyCountsSettleMs || day.from < this.#countedSince) break
      if (day.from < source.inMemorySince) break
      const until = Math.min(at, day.to)
      if (until <= day.from) continue
      const { bad, total } = source.between(day.from, until)
      const seenMs = source.seenMs(day.from, until)
      if (bad === day.bad && total === day.total && seenMs === day.seenMs) continue
      this.#days[index] = { ...day, until, bad, total, seenMs }
      this.#unsaved.add(day.from)
    }
    const oldest = at - Math.max(keptMs + dayMs, dailyCountsSettleMs + dayMs)
    while (this.#days.length > 0 && this.#days[0].to < oldest && !this.#unsaved.has(this.#days[0].from)) {
      this.#days.shift()
    }
  }

  /** Days that changed since they were stored. */
  unsaved(): readonly Day[] {
    return this.#unsaved.size === 0 ? [] : this.#days.filter(({ from }) => this.#unsaved.has(from))
  }

  /** They were stored as they are. */
  markSaved(days: readonly Pick<Day, 'from'>[]): void {
    for (const { from } of days) this.#unsaved.delete(from)
  }

  #addDays(at: EpochMs, source: DaySource): void {
    const last = this.#days.at(-1)
    if (source.seenSince === undefined) return
    const firstSeen = Math.max(source.seenSince, source.inMemorySince)
    let from = last === undefined ? source.startOfDay(firstSeen) : last.to
    // Days on which nothing was seen are not made: the first that was begins the next.
    if (last !== undefined && firstSeen > from) from = Math.max(from, source.startOfDay(firstSeen))
    while (from < at) {
      const to = source.endOfDay(from)
      this.#days.push({ from, to, until: from, bad: 0, total: 0, seenMs: 0 })
      from = to
    }
  }
}
