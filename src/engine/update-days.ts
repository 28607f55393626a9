import type { DayCounts } from '../core/model/daily-counts.ts'
import { dailyCountsEveryMs, dailyCountsPerTickMax, historyInMemoryMaxMs } from '../core/model/limits.ts'
import type { Slo } from '../core/model/slo.ts'
import { type DurationMs, dayMs, type EpochMs } from '../core/model/units.ts'
import { alignDown } from '../core/series/count-history.ts'
import { type CalendarPeriod, calendarPeriod } from '../core/time/calendar-window.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/** Brings the days of every SLO of a region up to a moment; nothing happens where that is not a number. */
export function updateDays(region: RegionCounts, at: EpochMs): void {
  if (Number.isNaN(at)) return
  for (const counts of region.slos.values()) updateDay(region, counts, at)
}

/**
 * Goes around the SLOs of every region, some in each tick, so that each has its days brought up to date every few minutes
 * and no tick pays for all of them.
 */
export class DayRounds {
  /** By region: the SLOs that the round under way has still to look at, and when it began. */
  readonly #rounds = new Map<string, { readonly waiting: string[]; readonly begunAt: EpochMs }>()

  /** Looks at some SLOs of a region as of a step; answers the days that are to be stored. */
  visit(region: RegionCounts, at: EpochMs, visitsMax: number = dailyCountsPerTickMax): readonly DayCounts[] {
    let round = this.#rounds.get(region.region)
    if (round === undefined || (round.waiting.length === 0 && !(at - round.begunAt < dailyCountsEveryMs))) {
      round = { waiting: region.ledgerIds().reverse(), begunAt: at }
      this.#rounds.set(region.region, round)
    }
    const changed: DayCounts[] = []
    for (let visits = 0; visits < visitsMax; visits++) {
      const slo = round.waiting.pop()
      if (slo === undefined) break
      const counts = region.slos.get(slo)
      if (counts !== undefined) updateDay(region, counts, at)
      for (const day of region.daysOf(slo).unsaved()) changed.push({ slo, region: region.region, ...day })
    }
    return changed
  }
}

/** What changed in the days of some SLOs of each region that was evaluated. */
export function collectDays(
  { regions }: { readonly regions: ReadonlyMap<string, RegionCounts> },
  rounds: DayRounds,
  progress: ReadonlyMap<string, EpochMs>,
): readonly DayCounts[] {
  const visitsMax = Math.ceil(dailyCountsPerTickMax / Math.max(1, progress.size))
  return [...progress].flatMap(([scope, at]) => {
    const region = regions.get(scope)
    return region === undefined ? [] : rounds.visit(region, at, visitsMax)
  })
}

/** Those days were stored. */
export function markDaysSaved(
  { regions }: { readonly regions: ReadonlyMap<string, RegionCounts> },
  days: readonly DayCounts[],
): void {
  for (const day of days) regions.get(day.region)?.daysOf(day.slo).markSaved([day])
}

function updateDay(region: RegionCounts, counts: SloCounts, at: EpochMs): void {
  const { compiled, days, seen } = counts
  if (seen.since === undefined) return
  const clock = dayClock(timeZoneOf(compiled.slo))
  const cuts = compiled.slo.pastObjectives.map(({ until }) => until)
  const source = {
    between: (from: EpochMs, to: EpochMs) => region.countsBetween(counts, from, to),
    seenMs: (from: EpochMs, to: EpochMs) => seen.seenMs(from, to),
    seenSince: seen.since,
    inMemorySince: region.inMemorySince,
    startOfDay: (from: EpochMs) => clock(from).start,
    endOfDay: (from: EpochMs) => Math.min(clock(from).end, ...cuts.filter((cut) => cut > from)),
  }
  days.update(at, source, keptMs(compiled.window.horizonMs))
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
