import { askMany } from './api.ts'
import type { TrendDayJson, TrendsJson } from './wire.ts'

/** As many as the API answers at once. */
const namesMax = 100
/** A day's bar changes slowly. */
const freshForMs = 10 * 60_000
/** Rows that are only scrolled past are not asked for. */
const settleMs = 150

const kept = new Map<string, { readonly until: number; readonly days: readonly TrendDayJson[] | undefined }>()
let waiting: ReturnType<typeof setTimeout> | undefined
let isAsking = false

/** The last days of an SLO; undefined until they were asked for. */
export function trendOf(name: string): readonly TrendDayJson[] | undefined {
  return kept.get(name)?.days
}

/** Asks for the days of rows in view that are not known, and draws again when they are. */
export function askForTrends(names: readonly string[], redraw: () => Promise<void>): void {
  const clock = document.timeline.currentTime
  const now = typeof clock === 'number' ? clock : 0
  const wanted = names.filter((name) => (kept.get(name)?.until ?? -1) < now).slice(0, namesMax)
  clearTimeout(waiting)
  if (wanted.length === 0 || isAsking) return
  waiting = setTimeout(() => void take(wanted, now, redraw), settleMs)
}

async function take(names: readonly string[], now: number, redraw: () => Promise<void>): Promise<void> {
  isAsking = true
  try {
    const { trends } = await askMany<TrendsJson>('api/v1/trends', 'slo', names)
    const found = new Map(trends.map(({ slo, days }) => [slo, days]))
    for (const name of names) kept.set(name, { until: now + freshForMs, days: found.get(name) ?? [] })
  } catch {
    // The list says itself when the engine does not answer; asked for again with the next row in view.
    return
  } finally {
    isAsking = false
  }
  await redraw()
}
