import * as fc from 'fast-check'

/** What one process counted in one interval, and whether it started anew before. */
export interface ShopInterval {
  readonly restarts: boolean
  readonly good: number
  readonly bad: number
  /** Latencies in seconds, each an event of the histogram. */
  readonly latencies: readonly number[]
}

/** Some processes over some intervals: `world[round][process]`. */
export type ShopWorld = readonly (readonly ShopInterval[])[]

/** Latencies that lie on and between the bounds. */
export const shopBounds = [0.1, 0.25, 0.5, 1]

/** Worlds of two processes; restarts lose nothing, because each interval is sent whole. */
export const shopWorlds: fc.Arbitrary<ShopWorld> = fc.array(
  fc.array(
    fc.record({
      restarts: fc.boolean(),
      good: fc.integer({ min: 10, max: 60 }),
      bad: fc.integer({ min: 10, max: 30 }),
      latencies: fc.array(fc.constantFrom(0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.9, 1, 3), { minLength: 3, maxLength: 8 }),
    }),
    { minLength: 2, maxLength: 2 },
  ),
  { minLength: 1, maxLength: 6 },
)

/** What a process has counted since it started. */
export interface ShopTotals {
  readonly startMs: number
  readonly good: number
  readonly bad: number
  readonly latencies: readonly number[]
}

/** Seconds between two rounds, as of most scrapes. */
export const shopRoundMs = 15_000

/** Totals of one process at the end of every round. A restart happens just after the round before. */
export function shopTotals(world: ShopWorld, process: number, firstMs: number): readonly ShopTotals[] {
  let totals: ShopTotals = { startMs: firstMs - shopRoundMs, good: 0, bad: 0, latencies: [] }
  return world.map((processes, round) => {
    const interval = processes[process]
    if (interval === undefined) throw new Error(`there is no process ${process}`)
    if (interval.restarts && round > 0) {
      totals = { startMs: firstMs + (round - 1) * shopRoundMs + 1, good: 0, bad: 0, latencies: [] }
    }
    totals = {
      ...totals,
      good: totals.good + interval.good,
      bad: totals.bad + interval.bad,
      latencies: [...totals.latencies, ...interval.latencies],
    }
    return totals
  })
}

/** All events of a world, counted one by one. */
export function shopTruth(world: ShopWorld): {
  requests: { bad: number; total: number }
  latency: { bad: number; total: number }
} {
  const intervals = world.flat()
  const latencies = intervals.flatMap((interval) => interval.latencies)
  const bad = intervals.reduce((sum, interval) => sum + interval.bad, 0)
  const good = intervals.reduce((sum, interval) => sum + interval.good, 0)
  const slow = latencies.filter((seconds) => seconds > 0.25).length
  return { requests: { bad, total: good + bad }, latency: { bad: slow, total: latencies.length } }
}
