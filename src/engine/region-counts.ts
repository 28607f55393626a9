import type { EventCounts } from '../core/model/counts.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { CountHistory } from '../core/series/count-history.ts'
import { SeenIntervals } from '../core/series/seen-intervals.ts'
import type { Contribution } from '../core/series/series-store.ts'
import type { CompiledSlo } from './compiled-slo.ts'

/** Samples of series without any region: they count towards the global scope and are no scope of their own. */
export const namelessRegion = ''

/** The counters of one SLO in one region. */
export interface SloCounts {
  readonly compiled: CompiledSlo
  /** The history column of each signal, in the order of the indicator. */
  readonly columns: readonly number[]
  readonly seen: SeenIntervals
  readonly listeningSince: EpochMs
  /** Made once per signal and sign, and shared by all series. */
  readonly contributions: Map<string, Contribution>
}

/** Everything counted in one region. */
export class RegionCounts {
  readonly region: string
  readonly history: CountHistory
  readonly slos = new Map<string, SloCounts>()
  /** The newest event time seen; NaN before the first sample. */
  newestAt: EpochMs = Number.NaN
  oldestAt: EpochMs = Number.NaN
  #sumsAt: EpochMs = Number.NaN
  readonly #sums = new Map<DurationMs, Float64Array>()

  constructor(region: string, stepMs: DurationMs, horizonMs: DurationMs) {
    this.region = region
    this.history = new CountHistory(stepMs, horizonMs)
  }

  /** Starts counting an SLO here. */
  addSlo(compiled: CompiledSlo, listeningSince: EpochMs): SloCounts {
    const columns = compiled.signals.map(() => this.history.addColumn())
    return this.putSlo(compiled, columns, listeningSince)
  }

  /** Counts an SLO in columns that exist already. */
  putSlo(compiled: CompiledSlo, columns: readonly number[], listeningSince: EpochMs): SloCounts {
    const counts = { compiled, columns, seen: new SeenIntervals(), listeningSince, contributions: new Map() }
    this.slos.set(compiled.slo.name, counts)
    this.#forgetSums()
    return counts
  }

  /** Forgets an SLO and its counts. */
  removeSlo(name: string): void {
    for (const column of this.slos.get(name)?.columns ?? []) this.history.removeColumn(column)
    this.slos.delete(name)
    this.#forgetSums()
  }

  /** The events of an SLO in (at − window, at]. Sums over all columns are made once per window and moment. */
  windowCounts(slo: SloCounts, at: EpochMs, windowMs: DurationMs): EventCounts {
    const sums = this.#sumsOver(at, windowMs)
    return slo.compiled.events(slo.columns.map((column) => sums[column]))
  }

  /** All events ever counted for an SLO: they never fall, so that a rate can be taken of them. */
  countsEver(slo: SloCounts): EventCounts {
    return slo.compiled.events(slo.columns.map((column) => this.history.latestCount(column)))
  }

  /** A sample of this region was booked: time moves on, and sums made before may be out of date. */
  sampleArrived(at: EpochMs): void {
    this.#forgetSums()
    if (!(at <= this.newestAt)) this.newestAt = at
    if (!(at >= this.oldestAt)) this.oldestAt = at
  }

  #forgetSums(): void {
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
