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
 * else the last known rate. null where no traffic was ever known.
 */
export function expectedEvents(record: TrafficRecord, from: EpochMs, to: EpochMs): number | null {
  if (record.seenUntil === undefined) return null
  let sum = 0
  for (let start = from; start < to; start += dayMs) {
    const expected = expectedWithinDay(record, record.seenUntil, start, Math.min(to, start + dayMs))
    if (expected === null) return null
    sum += expected
  }
  return sum
}

function expectedWithinDay(record: TrafficRecord, seenUntil: EpochMs, from: EpochMs, to: EpochMs): number | null {
  const first = Math.max(1, Math.ceil((to - seenUntil) / dayMs))
  for (let days = first; days < first + daysBackMax; days++) {
    const rate = rateOver(record, from - days * dayMs, to - days * dayMs, seenShareMin)
    if (rate !== null) return rate * (to - from)
  }
  const rate = rateOver(record, seenUntil - lastRateOverMs, seenUntil, 0)
  return rate === null ? null : rate * (to - from)
}

/** Events in a millisecond of what was seen; null where that is less than a share of it, or nothing. */
function rateOver({ seenMs, total }: TrafficRecord, from: EpochMs, to: EpochMs, shareMin: number): number | null {
  const seen = seenMs(from, to)
  return seen > 0 && seen >= shareMin * (to - from) ? total(from, to) / seen : null
}
