import type { DurationMs, EpochMs } from './units.ts'

/**
 * What an SLO counted in one region on one day, as its time zone has days (UTC for a rolling window). A day is in two parts
 * where the objective changed within it, or where counting began anew.
 */
export interface DayCounts {
  /** The SLO's id. */
  readonly slo: string
  /** "" holds the samples without a region: they count towards all regions together only. */
  readonly region: string
  /** The events of (from, to]. */
  readonly from: EpochMs
  readonly to: EpochMs
  /** Up to when it is counted; `to` once the day is over. */
  readonly until: EpochMs
  readonly bad: number
  readonly total: number
  /** For how much of it data was seen. */
  readonly seenMs: DurationMs
}

/** A sum over days, with what it rests on. */
export interface DaysSum {
  readonly bad: number
  readonly total: number
  readonly seenMs: DurationMs
}

/**
 * The events of (from, to] by days. A day that lies in it only in part gives a part of its events: the error is at most the
 * events of the two days at the ends, and none where both ends are ends of days.
 */
export function sumOfDays(
  days: Iterable<Pick<DayCounts, 'from' | 'to' | 'until' | 'bad' | 'total' | 'seenMs'>>,
  from: EpochMs,
  to: EpochMs,
): DaysSum {
  let [bad, total, seenMs] = [0, 0, 0]
  for (const day of days) {
    const end = Math.min(day.to, day.until)
    const overlapMs = Math.min(to, end) - Math.max(from, day.from)
    if (overlapMs <= 0) continue
    const share = overlapMs / (end - day.from)
    bad += share * day.bad
    total += share * day.total
    seenMs += share * day.seenMs
  }
  return { bad, total, seenMs }
}
