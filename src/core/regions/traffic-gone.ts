import { type DurationMs, dayMs, type EpochMs, hourMs, minuteMs } from '../model/units.ts'
import { alignDown } from '../time/alignment.ts'
import type { TrafficRecord } from './unseen-traffic.ts'

/** Over how long traffic must be gone: longer than a deployment or a failover takes. */
export const trafficGoneOverMs: DurationMs = 15 * minuteMs

/** Weeks that are compared with, and how many of them must have been seen. */
const weeksMax = 4
const weeksMin = 2
const weekSeenShareMin = 0.9
const weekMs = 7 * dayMs

/**
 * Counts of weeks ago are kept in rows so far apart: where traffic begins or ends between two of them, nobody can tell when. What
 * is usual must therefore be usual so long before and after as well.
 */
const rowMs: DurationMs = 2 * hourMs

/** Less than this share of the usual traffic is gone; health checks and probes go on when users cannot come in. */
const goneShareMax = 0.02

/** Traffic is back with this share; in between the alert stays as it is. */
const backShareMin = 0.1

/** How seldom so few events may come by chance, even if only half the usual traffic were due. */
const chanceMax = 1e-6

/** What is usual at a time of the week. */
export interface UsualTraffic {
  /** The median of the weeks that were seen. */
  readonly events: number
  readonly weeks: number
}

/** The usual number of events in (from, to], from the same time in up to four weeks before; null without enough history. */
export function usualTraffic(record: TrafficRecord, from: EpochMs, to: EpochMs): UsualTraffic | null {
  const counts: number[] = []
  for (let week = 1; week <= weeksMax; week++) {
    const [start, end] = [from - week * weekMs, to - week * weekMs]
    if (record.seenMs(start - rowMs, end + rowMs) < weekSeenShareMin * (end - start + 2 * rowMs)) continue
    counts.push(Math.min(...[-rowMs, 0, rowMs].map((shift) => asSeen(record, start + shift, end + shift))))
  }
  return counts.length < weeksMin ? null : { events: median(counts), weeks: counts.length }
}

/** The events of a span; those of a row are spread over all of it, and stand for it, also where only a part of it was seen. */
function asSeen({ seenMs, total }: TrafficRecord, from: EpochMs, to: EpochMs): number {
  let events = 0
  for (let row = alignDown(from, rowMs); row < to; row += rowMs) {
    const seen = seenMs(row, row + rowMs)
    if (seen > 0) events += total(Math.max(from, row), Math.min(to, row + rowMs)) * (rowMs / seen)
  }
  return events
}

/** Whether traffic is gone, is back, or neither can be said. */
export function judgeTraffic(events: number, usual: UsualTraffic | null): 'gone' | 'back' | 'unknown' {
  if (usual === null) return 'unknown'
  if (events >= backShareMin * usual.events) return 'back'
  if (events > goneShareMax * usual.events) return 'unknown'
  return chanceOfAtMost(events, usual.events / 2) < chanceMax ? 'gone' : 'unknown'
}

/** The probability of at most so many events where a number is expected, by Poisson's law. */
export function chanceOfAtMost(events: number, expected: number): number {
  // The terms are added from the largest down: below the mean each is smaller than the one after it.
  let term = Math.exp(-expected + events * Math.log(Math.max(expected, Number.MIN_VALUE)) - lnFactorial(events))
  let sum = 0
  for (let count = Math.floor(events); count >= 0 && term > 0; count--) {
    sum += term
    term *= count / expected
    if (term < sum * 1e-17) break
  }
  return Math.min(1, sum)
}

function lnFactorial(value: number): number {
  const whole = Math.floor(value)
  if (whole > 100) return whole * Math.log(whole) - whole + 0.5 * Math.log(2 * Math.PI * whole) + 1 / (12 * whole)
  let sum = 0
  for (let factor = 2; factor <= whole; factor++) sum += Math.log(factor)
  return sum
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
