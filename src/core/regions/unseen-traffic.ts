import { type DurationMs, dayMs, type EpochMs, hourMs } from '../model/units.ts'

/** What is known of the traffic of one SLO in one region. */
export interface TrafficRecord {
  /** Up to when data was seen; undefined when none ever was. */
  readonly seenUntil: EpochMs | undefined
  /** How much of (from, to] was seen. */
  readonly seenMs: (from: EpochMs, to: EpochMs) => DurationMs
  /** Events in (from, to]. */
  readonly total: (from: EpochMs, to: EpochMs) => number
}

/** A stretch of the past stands for one of today when this share of it was seen. */
const seenShareMin = 0.9

/** How many days are looked back through for one that was seen. */
const daysBackMax = 7

/** Over how long the last known rate is taken where no day can be compared. */
const lastRateOverMs: DurationMs = hourMs

/**
 * The events to be expected in (from, to], of which nothing was seen: those of the same time of the last day that was seen,
 * else what `otherwise` says, which is the last known rate. null where no traffic was ever known.
 */
export function expectedEvents(
  record: TrafficRecord,
  from: EpochMs,
  to: EpochMs,
  otherwise: (lengthMs: DurationMs) => number | null = (lengthMs) => lastKnown(record, lengthMs),
): number | null {
  if (record.seenUntil === undefined) return null
  let sum = 0
  for (let start = from; start < to; start += dayMs) {
    const end = Math.min(to, start + dayMs)
    const expected = onLastDaySeen(record, record.seenUntil, start, end) ?? otherwise(end - start)
    if (expected === null) return null
    sum += expected
  }
  return sum
}

function onLastDaySeen(record: TrafficRecord, seenUntil: EpochMs, from: EpochMs, to: EpochMs): number | null {
  const first = Math.max(1, Math.ceil((to - seenUntil) / dayMs))
  for (let days = first; days < first + daysBackMax; days++) {
    const events = eventsAsSeen(record, from - days * dayMs, to - days * dayMs, seenShareMin, to - from)
    if (events !== null) return events
  }
  return null
}

function lastKnown(record: TrafficRecord, lengthMs: DurationMs): number | null {
  const { seenUntil = 0 } = record
  return eventsAsSeen(record, seenUntil - lastRateOverMs, seenUntil, 0, lengthMs)
}

/** So many events as come in a length of time, by what was seen of a span; null where that is less than a share of it, or nothing. */
function eventsAsSeen(
  { seenMs, total }: TrafficRecord,
  from: EpochMs,
  to: EpochMs,
  shareMin: number,
  lengthMs: DurationMs,
): number | null {
  const seen = seenMs(from, to)
  return seen > 0 && seen >= shareMin * (to - from) ? total(from, to) * (lengthMs / seen) : null
}
