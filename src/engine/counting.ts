import type { Slo } from '../core/model/slo.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { type Contribution, newTarget, SeriesStore, type Target } from '../core/series/series-store.ts'
import { printCounters } from '../core/sli/print-counters.ts'
import { type CompiledSlo, compileSlo } from './compiled-slo.ts'
import { RegionCounts, type SloCounts } from './region-counts.ts'

/** Series, targets and regions: everything that is counted. One per engine. */
export class Counting {
  readonly stepMs: DurationMs
  readonly series = new SeriesStore()
  readonly regions = new Map<string, RegionCounts>()
  readonly targets = new Map<string, Target>()
  #slos = new Map<string, CompiledSlo>()
  #horizonMs: DurationMs = dayMs
  #alertWindows: readonly DurationMs[] = []

  constructor(stepMs: DurationMs) {
    this.stepMs = stepMs
  }

  get slos(): ReadonlyMap<string, CompiledSlo> {
    return this.#slos
  }

  /** All windows of all rules, shortest first. */
  get alertWindows(): readonly DurationMs[] {
    return this.#alertWindows
  }

  /**
   * Counts these SLOs from now on. An SLO whose signals are as before keeps its counts, even if its objective or its
   * rules changed; one whose signals changed starts anew, because old counts would answer another question.
   */
  setSlos(slos: readonly Slo[]): void {
    const before = this.#slos
    this.#slos = new Map(slos.map((slo) => [slo.name, compileSlo(slo)]))
    const compiled = [...this.#slos.values()]
    this.#horizonMs = compiled.reduce((max, slo) => Math.max(max, slo.windowMs, ...slo.alertWindows), this.#horizonMs)
    this.#alertWindows = [...new Set(compiled.flatMap(({ alertWindows }) => alertWindows))].sort((a, b) => a - b)
    for (const region of this.regions.values()) {
      region.history.extendHorizon(this.#horizonMs)
      for (const [name, counts] of region.slos) this.#carryOver(region, counts, before.get(name))
    }
    for (const slo of compiled) {
      for (const region of slo.slo.regions.expected) this.region(region)
    }
  }

  region(name: string): RegionCounts {
    let region = this.regions.get(name)
    if (region === undefined) {
      region = new RegionCounts(name, this.stepMs, this.#horizonMs)
      this.regions.set(name, region)
    }
    return region
  }

  /** The target a series belongs to, made when it is new. */
  target(key: string, settlingMs: DurationMs): Target {
    let target = this.targets.get(key)
    if (target === undefined) {
      target = newTarget(settlingMs)
      this.targets.set(key, target)
    }
    return target
  }

  /** A checkpoint failed: the next one writes everything. */
  markUnsaved(): void {
    for (const { history } of this.regions.values()) history.markUnsaved()
  }

  /** Where a series that matches one term of one signal is counted. */
  contribution(region: RegionCounts, compiled: CompiledSlo, signal: number, sign: 1 | -1, now: EpochMs): Contribution {
    const counts = region.slos.get(compiled.slo.name) ?? region.addSlo(compiled, now)
    const key = `${signal}/${sign}`
    let contribution = counts.contributions.get(key)
    if (contribution === undefined) {
      contribution = {
        history: region.history,
        column: counts.columns[signal],
        sign,
        seen: compiled.seenSignals.has(signal) ? counts.seen : undefined,
        listeningSince: counts.listeningSince,
      }
      counts.contributions.set(key, contribution)
    }
    return contribution
  }

  #carryOver(region: RegionCounts, counts: SloCounts, before: CompiledSlo | undefined): void {
    const name = counts.compiled.slo.name
    const after = this.#slos.get(name)
    if (after === undefined || before === undefined || signalsKey(before) !== signalsKey(after)) {
      region.removeSlo(name)
      return
    }
    const carried = region.putSlo(after, counts.columns, counts.listeningSince)
    const seen = counts.seen.snapshot()
    if (seen !== undefined) carried.seen.restore(seen)
  }
}

/** Equal for SLOs that count the same thing, so that one's counts serve the other. */
export function signalsKey({ slo, signals }: CompiledSlo): string {
  const counters = signals.map((signal) => `${signal.name}=${printCounters(signal.counters)}`)
  return JSON.stringify([slo.indicator.kind, slo.regions.label, ...counters])
}
