import type { EventCounts } from '../core/model/counts.ts'
import type { Span } from '../core/model/exclusion.ts'
import { staleAfterMaxMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { Contribution } from '../core/series/contribution.ts'
import { CountHistory } from '../core/series/count-history.ts'
import { countIn } from '../core/series/row-bracket.ts'
import { SeenIntervals, SeenTable } from '../core/series/seen-intervals.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import { DayLedger } from './day-ledger.ts'

/** Samples of series without any region: they count towards the global scope and are no scope of their own. */
export const namelessRegion = ''

/** The counters of one SLO in one region; read as a gauge feed they say where gauges are read. */
export interface SloCounts extends CountsPlace {
  /** Compiled under the objective that the region has. */
  readonly compiled: CompiledSlo
  readonly history: CountHistory
  readonly seen: SeenIntervals
  /** Up to when the counts that no counter gives were made, or answers were booked. */
  madeUntil: EpochMs
  /** Made once per signal and sign, and shared by all series. */
  contributions: readonly Contribution[]
  /** The series of a threshold: what they show is read at every step; undefined before the first. */
  gauges: Set<number> | undefined
  /** What was counted day by day. */
  readonly days: DayLedger
}

/** Where the counts of an SLO stand, and since and up to when they are. */
export interface CountsPlace {
  /** The history columns: one per signal in the order of the indicator, then those made or asked for. */
  readonly columns: readonly number[]
  readonly listeningSince: EpochMs
  readonly madeUntil: EpochMs
  /** Where the columns go on from an earlier definition of the SLO. */
  readonly days?: DayLedger
  readonly seen?: SeenIntervals
}

const noSpans: readonly Span[] = []

/** Everything counted in one region. */
export class RegionCounts {
  readonly region: string
  readonly isUnknown: (slo: string) => boolean
  readonly history: CountHistory
  /** Up to when data was seen, of all SLOs. */
  readonly seenTable = new SeenTable()
  /** By SLO id. */
  readonly slos = new Map<string, SloCounts>()
  /** The newest event time of a sample; NaN before the first sample. */
  newestAt: EpochMs = Number.NaN
  oldestAt: EpochMs = Number.NaN
  /** Up to when answers to queries are there; NaN before the first. */
  answeredUntil: EpochMs = Number.NaN
  /** The days of SLOs that are not counted here now, by SLO id: they go on where one comes back. */
  readonly #pastDays = new Map<string, DayLedger>()
  /** The ids of SLOs that may have days of which history told, and which are not stored yet. */
  readonly #withPast = new Set<string>()
  #slosVersion = 0
  readonly #seenLeft: number[] = []
  #made: readonly SloCounts[] = []
  #madeVersion = -1

  /** `isUnknown` says of an SLO by its name that nobody can tell here what was good. */
  constructor(
    region: string,
    stepMs: DurationMs,
    horizonMs: DurationMs,
    isUnknown: (slo: string) => boolean = () => false,
  ) {
    this.region = region
    this.isUnknown = isUnknown
    this.history = new CountHistory(stepMs, horizonMs)
  }

  /** Starts counting an SLO here. */
  addSlo(compiled: CompiledSlo, listeningSince: EpochMs): SloCounts {
    const length = compiled.signals.length + compiled.madeColumns
    const columns = Array.from({ length }, () => this.history.addColumn())
    const days = this.daysOf(compiled.id)
    days.startAnew()
    return this.putSlo(compiled, { columns, listeningSince, madeUntil: Number.NEGATIVE_INFINITY, days })
  }

  /** Counts an SLO in columns that exist already. */
  putSlo(compiled: CompiledSlo, { columns, listeningSince, madeUntil, days, seen }: CountsPlace): SloCounts {
    const counts: SloCounts = {
      compiled,
      columns,
      history: this.history,
      seen: seen ?? new SeenIntervals(this.seenTable),
      listeningSince,
      madeUntil,
      contributions: [],
      gauges: undefined,
      days: days ?? this.daysOf(compiled.id),
    }
    this.#pastDays.delete(compiled.id)
    this.slos.set(compiled.id, counts)
    this.#slosVersion++
    return counts
  }

  /** Forgets an SLO and its counts. */
  removeSlo(id: string): void {
    const counts = this.slos.get(id)
    if (counts !== undefined) {
      for (const column of counts.columns) this.history.removeColumn(column)
      this.#pastDays.set(id, counts.days)
      this.#seenLeft.push(counts.seen.base)
    }
    this.slos.delete(id)
    this.#slosVersion++
  }

  /** The SLOs whose counts are made, because no counter gives them. */
  get made(): readonly SloCounts[] {
    if (this.#madeVersion !== this.#slosVersion) {
      this.#madeVersion = this.#slosVersion
      const kinds = ['slices', 'threshold']
      this.#made = [...this.slos.values()].filter(({ compiled }) => kinds.includes(compiled.slo.indicator.kind))
    }
    return this.#made
  }

  /** What was seen of removed SLOs need not be known any more: no series counts for them by now. */
  reuseSeen(): void {
    for (const base of this.#seenLeft.splice(0)) this.seenTable.remove(base)
  }

  /** Another number once other SLOs are counted here, or in other columns. */
  get slosVersion(): number {
    return this.#slosVersion
  }

  /** The events of an SLO in (at − window, at]. */
  windowCounts(slo: SloCounts, at: EpochMs, windowMs: DurationMs): EventCounts {
    return slo.compiled.events(this.#sums(slo, at - windowMs, at))
  }

  /** The events of an SLO in (from, to], for spans that nobody else asks for; what memory does not hold any more, by days. */
  countsBetween(slo: SloCounts, from: EpochMs, to: EpochMs): EventCounts {
    return this.countsWithout(slo, from, to, noSpans)
  }

  /** The same without the events of some spans within it, in order and apart from each other. */
  countsWithout(slo: SloCounts, from: EpochMs, to: EpochMs, spans: readonly Span[]): EventCounts {
    const since = slo.days.takesOver(from, this.inMemorySince)
    if (from >= since) return this.#remembered(slo, from, to, spans)
    const byDays = slo.days.sum(from, Math.min(to, since))
    const old = { bad: byDays.bad, total: byDays.total }
    for (const span of spans) {
      const left = slo.days.sum(Math.max(from, span.from), Math.min(span.to, to, since))
      old.bad -= left.bad
      old.total -= left.total
    }
    if (to <= since) return old
    const young = this.#remembered(slo, since, to, spans)
    return { bad: old.bad + young.bad, total: old.total + young.total }
  }

  /** Since when all counts are in memory; −∞ where none were dropped yet. */
  get inMemorySince(): EpochMs {
    const { rows, headAt, horizonMs } = this.history
    if (headAt === undefined || rows[0].at > headAt - horizonMs) return Number.NEGATIVE_INFINITY
    return rows[0].at
  }

  /** The days of every SLO that is counted here or was, by SLO id. */
  ledgers(): ReadonlyMap<string, DayLedger> {
    return new Map([...[...this.slos].map(([id, { days }]) => [id, days] as const), ...this.#pastDays])
  }

  /** Days of which history told and which are not stored yet, by SLO id. */
  unsavedPast(): readonly (readonly [slo: string, days: DayLedger['days']])[] {
    return [...this.#withPast].flatMap((id) => {
      const days = this.daysOf(id).unsavedPast()
      if (days.length > 0) return [[id, days] as const]
      this.#withPast.delete(id)
      return []
    })
  }

  /** The SLOs that have days here, whether they are counted now or were. */
  ledgerIds(): string[] {
    return [...this.slos.keys(), ...this.#pastDays.keys()]
  }

  /** The days of an SLO need not be known any more: it is gone for good. */
  forgetDays(id: string): void {
    this.#pastDays.delete(id)
  }

  /** Days that were stored, of SLOs that may be counted here. */
  restoreDays(slo: string, days: Parameters<DayLedger['restore']>[0]): void {
    this.daysOf(slo).restore(days)
  }

  /** All events ever counted for an SLO: they never fall, so that a rate can be taken of them. */
  countsEver(slo: SloCounts): EventCounts {
    return slo.compiled.events(slo.columns.map((column) => this.history.latestCount(column)))
  }

  /** A sample of this region was booked: time moves on. */
  sampleArrived(at: EpochMs): void {
    if (!(at <= this.newestAt)) this.newestAt = at
    if (!(at >= this.oldestAt)) this.oldestAt = at
  }

  /** The answer to a query was booked for (from, to]. */
  answerArrived(from: EpochMs, to: EpochMs): void {
    if (!(to <= this.answeredUntil)) this.answeredUntil = to
    if (!(from >= this.oldestAt)) this.oldestAt = from
  }

  /** The newest event time of which anything is known; NaN before the first. */
  get watermark(): EpochMs {
    return Number.isNaN(this.newestAt) ? this.answeredUntil : Math.max(this.newestAt, this.answeredUntil || 0)
  }

  /**
   * Up to when the region can be evaluated. Samples may come late by the delay; queries are asked only after it, so that
   * their answers are whole. Samples that have stopped coming are not waited for while answers come.
   */
  readyUntil(delayMs: DurationMs): EpochMs {
    const sampledUntil = this.newestAt - delayMs
    const isBehind = Number.isNaN(sampledUntil) || this.answeredUntil - sampledUntil > staleAfterMaxMs
    return isBehind && !Number.isNaN(this.answeredUntil) ? this.answeredUntil : sampledUntil
  }

  #remembered(slo: SloCounts, from: EpochMs, to: EpochMs, spans: readonly Span[]): EventCounts {
    const sums = this.#sums(slo, from, to)
    for (const span of spans) {
      const start = Math.max(from, span.from)
      const end = Math.min(to, span.to)
      if (start >= end) continue
      const left = this.#sums(slo, start, end)
      for (let column = 0; column < sums.length; column++) sums[column] -= left[column]
    }
    return slo.compiled.events(sums)
  }

  /** What each column of an SLO counted in (from, to]. */
  #sums({ columns }: SloCounts, from: EpochMs, to: EpochMs): number[] {
    const start = this.history.rowsAround(from)
    const end = this.history.rowsAround(to)
    if (start === undefined || end === undefined) return columns.map(() => 0)
    return columns.map((column) => countIn(end, column) - countIn(start, column))
  }

  /** The days of an SLO, counted here now or not. */
  daysOf(id: string): DayLedger {
    const known = this.slos.get(id)?.days ?? this.#pastDays.get(id)
    if (known !== undefined) return known
    const made = new DayLedger(id, this.#withPast)
    this.#pastDays.set(id, made)
    return made
  }
}
