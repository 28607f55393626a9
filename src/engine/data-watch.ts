import { stepAlert } from '../core/alerting/alert-machine.ts'
import { type AlertId, type AlertState, type DataCause, isOpen, noRule } from '../core/model/alert.ts'
import type { DataReading } from '../core/model/data-reading.ts'
import { heardWithinMs } from '../core/model/limits.ts'
import { defaultDataPolicy, globalScope, type Severity } from '../core/model/slo.ts'
import { type DurationMs, type EpochMs, minuteMs } from '../core/model/units.ts'
import { isSeen } from '../core/regions/data-state.ts'
import { judgeTraffic, trafficGoneOverMs, usualTraffic } from '../core/regions/traffic-gone.ts'
import type { AlertStates } from './alert-states.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { DataTurns } from './data-turns.ts'
import type { Step } from './due-steps.ts'
import type { Overview } from './global-sweep.ts'
import { isSilentForGood, readSloGlobally, readSloInRegion, regionsOf, type ScopeReading } from './read-scope.ts'
import { namelessRegion, type RegionCounts } from './region-counts.ts'
import type { AlertMove } from './step-alerts.ts'

/** What is wrong with data is looked at so often: nobody needs to know within seconds. */
const dataLookEveryMs: DurationMs = minuteMs

/** When nobody looked for longer, no process ran, and nobody can tell yet what is missing. */
const notWatchedAfterMs: DurationMs = 5 * minuteMs

/** Traffic is compared with past weeks so often. */
const trafficLookEveryMs: DurationMs = 15 * minuteMs

/** What one look says of one scope: it holds, it does not, or that cannot be said. */
interface Look {
  readonly held: boolean | undefined
  readonly data: DataReading
}

/** A region that is no region of an SLO any more. */
export interface ForgottenRegion {
  readonly slo: string
  readonly region: string
}

/** Watches whether data can be seen and whether traffic is there, and opens alerts of their own for that. */
export class DataWatch {
  /** Since when somebody watches without a break: of what was never seen, nothing can be missed before. */
  #since: EpochMs | undefined
  #lastAt: EpochMs = Number.NEGATIVE_INFINITY
  readonly #forgotten = new Set<string>()
  readonly #newlyForgotten: ForgottenRegion[] = []
  readonly #turns = new DataTurns(dataLookEveryMs, trafficLookEveryMs)

  /** The moment of the last look that was stored. */
  get lastAt(): EpochMs {
    return this.#lastAt
  }

  /**
   * Marks the steps at which there is a look, and adds one by the clock where no data has moved time on for a while: that
   * nothing comes at all is what must be seen above all.
   */
  schedule(counting: Counting, steps: readonly Step[], clockAt: EpochMs): readonly Step[] {
    let last = this.#lastAt
    const marked = steps.map((step) => {
      if (!step.global || step.at <= last) return step
      last = step.at
      return { ...step, data: true }
    })
    const newest = steps.at(-1)?.at ?? last
    const patienceMs = this.#turns.hasHasty(counting) ? counting.stepMs : dataLookEveryMs
    if (!(clockAt >= last + patienceMs && clockAt > newest)) return marked
    return [...marked, { at: clockAt, regions: [], global: false, data: true }]
  }

  /** The look was stored. */
  looked(at: EpochMs): void {
    this.#since = this.#watchedSince(at)
    this.#lastAt = Math.max(this.#lastAt, at)
  }

  /**
   * Steps the alerts about the data of every SLO whose turn it is, and answers those whose state changed. Composites have no
   * data of their own. `overview` says of most that nothing is the matter.
   */
  *moves(counting: Counting, states: AlertStates, at: EpochMs, overview?: Overview): Iterable<AlertMove> {
    const groupsSeen = seenOfGroups(counting)
    const alerting = new Set([...states.open()].map(({ id }) => id.slo))
    const looked = overview?.isAllSeen === true ? alerting : undefined
    for (const { compiled, place, isTrafficTurn } of this.#turns.due(counting, this.#lastAt, at, looked)) {
      if (alerting.size === 0 || !alerting.has(compiled.id)) {
        const isWell = overview?.isSeenEverywhere(place) ?? isSeenEverywhere(counting, compiled, at)
        if (isWell && (!isTrafficTurn || overview?.hasTraffic(place) === true)) continue
      }
      const regions = this.#living(compiled, regionsOf(counting, compiled), at)
      yield* this.#blindMoves(counting, states, compiled, regions, groupsSeen, at)
      if (isTrafficTurn) yield* trafficMoves(counting, states, compiled, regions, at)
    }
  }

  /** As of a look at a moment. */
  #watchedSince(at: EpochMs): EpochMs {
    return this.#since === undefined || at - this.#lastAt > notWatchedAfterMs ? at : this.#since
  }

  /** Regions that were found gone for good since this was last asked. */
  takeForgotten(): readonly ForgottenRegion[] {
    return this.#newlyForgotten.splice(0)
  }

  /** The regions that are looked at: those that are gone are left out, unless all of them are. */
  #living(compiled: CompiledSlo, regions: readonly RegionCounts[], at: EpochMs): readonly RegionCounts[] {
    const living = regions.filter((region) => !isSilentForGood(compiled, region, at))
    if (living.length === regions.length || living.length === 0) return regions
    for (const region of regions) {
      const key = `${compiled.id}/${region.region}`
      if (living.includes(region)) this.#forgotten.delete(key)
      else if (!this.#forgotten.has(key)) {
        this.#forgotten.add(key)
        this.#newlyForgotten.push({ slo: compiled.id, region: region.region })
      }
    }
    return living
  }

  /** One region that cannot be seen is told as such; when none can, that is told once, of all of them together. */
  *#blindMoves(
    counting: Counting,
    states: AlertStates,
    compiled: CompiledSlo,
    regions: readonly RegionCounts[],
    groupsSeen: ReadonlyMap<string, EpochMs>,
    at: EpochMs,
  ): Iterable<AlertMove> {
    const { severity, afterMs } = (compiled.slo.data ?? defaultDataPolicy).blind
    if (severity === 'off') return
    const since = regions.map((region) => this.#unseenSince(compiled, region, groupsSeen, at))
    // A region that was never seen is none that was lost.
    const everSeen = since.filter((_, index) => regions[index].slos.get(compiled.id)?.seen.until !== undefined)
    const lostAt = regions.length === 0 ? (this.#since ?? at) : latest(everSeen.length === 0 ? since : everSeen, at)
    if (states.isQuiet && regions.length > 0 && since.every((moment) => moment === undefined)) return
    const isAllUnseen = since.every((moment) => moment !== undefined)
    const isHeard = at - this.#watchedSince(at) >= heardWithinMs
    const isLong = (moment: EpochMs | undefined) => isHeard && moment !== undefined && at - moment >= afterMs
    for (const [index, region] of regions.entries()) {
      if (region.region === namelessRegion) continue
      const id = idOf(compiled, region.region, severity, 'blind')
      const isFolded = isAllUnseen && compiled.slo.regions.global !== 'none' && regions.length > 1
      const held = since[index] !== undefined && (isOpen(states.stateOf(id)) || (isLong(since[index]) && !isFolded))
      const reading = readSloInRegion(counting, region, compiled, at)
      const data = blindReading(reading, since[index] ?? at)
      yield* move(states, id, reading, { held, data })
    }
    if (compiled.slo.regions.global === 'none' || regions.length === 1) return
    const reading = readSloGlobally(counting, compiled, at)
    const id = idOf(compiled, globalScope, severity, 'blind')
    const held = isAllUnseen && (isOpen(states.stateOf(id)) || isLong(lostAt))
    const data = blindReading(reading, lostAt)
    yield* move(states, id, reading, { held, data })
  }

  /** Since when a region cannot be seen; undefined while it can. */
  #unseenSince(
    { id, slo }: CompiledSlo,
    region: RegionCounts,
    groupsSeen: ReadonlyMap<string, EpochMs>,
    at: EpochMs,
  ): EpochMs | undefined {
    const counts = region.slos.get(id)
    if (counts?.seen.until === undefined) return this.#since ?? at
    const { until, staleAfterMs } = counts.seen
    if (at - until <= staleAfterMs) return undefined
    // Tenants come and go: one of many is not missed while others can be seen.
    const others = slo.group.size === 0 ? undefined : groupsSeen.get(`${slo.name}/${region.region}`)
    return others !== undefined && at - others <= staleAfterMs ? undefined : until
  }
}

/** The answer for nearly every SLO at nearly every look, so that it must cost next to nothing. */
function isSeenEverywhere({ regions }: Counting, { id, slo }: CompiledSlo, at: EpochMs): boolean {
  let found = 0
  for (const region of regions.values()) {
    const seen = region.slos.get(id)?.seen
    if (seen === undefined) {
      if (slo.regions.expected.includes(region.region)) return false
    } else if (seen.until === undefined || at - seen.until > seen.staleAfterMs) return false
    else found++
  }
  return found > 0
}

/** Up to when some group of each divided SLO was seen, by its name and region. */
function seenOfGroups({ regions, hasGroups }: Counting): ReadonlyMap<string, EpochMs> {
  const seenUntil = new Map<string, EpochMs>()
  if (!hasGroups) return seenUntil
  for (const region of regions.values()) {
    for (const { compiled, seen } of region.slos.values()) {
      if (compiled.slo.group.size === 0 || seen.until === undefined) continue
      const key = `${compiled.slo.name}/${region.region}`
      seenUntil.set(key, Math.max(seen.until, seenUntil.get(key) ?? seen.until))
    }
  }
  return seenUntil
}

/** Of all regions, the last that could be seen: since then none can. */
function latest(since: readonly (EpochMs | undefined)[], at: EpochMs): EpochMs {
  const known = since.filter((moment) => moment !== undefined)
  return known.length === 0 ? at : known.reduce((a, b) => Math.max(a, b))
}

function blindReading(reading: ScopeReading, since: EpochMs): DataReading {
  return { cause: 'blind', since, state: reading.state(), events: null, usualEvents: null, overMs: null }
}

function* trafficMoves(
  counting: Counting,
  states: AlertStates,
  compiled: CompiledSlo,
  regions: readonly RegionCounts[],
  at: EpochMs,
): Iterable<AlertMove> {
  const severity = (compiled.slo.data ?? defaultDataPolicy).trafficGone
  if (severity === 'off') return
  const named = regions.filter(({ region }) => region !== namelessRegion)
  const looks = named.map((region) => {
    const reading = readSloInRegion(counting, region, compiled, at)
    return { region, reading, look: lookAtTraffic(reading, region, compiled) }
  })
  if (states.isQuiet && looks.every(({ look }) => look.held !== true)) return
  const isAllGone = looks.length > 1 && looks.every(({ look }) => look.held === true)
  const isFolded = isAllGone && compiled.slo.regions.global !== 'none'
  for (const { region, reading, look } of looks) {
    const id = idOf(compiled, region.region, severity, 'traffic-gone')
    const held = look.held === true && isFolded && !isOpen(states.stateOf(id)) ? false : look.held
    yield* move(states, id, reading, { ...look, held })
  }
  if (compiled.slo.regions.global === 'none' || looks.length < 2) return
  const reading = readSloGlobally(counting, compiled, at)
  const sum = (figure: 'events' | 'usualEvents') => looks.reduce((all, { look }) => all + (look.data[figure] ?? 0), 0)
  const data = { ...looks[0].look.data, events: sum('events'), usualEvents: sum('usualEvents') }
  const isBack = looks.some(({ look }) => look.held === false)
  const held = isAllGone ? true : isBack ? false : undefined
  yield* move(states, idOf(compiled, globalScope, severity, 'traffic-gone'), reading, { held, data })
}

function lookAtTraffic(reading: ScopeReading, region: RegionCounts, { id }: CompiledSlo): Look {
  const { at, between, state } = reading
  const from = at - trafficGoneOverMs
  const events = between(from, at).total
  const none = { cause: 'traffic-gone', since: from, state: state(), overMs: trafficGoneOverMs } as const
  const counts = region.slos.get(id)
  const isKnown = counts !== undefined && isSeen(none.state) && counts.seen.seenMs(from, at) >= trafficGoneOverMs / 2
  if (!isKnown) return { held: undefined, data: { ...none, events, usualEvents: null } }
  const record = {
    seenUntil: counts.seen.until,
    seenMs: (start: EpochMs, end: EpochMs) => counts.seen.seenMs(start, end),
    total: (start: EpochMs, end: EpochMs) => between(start, end).total,
  }
  const usual = usualTraffic(record, from, at)
  if (usual === null && events > 0 && events >= between(from - weekMs, at - weekMs).total) {
    // Too little is known to miss anything; what is as it was a week ago is not missing.
    return { held: false, data: { ...none, events, usualEvents: null } }
  }
  const judgement = judgeTraffic(events, usual)
  const data = { ...none, events, usualEvents: usual?.events ?? null }
  return { held: judgement === 'unknown' ? undefined : judgement === 'gone', data }
}

const weekMs: DurationMs = 7 * 24 * 60 * minuteMs

function idOf({ id }: CompiledSlo, scope: string, severity: Severity, cause: DataCause): AlertId {
  return { slo: id, scope, severity, cause }
}

function* move(states: AlertStates, id: AlertId, reading: ScopeReading, { held, data }: Look): Iterable<AlertMove> {
  const before: AlertState = states.stateOf(id)
  if (held !== true && before.kind === 'inactive') return
  const observation = { at: reading.at, held: held === true ? noRule : undefined, known: held !== undefined }
  const step = stepAlert(before, observation, atOnce)
  if (step.state === before || !(isOpen(before) || isOpen(step.state))) return
  const since = isOpen(step.state) ? step.state.since : isOpen(before) ? before.since : reading.at
  states.draft({ id, state: step.state, service: reading.compiled.slo.service })
  yield { id, step, rule: noRule, since, reading, data }
}

const atOnce = { forMs: 0, keepFiringForMs: 0 }
