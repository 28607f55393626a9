import type { DayCounts } from '../core/model/daily-counts.ts'
import {
  dailyCountsEveryMs,
  dailyCountsPerTickMax,
  dailyCountsSettleMs,
  historyInMemoryMaxMs,
  pastDaysPerTickMax,
} from '../core/model/limits.ts'
import type { Slo } from '../core/model/slo.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { alignDown } from '../core/time/alignment.ts'
import { type CalendarPeriod, calendarPeriod } from '../core/time/calendar-window.ts'
import type { DayLedger, DaySource } from './day-ledger.ts'
import type { ExclusionsInForce } from './exclusions-in-force.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

type Days = DayLedger['days']

/** Brings the days of every SLO of a region up to a moment; nothing happens where that is not a number. */
export function updateDays(region: RegionCounts, at: EpochMs, exclusions: ExclusionsInForce): void {
  if (Number.isNaN(at)) return
  for (const counts of region.slos.values()) updateDay(region, counts, at, exclusions)
}

/** Takes up the days that history counted of an SLO, up to where it is counted live. */
export function addPastDays(
  region: RegionCounts,
  counts: SloCounts,
  past: Days,
  until: EpochMs,
  exclusions: ExclusionsInForce,
): void {
  const at = region.watermark
  const source = sourceOf(region, counts, at, exclusions)
  if (source !== undefined && !Number.isNaN(at)) counts.days.addPast(past, until, at, source)
}

/** Days that are to be stored. */
export interface ChangedDays {
  readonly days: readonly DayCounts[]
  /** Those of which history told, to be stored where nothing is known of their time. */
  readonly pastDays: readonly DayCounts[]
}

/**
 * Goes around the SLOs of every region, some in each tick, so that each has its days brought up to date every few minutes
 * and no tick pays for all of them.
 */
export class DayRounds {
  /** By region: the SLOs that the round under way has still to look at, and when it began. */
  readonly #rounds = new Map<string, { readonly waiting: string[]; readonly begunAt: EpochMs }>()

  /** Looks at some SLOs of a region as of a step; answers the days that are to be stored. A region that is silent has a last round. */
  visit(
    region: RegionCounts,
    at: EpochMs,
    exclusions: ExclusionsInForce,
    visitsMax: number = dailyCountsPerTickMax,
    isSilent = false,
  ): ChangedDays {
    let round = this.#rounds.get(region.region)
    const everyMs = isSilent ? 1 : dailyCountsEveryMs
    if (round === undefined || (round.waiting.length === 0 && !(at - round.begunAt < everyMs))) {
      round = { waiting: region.ledgerIds().reverse(), begunAt: at }
      this.#rounds.set(region.region, round)
    }
    const changed: DayCounts[] = []
    const past: DayCounts[] = []
    for (let visits = 0; visits < visitsMax; visits++) {
      const slo = round.waiting.pop()
      if (slo === undefined) break
      const counts = region.slos.get(slo)
      if (counts !== undefined) updateDay(region, counts, at, exclusions)
      const ledger = region.daysOf(slo)
      for (const day of ledger.unsaved()) changed.push({ slo, region: region.region, ...day })
      for (const day of ledger.unsavedPast()) {
        if (past.length < pastDaysPerTickMax) past.push({ slo, region: region.region, ...day })
      }
    }
    return { days: changed, pastDays: past }
  }
}

/** What changed in the days of some SLOs of each region that was evaluated, and of each that has fallen silent since. */
export function collectDays(
  { regions, exclusions }: DaysWorld,
  rounds: DayRounds,
  progress: ReadonlyMap<string, EpochMs>,
  { clock = Number.NaN, evaluatedAt = () => undefined }: SilentSince = {},
): ChangedDays {
  const visitsMax = Math.ceil(dailyCountsPerTickMax / Math.max(1, progress.size))
  const changed = [...regions].flatMap(([name, region]) => {
    const due = progress.get(name)
    if (due !== undefined) return [rounds.visit(region, due, exclusions, visitsMax)]
    const at = evaluatedAt(name)
    // After a restart memory may lack what was stored already, until the region is heard again.
    const isSilent = at !== undefined && clock - at >= dailyCountsEveryMs && region.watermark >= at
    return isSilent ? [rounds.visit(region, at, exclusions, visitsMax, true)] : []
  })
  return { days: changed.flatMap(({ days }) => days), pastDays: changed.flatMap(({ pastDays }) => pastDays) }
}

/** What tells that a region is not evaluated any more: its last minutes would not be stored otherwise. */
interface SilentSince {
  readonly clock?: EpochMs | undefined
  /** Up to when a region was evaluated. */
  readonly evaluatedAt?: (region: string) => EpochMs | undefined
}

interface DaysWorld {
  readonly regions: ReadonlyMap<string, RegionCounts>
  readonly exclusions: ExclusionsInForce
}

/** Those days were stored. */
export function markDaysSaved({ regions }: Pick<DaysWorld, 'regions'>, { days, pastDays }: ChangedDays): void {
  for (const day of days) regions.get(day.region)?.daysOf(day.slo).markSaved([day])
  for (const day of pastDays) regions.get(day.region)?.daysOf(day.slo).markPastSaved([day])
}

function updateDay(region: RegionCounts, counts: SloCounts, at: EpochMs, exclusions: ExclusionsInForce): void {
  const source = sourceOf(region, counts, at, exclusions)
  if (source !== undefined) counts.days.update(at, source, keptMs(counts.compiled.window.horizonMs))
}

/** Undefined where nothing was ever seen, or nobody can tell what was good. */
function sourceOf(
  region: RegionCounts,
  counts: SloCounts,
  at: EpochMs,
  exclusions: ExclusionsInForce,
): DaySource | undefined {
  const { compiled, days, seen } = counts
  if (seen.since === undefined || region.isUnknown(compiled.slo.name)) return undefined
  const clock = dayClock(timeZoneOf(compiled.slo))
  const changes = compiled.slo.pastObjectives.map(({ until }) => until)
  const subject = { slo: compiled.id, service: compiled.slo.service, region: region.region }
  const since = Math.min(days.until ?? at, at - dailyCountsSettleMs) - 2 * dayMs
  const edges = exclusions.cuts(subject, since, at + 2 * dayMs)
  return {
    between: (from: EpochMs, to: EpochMs) => region.countsBetween(counts, from, to),
    seenMs: (from: EpochMs, to: EpochMs) => seen.seenMs(from, to),
    seenSince: seen.since,
    inMemorySince: region.inMemorySince,
    startOfDay: (from: EpochMs) => clock(from).start,
    endOfDay: (from: EpochMs) => clock(from).end,
    cuts: edges.length === 0 ? changes : [...changes, ...edges].sort((a, b) => a - b),
  }
}

/** Days are kept in memory for windows that reach beyond the counts that are. */
function keptMs(horizonMs: DurationMs): DurationMs {
  return horizonMs > historyInMemoryMaxMs ? horizonMs : 0
}

/** Days are those of the window's time zone, so that calendar windows are made of whole ones. */
function timeZoneOf({ window }: Slo): string {
  return window.kind === 'calendar' ? window.timeZone : 'UTC'
}

type DayClock = (at: EpochMs) => Pick<CalendarPeriod, 'start' | 'end'>

const clocks = new Map<string, DayClock>([
  ['UTC', (at) => ({ start: alignDown(at, dayMs), end: alignDown(at, dayMs) + dayMs })],
])

/** Days remembered per time zone: those that are asked for lie close together. */
const daysRememberedMax = 64

/** Calendars are slow, and every SLO of a zone asks for the same days. There are no more clocks than zones in the rules. */
function dayClock(timeZone: string): DayClock {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const days: CalendarPeriod[] = []
  const made: DayClock = (at) => {
    const remembered = days.find(({ start, end }) => at >= start && at < end)
    if (remembered !== undefined) return remembered
    const day = calendarPeriod('day', timeZone, at)
    if (days.unshift(day) > daysRememberedMax) days.pop()
    return day
  }
  clocks.set(timeZone, made)
  return made
}
