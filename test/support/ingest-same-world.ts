import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { NativeHistogram } from '../../src/core/sli/native-histogram.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { sloStatuses } from '../../src/engine/slo-status.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { anEngine, evaluateAll } from './engine-world.ts'
import {
  type ShopTotals,
  type ShopWorld,
  shopBounds,
  shopRoundMs,
  shopTotals,
  shopTruth,
  shopWorlds,
} from './ingest-shop-world.ts'

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: requests }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_server_requests_total{http_response_status_code="500"}
      total: http_server_requests_total
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: latency }
spec:
  service: shop
  objective: 99
  window: 30d
  indicator:
    latency: { histogram: http_server_request_duration_seconds, below: 250ms }
`

const { slos } = await parseRules([{ name: 'rules.yaml', text: rules }])

/** The end of the first round. */
export const firstMs = 1_767_225_600_000

/** When a round is over. */
export function roundMs(round: number): number {
  return firstMs + round * shopRoundMs
}

/** Brings a world into an engine by one path; `chance` draws numbers. */
export type WorldPath = (world: ShopWorld, engine: Engine, chance: () => number) => void | Promise<void>

/** Holds what is counted by a path against what happened in many worlds, to the event. `now` is the engine's clock. */
export async function countsWhatHappened(path: WorldPath, numRuns = 40, now?: () => number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(shopWorlds, fc.infiniteStream(fc.nat()), async (world, chance) => {
      const engine = anEngine({ slos: slos ?? [], ...(now === undefined ? {} : { now }) })
      await path(world, engine, () => chance.next().value ?? 0)
      await evaluateAll(engine)
      const statuses = sloStatuses(engine, roundMs(world.length))
      const counted = Object.fromEntries(
        statuses.map(({ name: slo, scopes }) => [
          slo,
          scopes.find(({ scope }) => scope === 'global')?.countedSinceStart,
        ]),
      )
      assert.deepEqual(counted, shopTruth(world))
    }),
    { numRuns },
  )
}

/** What one process shows at a moment. */
export interface ShopState {
  readonly process: number
  readonly timeMs: number
  readonly totals: ShopTotals
}

/**
 * What both processes show round by round. `zeros` shows each start as well, where everything is still zero: for paths that
 * do not tell starts, since a process that starts anew may reach the same values.
 */
export function shopStates(world: ShopWorld, zeros: boolean): readonly ShopState[] {
  return [0, 1].flatMap((process) => {
    const totals = shopTotals(world, process, firstMs)
    return totals.flatMap((now, round) => {
      const state = { process, timeMs: roundMs(round), totals: now }
      const isNew = totals[round - 1]?.startMs !== now.startMs
      const zero = { process, timeMs: now.startMs, totals: { ...now, good: 0, bad: 0, latencies: [] } }
      return zeros && isNew ? [zero, state] : [state]
    })
  })
}

/** Name of the histogram in all paths. */
export const shopHistogram = 'http_server_request_duration_seconds'

/** The labels of a process. */
export function shopProcess(process: number) {
  return { job: 'shop', instance: `p${process}` }
}

/** One counter of a process. */
export interface ShopCounter {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The counters of a process, those of its histogram apart. */
export function shopCounters({ process, totals: { good, bad } }: ShopState): readonly ShopCounter[] {
  const requests = { __name__: 'http_server_requests_total', ...shopProcess(process) }
  return [
    { labels: { ...requests, http_response_status_code: '200' }, value: good },
    { labels: { ...requests, http_response_status_code: '500' }, value: bad },
  ]
}

/** The histogram of a process in classic form. */
export function shopBuckets({ process, totals: { latencies } }: ShopState): readonly ShopCounter[] {
  const who = shopProcess(process)
  const within = (bound: number) => latencies.filter((seconds) => seconds <= bound).length
  const buckets = [...shopBounds, Number.POSITIVE_INFINITY].map((bound) => {
    const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound)
    return { labels: { __name__: `${shopHistogram}_bucket`, le, ...who }, value: within(bound) }
  })
  const sum = latencies.reduce((all, seconds) => all + seconds, 0)
  return [
    ...buckets,
    { labels: { __name__: `${shopHistogram}_sum`, ...who }, value: sum },
    { labels: { __name__: `${shopHistogram}_count`, ...who }, value: latencies.length },
  ]
}

/**
 * The histogram of a process in native form. The bound of the SLO, 0.25, is one of a bucket, so that nothing is estimated; the
 * resolution falls after two rounds.
 */
export function shopNative({ timeMs, totals: { latencies } }: ShopState): NativeHistogram {
  const schema = timeMs < roundMs(2) ? 3 : 0
  const places = latencies.map((seconds) => Math.ceil(Math.log2(seconds) * 2 ** schema))
  const offset = places.length === 0 ? 0 : Math.min(...places)
  const length = places.length === 0 ? 0 : Math.max(...places) - offset + 1
  const counts = Array.from({ length }, (_, index) => places.filter((place) => place === offset + index).length)
  const sum = latencies.reduce((all, seconds) => all + seconds, 0)
  const negative = { offset: 0, counts: [] }
  const zero = { zeroThreshold: 0, zeroCount: 0 }
  return { schema, count: latencies.length, sum, ...zero, positive: { offset, counts }, negative }
}
