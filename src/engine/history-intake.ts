import type { Labels } from '../core/model/labels.ts'
import { historyReplacesMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { CountHistory } from '../core/series/count-history.ts'
import { retentionLadder } from '../core/series/retention-ladder.ts'
import { alignDown, alignUp } from '../core/time/alignment.ts'
import type { HistoryReading, HistorySink, WantedSeries } from '../ports/history-sink.ts'
import { type CheckpointChanges, json, textOf } from './checkpoint-parts.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { joinsOf } from './history-joins.ts'
import { HistoryCounting, historyKey, type LiveBefore, type ReadingPlan } from './history-reading.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'
import type { SampleIntake } from './sample-intake.ts'
import { ownSelectors, selectorsOf } from './wanted-selectors.ts'

/** Everything of it in a checkpoint is named so. */
const prefix = 'history/'

/** Days of which history told and which no tick has stored yet. */
const pastPart = `${prefix}past`

/** Knows which SLOs have their history in which regions, and reads what is missing. One per engine. */
export class HistoryIntake implements HistorySink {
  readonly #counting: Counting
  readonly #intake: SampleIntake
  readonly #now: () => EpochMs
  /** By region: what every SLO counted whose history was read there. */
  readonly #done = new Map<string, Set<string>>()
  readonly #open = new Map<string, HistoryCounting>()
  /** Readings of a checkpoint, which go on when their source asks for them. */
  readonly #restored = new Map<string, RestoredReading>()
  /** Names of parts in the store, by region, to be removed when the reading is over. */
  readonly #stored = new Map<string, Set<string>>()
  readonly #removed: string[] = []
  #isPastStored = false

  constructor(counting: Counting, intake: SampleIntake, now: () => EpochMs) {
    this.#counting = counting
    this.#intake = intake
    this.#now = now
  }

  isLive(region: string): boolean {
    return !Number.isNaN(this.#counting.regions.get(region)?.newestAt ?? Number.NaN)
  }

  wanted(region: string): WantedSeries {
    const { declared } = this.#counting
    const takes = (labels: Labels) => declared.some(({ slo }) => (labels.get(slo.regions.label) ?? region) === region)
    return { selectors: selectorsOf(declared), takes }
  }

  open(region: string, source: string, liveUntil = this.#now()): HistoryReading | undefined {
    const missing = this.#counting.declared.filter((slo) => {
      return ownSelectors(slo).length > 0 && !this.#done.get(region)?.has(historyKey(slo))
    })
    const resumed = this.#resume(region, source, missing)
    if (resumed !== undefined) return resumed
    this.#forget(region)
    if (missing.length === 0) return undefined
    return this.#begin(this.#plan(region, source, liveUntil, missing), missing)
  }

  /** Forgets that history was read for SLOs that are gone: when one comes back it counts anew. */
  rulesChanged(): void {
    const declared = new Set(this.#counting.declared.map(historyKey))
    for (const done of this.#done.values()) for (const key of done) if (!declared.has(key)) done.delete(key)
  }

  /** What a checkpoint has to hold. */
  takeParts(): CheckpointChanges {
    const parts = new Map<string, Uint8Array>()
    const removed = this.#removed.splice(0)
    if (this.#done.size > 0)
      parts.set(`${prefix}done`, json([...this.#done].map(([region, slos]) => [region, [...slos]])))
    for (const [region, reading] of this.#open) {
      const changes = reading.takeParts()
      const stored = this.#stored.get(region) ?? new Set()
      this.#stored.set(region, stored)
      for (const [name, bytes] of changes.parts) parts.set(partName(region, name), bytes)
      parts.set(partName(region, 'plan'), json(planPart(reading)))
      for (const name of parts.keys()) if (name.startsWith(partName(region, ''))) stored.add(name)
      removed.push(...changes.removed.map((name) => partName(region, name)))
    }
    const past = pastDays(this.#counting)
    if (past.length > 0) parts.set(pastPart, json(past))
    else if (this.#isPastStored) removed.push(pastPart)
    this.#isPastStored = past.length > 0
    return { parts, later: new Map(), removed: removed.filter((name) => !parts.has(name)) }
  }

  /** A checkpoint failed: the next one writes everything. */
  markUnsaved(): void {
    for (const reading of this.#open.values()) reading.markUnsaved()
  }

  /** Puts back what a checkpoint holds of it. */
  restoreParts(parts: ReadonlyMap<string, Uint8Array>): void {
    const done = parts.get(`${prefix}done`)
    if (done !== undefined) {
      const regions: [string, string[]][] = JSON.parse(textOf(done))
      for (const [region, slos] of regions) this.#done.set(region, new Set(slos))
    }
    const past = parts.get(pastPart)
    this.#isPastStored = past !== undefined
    const untold: ReturnType<typeof pastDays> = past === undefined ? [] : JSON.parse(textOf(past))
    for (const [region, slo, days] of untold) this.#counting.region(region).daysOf(slo).restorePast(days)
    for (const [name, bytes] of parts) {
      if (!name.startsWith(prefix) || !name.endsWith('/plan')) continue
      const plan: PlanPart = JSON.parse(textOf(bytes))
      const own = partName(plan.region, '')
      const named = [...parts].filter(([part]) => part.startsWith(own))
      this.#stored.set(plan.region, new Set(named.map(([part]) => part)))
      const restored = new Map(named.map(([part, content]) => [part.slice(own.length), content]))
      this.#restored.set(plan.region, { plan, parts: restored })
    }
  }

  /** Goes on with a reading that is under way, here or in a checkpoint, if it is for these very SLOs. */
  #resume(region: string, source: string, missing: readonly CompiledSlo[]): HistoryReading | undefined {
    const wanted = JSON.stringify(missing.map(historyKey))
    const open = this.#open.get(region)
    if (open !== undefined && open.plan.source === source && JSON.stringify(open.keys) === wanted) return open
    const restored = this.#restored.get(region)
    this.#restored.delete(region)
    if (restored === undefined || restored.plan.source !== source) return undefined
    if (JSON.stringify(restored.plan.keys) !== wanted) return undefined
    const reading = this.#begin(this.#planOf(restored.plan), missing)
    reading.restoreParts(restored.parts, restored.plan.readUntil, restored.plan.days ?? [])
    return reading
  }

  #begin(plan: ReadingPlan, missing: readonly CompiledSlo[]): HistoryCounting {
    const reading = new HistoryCounting(plan, missing, this.#counting, () => {
      const done = this.#done.get(plan.region) ?? new Set()
      this.#done.set(plan.region, done)
      for (const key of reading.keys) done.add(key)
      this.#forget(plan.region)
    })
    this.#open.set(plan.region, reading)
    return reading
  }

  #forget(region: string): void {
    this.#open.delete(region)
    this.#removed.push(...(this.#stored.get(region) ?? []))
    this.#stored.delete(region)
  }

  #plan(region: string, source: string, liveUntil: EpochMs, missing: readonly CompiledSlo[]): ReadingPlan {
    const now = this.#now()
    const names = new Set(missing.map(({ slo }) => slo.name))
    const joins = joinsOf(this.#counting, this.#intake.held, region, names)
    const live = this.#counting.regions.get(region)
    const joinedAt = joins.reduce((at, { time }) => Math.max(at, time), Number.NEGATIVE_INFINITY)
    const until = Number.isFinite(joinedAt) ? joinedAt : liveUntil
    const counted = [...(live?.slos.values() ?? [])].filter(({ compiled }) => names.has(compiled.slo.name))
    const horizonMs = Math.max(...missing.flatMap(({ window, alertWindows }) => [window.horizonMs, ...alertWindows]))
    return {
      region,
      source,
      from: alignDown(now - horizonMs - marginMs(this.#counting.stepMs, horizonMs), this.#counting.stepMs),
      until: liveUntil,
      joins,
      before: live === undefined ? [] : counted.map((counts) => liveBefore(live, counts, until)),
    }
  }

  #planOf(part: PlanPart): ReadingPlan {
    const { stepMs } = this.#counting
    const before = part.before.map(({ rows, until, madeUntil, ...rest }) => {
      const counts = rows === null ? undefined : new CountHistory(stepMs, part.until - part.from)
      const restored = (rows ?? []).map(({ at, counts: values }) => ({ at, counts: Float64Array.from(values) }))
      counts?.restoreWide(restored)
      return { ...rest, until, madeUntil: madeUntil ?? Number.POSITIVE_INFINITY, counts }
    })
    const joins = part.joins.map(({ labels, ...rest }) => ({ ...rest, labels: new Map(labels) }))
    return { ...part, joins, before }
  }
}

function pastDays({ regions }: Counting) {
  return [...regions].flatMap(([name, region]) => region.unsavedPast().map(([slo, days]) => [name, slo, days] as const))
}

/**
 * What is counted live of an SLO: since a short while, then history counts that too and replaces it, to the event; or for
 * long, then history ends where it began.
 */
function liveBefore(
  { history, newestAt }: RegionCounts,
  { compiled, columns, seen, madeUntil }: SloCounts,
  until: EpochMs,
): LiveBefore {
  const since = seen.since ?? newestAt
  const isRecent = newestAt - since <= historyReplacesMs
  return {
    id: compiled.id,
    counts: isRecent ? history.copyOf(columns) : undefined,
    // The row of a step holds all of its events; before its end there would be a share of them only.
    until: isRecent ? alignUp(until, history.stepMs) : since,
    madeUntil: Number.isFinite(madeUntil) ? madeUntil : since,
  }
}

/** Windows of full length start between two rows, both of which have to be there. */
function marginMs(stepMs: DurationMs, horizonMs: DurationMs): DurationMs {
  return 2 * (retentionLadder(stepMs, horizonMs).at(-1)?.resolutionMs ?? stepMs)
}

interface RestoredReading {
  readonly plan: PlanPart
  readonly parts: ReadonlyMap<string, Uint8Array>
}

interface PlanPart {
  readonly region: string
  readonly source: string
  readonly from: EpochMs
  readonly until: EpochMs
  readonly readUntil: EpochMs
  readonly keys: readonly string[]
  readonly joins: readonly { labels: readonly (readonly [string, string])[]; time: EpochMs; value: number }[]
  readonly before: readonly BeforePart[]
  /** Not in parts of an earlier version. */
  readonly days?: HistoryCounting['days']
}

interface BeforePart {
  readonly id: string
  readonly rows: readonly { readonly at: EpochMs; readonly counts: readonly number[] }[] | null
  readonly until: EpochMs
  readonly madeUntil: EpochMs | null
}

function planPart({ plan, readUntil, keys, days }: HistoryCounting): PlanPart {
  const { region, source, from, until } = plan
  return {
    region,
    source,
    from,
    until,
    readUntil,
    keys,
    days,
    joins: plan.joins.map(({ labels, time, value }) => ({ labels: [...labels], time, value })),
    before: plan.before.map(({ counts, madeUntil, ...rest }) => ({
      ...rest,
      madeUntil: Number.isFinite(madeUntil) ? madeUntil : null,
      rows:
        counts?.rows.map(({ at, counts: values }) => ({ at, counts: [...values].slice(0, counts.columns) })) ?? null,
    })),
  }
}

function partName(region: string, name: string): string {
  return `${prefix}${encodeURIComponent(region)}/${name}`
}
