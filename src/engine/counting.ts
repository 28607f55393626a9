import { type Labels, labelsOf } from '../core/model/labels.ts'
import { groupsPerSloMax, historyInMemoryMaxMs } from '../core/model/limits.ts'
import type { Slo, SloWindow } from '../core/model/slo.ts'
import { readSloId, sloId } from '../core/model/slo-id.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import type { Contribution } from '../core/series/contribution.ts'
import { SeriesStore } from '../core/series/series-store.ts'
import { BucketWatch } from './bucket-watch.ts'
import { type BudgetWindow, budgetWindow } from './budget-window.ts'
import { type CompiledSlo, compileSlo } from './compiled-slo.ts'
import type { Destination } from './destination.ts'
import { ExclusionsInForce } from './exclusions-in-force.ts'
import { RegionCounts, type SloCounts } from './region-counts.ts'
import { SeriesPerSlo } from './series-per-slo.ts'
import { signalsKey } from './signals-key.ts'
import { updateDays } from './update-days.ts'

type StoredDays = Parameters<RegionCounts['restoreDays']>[1]

/** Series, targets and regions: everything that is counted. One per engine. */
export class Counting {
  readonly stepMs: DurationMs
  readonly series = new SeriesStore<Destination>()
  /** How many series each SLO has. */
  readonly perSlo = new SeriesPerSlo()
  readonly regions = new Map<string, RegionCounts>()
  readonly buckets = new BucketWatch()
  /** Series that were not counted because their SLO has too many groups. */
  groupsRefused = 0
  /** Whether any SLO is evaluated as its groups. */
  hasGroups = false
  #declared: readonly CompiledSlo[] = []
  #declaredByName: ReadonlyMap<string, CompiledSlo> = new Map()
  #slos = new Map<string, CompiledSlo>()
  readonly #groupCounts = new Map<string, number>()
  readonly #full = new Set<string>()
  readonly exclusions = new ExclusionsInForce()
  readonly #daysToCome = new Map<string, (readonly [slo: string, days: StoredDays])[]>()
  #excludedEdges: ReadonlySet<EpochMs> = new Set()
  #edgesUntil: EpochMs = Number.NEGATIVE_INFINITY
  #edgesVersion = -1
  #horizonMs: DurationMs = dayMs
  #version = 0
  #calendars: readonly BudgetWindow[] = []
  #objectiveChanges: ReadonlySet<EpochMs> = new Set()

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

  /** Another number once other SLOs are evaluated. */
  get version(): number {
    return this.#version
  }

  /** The names of SLOs of which groups were refused and none has gone since. */
  get fullSlos(): ReadonlySet<string> {
    return this.#full
  }

  /**
   * Counts these SLOs from now on. An SLO whose signals are as before keeps its counts, even if its objective or its
   * rules changed; one whose signals changed starts anew, because old counts would answer another question.
   */
  setSlos(slos: readonly Slo[]): void {
    const before = this.#slos
    this.#version++
    for (const region of this.regions.values()) updateDays(region, region.watermark, this.exclusions)
    this.#declared = slos.map((slo) => compileSlo(slo))
    this.hasGroups = slos.some(({ groupBy }) => groupBy.length > 0)
    this.#declaredByName = new Map(this.#declared.map((compiled) => [compiled.slo.name, compiled]))
    this.#slos = new Map(this.#declared.filter(({ slo }) => slo.groupBy.length === 0).map((slo) => [slo.id, slo]))
    this.#groupCounts.clear()
    this.#full.clear()
    for (const compiled of before.values()) this.#keepGroup(compiled)
    for (const { window, alertWindows } of this.#declared) {
      // Longer windows are read from the daily counts.
      const windowMs = Math.min(window.horizonMs, historyInMemoryMaxMs)
      this.#horizonMs = Math.max(this.#horizonMs, windowMs, ...alertWindows)
    }
    const calendars = slos.flatMap(({ window }) => (window.kind === 'calendar' ? [window] : []))
    const byDays = calendars.filter((window) => budgetWindow(window).horizonMs > historyInMemoryMaxMs)
    const days = byDays.map((window) => ({ ...window, unit: 'day' }) as const)
    this.#calendars = distinct([...calendars, ...days]).map((window) => budgetWindow(window))
    this.#objectiveChanges = new Set(slos.flatMap(({ pastObjectives }) => pastObjectives.map(({ until }) => until)))
    for (const region of this.regions.values()) {
      region.history.extendHorizon(this.#horizonMs)
      for (const [id, counts] of region.slos) this.#carryOver(region, counts, before.get(id))
    }
    for (const { slo } of this.#declared) for (const region of slo.regions.expected) this.region(region)
  }

  /** Days that were stored, for a region that exists or comes up later. */
  restoreDays(region: string, slo: string, days: StoredDays): void {
    const known = this.regions.get(region)
    if (known !== undefined) {
      known.restoreDays(slo, days)
      return
    }
    const waiting = this.#daysToCome.get(region)
    if (waiting === undefined) this.#daysToCome.set(region, [[slo, days]])
    else waiting.push([slo, days])
  }

  region(name: string): RegionCounts {
    let region = this.regions.get(name)
    if (region === undefined) {
      region = new RegionCounts(name, this.stepMs, this.#horizonMs, (slo) => this.buckets.isHeld(slo, name))
      region.history.keepRowsAt((at) => this.#isBeginning(at))
      for (const [slo, days] of this.#daysToCome.get(name) ?? []) region.restoreDays(slo, days)
      this.#daysToCome.delete(name)
      this.regions.set(name, region)
    }
    return region
  }

  /**
   * The SLO that a series with these labels counts for: the declared one, or its group. A group that is new is taken up
   * if so told; undefined where it is not, or is one too many.
   */
  sloFor(declared: CompiledSlo, labels: Labels, takesUp: boolean): CompiledSlo | undefined {
    const { groupBy, name } = declared.slo
    if (groupBy.length === 0) return declared
    const group = labelsOf(groupBy.map((label) => [label, labels.get(label) ?? '']))
    return takesUp ? this.findGroup(name, group) : this.#slos.get(sloId({ name, group }))
  }

  /** The SLO with an id; one that is a group is taken up when it is new. */
  findSlo(id: string): CompiledSlo | undefined {
    const known = this.#slos.get(id)
    if (known !== undefined) return known
    const { name, group } = readSloId(id)
    return this.findGroup(name, group)
  }

  /** One group of an SLO that is declared with `groupBy`, taken up when it is new. */
  findGroup(name: string, group: Labels): CompiledSlo | undefined {
    const id = sloId({ name, group })
    const known = this.#slos.get(id)
    if (known !== undefined) return known
    const declared = this.#declaredByName.get(name)
    if (declared === undefined || !isGroupOf(declared.slo, group)) return undefined
    const count = this.#groupCounts.get(name) ?? 0
    if (count >= groupsPerSloMax) {
      this.groupsRefused++
      this.#full.add(name)
      return undefined
    }
    const compiled = compileSlo({ ...declared.slo, group })
    this.#groupCounts.set(name, count + 1)
    this.#slos.set(id, compiled)
    this.#version++
    return compiled
  }

  /** Stops counting a group, in every region; answers what was counted for it. Its room is free for others. */
  forgetGroup({ id, slo }: CompiledSlo): readonly SloCounts[] {
    const forgotten: SloCounts[] = []
    for (const region of this.regions.values()) {
      const counts = region.slos.get(id)
      if (counts === undefined) continue
      forgotten.push(counts)
      region.removeSlo(id)
      region.forgetDays(id)
    }
    this.#slos.delete(id)
    this.#version++
    this.#groupCounts.set(slo.name, (this.#groupCounts.get(slo.name) ?? 1) - 1)
    this.#full.delete(slo.name)
    return forgotten
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
    const { columns, seen, listeningSince, contributions } = counts
    const known = contributions.find((each) => each.column === columns[signal] && each.sign === sign)
    if (known !== undefined) return known
    const made: Contribution = {
      history: region.history,
      column: columns[signal],
      sign,
      seen: counts.compiled.seenSignals.has(signal) ? seen : undefined,
      listeningSince,
    }
    counts.contributions = [...contributions, made]
    return made
  }

  /** What an SLO has counted in a region; it starts to when it had not. */
  countsIn(region: RegionCounts, compiled: CompiledSlo, since: EpochMs): SloCounts {
    return region.slos.get(compiled.id) ?? region.addSlo(compiled.inRegion(region.region), since)
  }

  /** Budgets are counted from here, in a calendar window, after the days before it, or under one of several objectives. */
  #isBeginning(at: EpochMs): boolean {
    if (this.#objectiveChanges.has(at) || this.#calendars.some((calendar) => calendar.beginsAt(at))) return true
    if (at >= this.#edgesUntil || this.#edgesVersion !== this.exclusions.version) this.#findEdges(at)
    return this.#excludedEdges.has(at)
  }

  /** Rows are asked about as they age, so that the edges of the days around one are enough to look through. */
  #findEdges(at: EpochMs): void {
    this.#edgesUntil = at + dayMs
    this.#edgesVersion = this.exclusions.version
    this.#excludedEdges = this.exclusions.edges(at - historyInMemoryMaxMs, this.#edgesUntil)
  }

  #keepGroup(before: CompiledSlo): void {
    const { name, group, groupBy } = before.slo
    const declared = this.#declaredByName.get(name)
    if (groupBy.length === 0 || declared === undefined || signalsKey(declared) !== signalsKey(before)) return
    this.findGroup(name, group)
  }

  #carryOver(region: RegionCounts, counts: SloCounts, before: CompiledSlo | undefined): void {
    const { id } = counts.compiled
    const after = this.#slos.get(id)
    if (after === undefined || before === undefined || signalsKey(before) !== signalsKey(after)) {
      region.removeSlo(id)
      return
    }
    const carried = region.putSlo(after.inRegion(region.region), counts)
    const seen = counts.seen.snapshot()
    if (seen !== undefined) carried.seen.restore(seen)
  }
}

function distinct(windows: readonly SloWindow[]): SloWindow[] {
  return [...new Map(windows.map((window) => [JSON.stringify(window), window])).values()]
}

/** Whether the labels can be the values of one group; after a reload those of an old one may not. */
function isGroupOf({ groupBy }: Slo, group: Labels): boolean {
  return groupBy.length > 0 && [...group.keys()].every((label) => groupBy.includes(label))
}
