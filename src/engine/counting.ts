import { type Labels, labelsOf } from '../core/model/labels.ts'
import { groupsPerSloMax } from '../core/model/limits.ts'
import type { Slo } from '../core/model/slo.ts'
import { sloId } from '../core/model/slo-id.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { type Contribution, newTarget, SeriesStore, type Target } from '../core/series/series-store.ts'
import { printCounters, printSelector } from '../core/sli/print-counters.ts'
import { type CompiledSlo, compileSlo } from './compiled-slo.ts'
import { RegionCounts, type SloCounts } from './region-counts.ts'

/** Series, targets and regions: everything that is counted. One per engine. */
export class Counting {
  readonly stepMs: DurationMs
  readonly series = new SeriesStore()
  readonly regions = new Map<string, RegionCounts>()
  readonly targets = new Map<string, Target>()
  /** Groups that were not taken up because their SLO has too many. */
  groupsRefused = 0
  #declared: readonly CompiledSlo[] = []
  #slos = new Map<string, CompiledSlo>()
  readonly #groupCounts = new Map<string, number>()
  #horizonMs: DurationMs = dayMs

  constructor(stepMs: DurationMs) {
    this.stepMs = stepMs
  }

  /** The SLOs as declared; one with `groupBy` is evaluated only as its groups. */
  get declared(): readonly CompiledSlo[] {
    return this.#declared
  }

  /** The SLOs that are evaluated, groups among them, by id. */
  get slos(): ReadonlyMap<string, CompiledSlo> {
    return this.#slos
  }

  /**
   * Counts these SLOs from now on. An SLO whose signals are as before keeps its counts, even if its objective or its
   * rules changed; one whose signals changed starts anew, because old counts would answer another question.
   */
  setSlos(slos: readonly Slo[]): void {
    const before = this.#slos
    this.#declared = slos.map((slo) => compileSlo(slo))
    this.#slos = new Map(this.#declared.filter(({ slo }) => slo.groupBy.length === 0).map((slo) => [slo.id, slo]))
    this.#groupCounts.clear()
    for (const { slo } of before.values()) if (slo.group.size > 0) this.findGroup(slo.name, slo.group)
    for (const { window, alertWindows } of this.#declared) {
      this.#horizonMs = Math.max(this.#horizonMs, window.horizonMs, ...alertWindows)
    }
    for (const region of this.regions.values()) {
      region.history.extendHorizon(this.#horizonMs)
      for (const [id, counts] of region.slos) this.#carryOver(region, counts, before.get(id))
    }
    for (const { slo } of this.#declared) for (const region of slo.regions.expected) this.region(region)
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

  /** The SLO that a series with these labels counts for: the declared one, or its group; undefined over the limit. */
  sloFor(declared: CompiledSlo, labels: Labels): CompiledSlo | undefined {
    const { groupBy, name } = declared.slo
    if (groupBy.length === 0) return declared
    return this.findGroup(name, labelsOf(groupBy.map((label) => [label, labels.get(label) ?? ''])))
  }

  /** One group of an SLO that is declared with `groupBy`, taken up when it is new. */
  findGroup(name: string, group: Labels): CompiledSlo | undefined {
    const id = sloId({ name, group })
    const known = this.#slos.get(id)
    if (known !== undefined) return known
    const declared = this.#declared.find(({ slo }) => slo.name === name)
    if (declared === undefined || declared.slo.groupBy.length === 0) return undefined
    const count = this.#groupCounts.get(name) ?? 0
    if (count >= groupsPerSloMax) {
      this.groupsRefused++
      return undefined
    }
    const compiled = compileSlo({ ...declared.slo, group })
    this.#groupCounts.set(name, count + 1)
    this.#slos.set(id, compiled)
    return compiled
  }

  /** A checkpoint failed: the next one writes everything. */
  markUnsaved(): void {
    for (const { history } of this.regions.values()) history.markUnsaved()
  }

  /** Where a series that matches one term of one signal is counted. */
  contribution(
    region: RegionCounts,
    compiled: CompiledSlo,
    signal: number,
    sign: 1 | -1,
    since: EpochMs,
  ): Contribution {
    const counts = this.countsIn(region, compiled, since)
    const key = `${signal}/${sign}`
    let contribution = counts.contributions.get(key)
    if (contribution === undefined) {
      const { columns, seen, listeningSince } = counts
      contribution = {
        history: region.history,
        column: columns[signal],
        sign,
        seen: counts.compiled.seenSignals.has(signal) ? seen : undefined,
        listeningSince,
      }
      counts.contributions.set(key, contribution)
    }
    return contribution
  }

  /** What an SLO has counted in a region; it starts to when it had not. */
  countsIn(region: RegionCounts, compiled: CompiledSlo, since: EpochMs): SloCounts {
    return region.slos.get(compiled.id) ?? region.addSlo(inRegion(compiled, region.region), since)
  }

  #carryOver(region: RegionCounts, counts: SloCounts, before: CompiledSlo | undefined): void {
    const { id } = counts.compiled
    const after = this.#slos.get(id)
    if (after === undefined || before === undefined || signalsKey(before) !== signalsKey(after)) {
      region.removeSlo(id)
      return
    }
    const carried = region.putSlo(inRegion(after, region.region), counts.columns, counts.listeningSince)
    const seen = counts.seen.snapshot()
    if (seen !== undefined) carried.seen.restore(seen)
  }
}

/** An SLO under the objective that it has in a region. */
export function inRegion(compiled: CompiledSlo, region: string): CompiledSlo {
  const objective = compiled.slo.regions.objectives.get(region)
  return objective === undefined ? compiled : compileSlo(compiled.slo, objective)
}

/** Equal for SLOs that count the same thing, so that one's counts serve the other. */
export function signalsKey({ slo, signals }: CompiledSlo): string {
  const { indicator } = slo
  const counters = signals.map((signal) => `${signal.name}=${printCounters(signal.counters)}`)
  const made = indicator.kind === 'events' ? [] : [JSON.stringify({ ...indicator, signals: [], metric: null })]
  const gauge = indicator.kind === 'threshold' ? [printSelector(indicator.metric)] : []
  return JSON.stringify([indicator.kind, slo.regions.label, ...counters, ...made, ...gauge])
}
