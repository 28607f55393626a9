import type { EventCounts } from '../core/model/counts.ts'
import { staleAfterMaxMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { CountHistory } from '../core/series/count-history.ts'
import { SeenIntervals } from '../core/series/seen-intervals.ts'
import type { Contribution } from '../core/series/series-store.ts'
import type { CompiledSlo } from './compiled-slo.ts'

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
  readonly contributions: Map<string, Contribution>
  /** The series of a threshold: what they show is read at every step. */
  readonly gauges: Set<number>
}

/** Where the counts of an SLO stand, and since and up to when they are. */
export interface CountsPlace {
  /** The history columns: one per signal in the order of the indicator, then those made or asked for. */
  readonly columns: readonly number[]
  readonly listeningSince: EpochMs
  readonly madeUntil: EpochMs
}

/** Everything counted in one region. */
export class RegionCounts {
  readonly region: string
  readonly history: CountHistory
  /** By SLO id. */
  readonly slos = new Map<string, SloCounts>()
  /** The newest event time of a sample; NaN before the first sample. */
  newestAt: EpochMs = Number.NaN
  oldestAt: EpochMs = Number.NaN
  /** Up to when answers to queries are there; NaN before the first. */
  answeredUntil: EpochMs = Number.NaN
  #sumsAt: EpochMs = Number.NaN
  readonly #sums = new Map<DurationMs, Float64Array>()

  constructor(region: string, stepMs: DurationMs, horizonMs: DurationMs) {
    this.region = region
    this.history = new CountHistory(stepMs, horizonMs)
  }

  /** Starts counting an SLO here. */
  addSlo(compiled: CompiledSlo, listeningSince: EpochMs): SloCounts {
    const length = compiled.signals.length + compiled.madeColumns
    const columns = Array.from({ length }, () => this.history.addColumn())
    return this.putSlo(compiled, { columns, listeningSince, madeUntil: Number.NEGATIVE_INFINITY })
  }

  /** Counts an SLO in columns that exist already. */
  putSlo(compiled: CompiledSlo, { columns, listeningSince, madeUntil }: CountsPlace): SloCounts {
    const counts: SloCounts = {
      compiled,
      columns,
      history: this.history,
      seen: new SeenIntervals(),
      listeningSince,
      madeUntil,
      contributions: new Map(),
      gauges: new Set(),
    }
    this.slos.set(compiled.id, counts)
    this.forgetSums()
    return counts
  }

  /** Forgets an SLO and its counts. */
  removeSlo(id: string): void {
    for (const column of this.slos.get(id)?.columns ?? []) this.history.removeColumn(column)
    this.slos.delete(id)
    this.forgetSums()
  }

  /** The events of an SLO in (at − window, at]. Sums over all columns are made once per window and moment. */
  windowCounts(slo: SloCounts, at: EpochMs, windowMs: DurationMs): EventCounts {
    const sums = this.#sumsOver(at, windowMs)
    return slo.compiled.events(slo.columns.map((column) => sums[column]))
  }

  /** The events of an SLO in (from, to], for spans that nobody else asks for. */
  countsBetween(slo: SloCounts, from: EpochMs, to: EpochMs): EventCounts {
    return slo.compiled.events(slo.columns.map((column) => this.history.countBetween(column, from, to)))
  }

  /** All events ever counted for an SLO: they never fall, so that a rate can be taken of them. */
  countsEver(slo: SloCounts): EventCounts {
    return slo.compiled.events(slo.columns.map((column) => this.history.latestCount(column)))
  }

  /** A sample of this region was booked: time moves on, and sums made before may be out of date. */
  sampleArrived(at: EpochMs): void {
    this.forgetSums()
    if (!(at <= this.newestAt)) this.newestAt = at
    if (!(at >= this.oldestAt)) this.oldestAt = at
  }

  /** The answer to a query was booked for (from, to]. */
  answerArrived(from: EpochMs, to: EpochMs): void {
    this.forgetSums()
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

  /** Counts changed: sums made before are out of date. */
  forgetSums(): void {
    this.#sumsAt = Number.NaN
  }

  #sumsOver(at: EpochMs, windowMs: DurationMs): Float64Array {
    if (at !== this.#sumsAt) {
      this.#sums.clear()
      this.#sumsAt = at
    }
    let sums = this.#sums.get(windowMs)
    if (sums === undefined) {
      sums = new Float64Array(this.history.columns)
      this.history.windowCounts(at, windowMs, sums)
      this.#sums.set(windowMs, sums)
    }
    return sums
  }
}
