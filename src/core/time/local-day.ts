import type { Zone } from 'luxon'
import { dayMs, type EpochMs, minuteMs } from '../model/units.ts'

/**
 * The first instant at which the clocks of the zone show the midnight, or a later time where they skip it. Where they show
 * it twice it is the first; luxon would take the one nearer to the instant it starts from. `midnight` is the local time
 * read as if it were UTC.
 */
export function startOfLocalDay(zone: Zone, midnight: EpochMs): EpochMs {
  const early = midnight - dayMs
  const late = midnight + dayMs
  const earlyOffset = localTime(zone, early) - early
  const lateOffset = localTime(zone, late) - late
  if (earlyOffset === lateOffset) return midnight - lateOffset
  const change = changeBetween(zone, early, late, earlyOffset)
  if (midnight - earlyOffset < change) return midnight - earlyOffset
  return Math.max(midnight - lateOffset, change)
}

/** What the clocks of the zone show at the instant, written as if it were UTC. */
export function localTime(zone: Zone, at: EpochMs): number {
  return at + Math.round(zone.offset(at) * minuteMs)
}

/** The first millisecond at which the offset is no longer the early one, provided that it changes once. */
function changeBetween(zone: Zone, early: EpochMs, late: EpochMs, earlyOffset: number): EpochMs {
  let before = early
  let after = late
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (localTime(zone, middle) - middle === earlyOffset) before = middle
    else after = middle
  }
  return after
}
