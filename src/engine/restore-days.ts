import type { DayCounts } from '../core/model/daily-counts.ts'
import { dailyCountsSettleMs, historyInMemoryMaxMs } from '../core/model/limits.ts'
import { dayMs, type EpochMs } from '../core/model/units.ts'
import type { DailyCounts } from '../ports/daily-counts.ts'
import type { Counting } from './counting.ts'

/**
 * Brings back the days that evaluation goes on with: of every SLO those that late samples may still change, and of one
 * with a long window all that it reaches.
 */
export async function restoreDays(
  counting: Counting,
  stored: DailyCounts | undefined,
  progress: ReadonlyMap<string, EpochMs>,
): Promise<void> {
  if (stored === undefined || progress.size === 0) return
  const to = Math.max(...progress.values())
  const long = [...counting.slos.values()].filter(({ window }) => window.horizonMs > historyInMemoryMaxMs)
  const horizonMs = long.reduce((longest, { window }) => Math.max(longest, window.horizonMs), 0)
  const slos = new Set(long.map(({ id }) => id))
  const recent = await stored.list({ from: to - dailyCountsSettleMs - dayMs, to })
  const old = slos.size === 0 ? [] : await stored.list({ from: to - horizonMs - dayMs, to, slos: [...slos] })
  for (const days of byPlace([...recent.filter(({ slo }) => !slos.has(slo)), ...old]).values()) {
    const [{ slo, region }] = days
    counting.restoreDays(
      region,
      slo,
      days.map(({ from, to: end, until, bad, total, seenMs }) => ({ from, to: end, until, bad, total, seenMs })),
    )
  }
}

function byPlace(days: readonly DayCounts[]): ReadonlyMap<string, DayCounts[]> {
  const places = new Map<string, DayCounts[]>()
  for (const day of days) {
    const key = JSON.stringify([day.slo, day.region])
    const known = places.get(key)
    if (known === undefined) places.set(key, [day])
    else known.push(day)
  }
  return places
}
