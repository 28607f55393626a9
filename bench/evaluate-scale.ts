import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { Slo } from '../src/core/model/slo.ts'
import { silentRouting } from '../src/core/paging/routing.ts'
import { Engine, type EngineWorld } from '../src/engine/engine.ts'
import { silentLog } from '../src/ports/log.ts'
import { memoryStore } from '../src/simulation/memory-store.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { regionsPerSlo, start, stepMs, Traffic, worldSlos } from './evaluate-world.ts'
import { cpuSeconds, cpuSecondsOf } from './measure.ts'

/** What is to be measured, in a process of its own: nothing of one measurement is left for the next. */
export interface ScaleOrder {
  readonly sloRegions: number
  readonly policy: string
  readonly burning: number
  readonly steps: number
  /** Whether checkpoints and a restart are measured as well. */
  readonly durable: boolean
}

/** What was measured; times in CPU milliseconds. */
export interface ScaleFigures {
  readonly ticksMs: readonly number[]
  readonly appendUs: number
  readonly bytesPerSloRegion: number
  readonly durable: DurableFigures | null
}

export interface DurableFigures {
  /** CPU time of whole checkpoints of one step of new counts, and the longest stretch without a turn for others. */
  readonly checkpointMs: number
  readonly checkpointStretchMs: number
  /** The first checkpoint, which holds everything. */
  readonly firstStretchMs: number
  readonly restartMs: number
  readonly isSameAfterwards: boolean
}

const warmUpSteps = 45

process.once('message', (order: ScaleOrder) => {
  void measure(order).then((figures) => process.send?.(figures, () => process.disconnect()))
})

async function measure({ sloRegions, policy, burning, steps, durable }: ScaleOrder): Promise<ScaleFigures> {
  const slos = await worldSlos(Math.round(sloRegions / regionsPerSlo), policy)
  gc?.()
  const before = memory()
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const file = join(folder, 'bench.db')
  try {
    const opened = durable ? openSqliteStore(file, { log: silentLog, meter: promMeter().meter }) : undefined
    const engine = newEngine(slos, opened ?? memoryStore().store)
    const traffic = new Traffic(engine, slos.length, burning)
    engine.startAfter(start - stepMs)
    traffic.sendHistory(engine)
    await tickAll(engine)
    const ticksMs: number[] = []
    let appends = 0
    for (let step = 0; step < warmUpSteps + steps; step++) {
      traffic.draw()
      const append = cpuSeconds(() => traffic.send(engine))
      const tick = await cpuSecondsOf(() => tickAll(engine))
      if (step < warmUpSteps) continue
      ticksMs.push(tick * 1e3)
      appends += append
    }
    gc?.()
    const bytesPerSloRegion = (memory() - before) / (slos.length * regionsPerSlo)
    const figures = { ticksMs, appendUs: (appends / steps / traffic.samples) * 1e6, bytesPerSloRegion }
    if (opened === undefined) return { ...figures, durable: null }
    const kept = await checkpoints(engine, traffic)
    await opened.close()
    return { ...figures, durable: { ...kept, ...(await restart(slos, file, engine, traffic)) } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function newEngine(slos: readonly Slo[], store: EngineWorld['store']): Engine {
  const world = { store, now: () => Number.POSITIVE_INFINITY, pause: () => turn() }
  return new Engine({ stepMs, delayMs: 0 }, slos, silentRouting, world)
}

async function checkpoints(
  engine: Engine,
  traffic: Traffic,
): Promise<Omit<DurableFigures, 'restartMs' | 'isSameAfterwards'>> {
  const first = await longestStretch(() => engine.checkpoint())
  let checkpointMs = 0
  let checkpointStretchMs = 0
  for (let round = 0; round < 5; round++) {
    traffic.draw()
    traffic.send(engine)
    await tickAll(engine)
    const { totalMs, longestMs } = await longestStretch(() => engine.checkpoint())
    checkpointMs = Math.max(checkpointMs, totalMs)
    checkpointStretchMs = Math.max(checkpointStretchMs, longestMs)
  }
  return { checkpointMs, checkpointStretchMs, firstStretchMs: first.longestMs }
}

/** A process that begins with the store alone must decide the next step as the one before it would have. */
async function restart(
  slos: readonly Slo[],
  file: string,
  before: Engine,
  traffic: Traffic,
): Promise<Pick<DurableFigures, 'restartMs' | 'isSameAfterwards'>> {
  const counts = lastCounts(before)
  const startedAt = performance.now()
  const store = openSqliteStore(file, { log: silentLog, meter: promMeter().meter })
  const engine = newEngine(slos, store)
  await engine.restore()
  const isSameAfterwards = JSON.stringify(lastCounts(engine)) === JSON.stringify(counts)
  const restored = new Traffic(engine, slos.length, 0)
  restored.continueAfter(traffic)
  restored.send(engine)
  await tickAll(engine)
  const restartMs = performance.now() - startedAt
  await store.close()
  return { restartMs, isSameAfterwards: isSameAfterwards && engine.evaluatedAt('global') !== undefined }
}

function lastCounts({ counting }: Engine): readonly number[] {
  return [...counting.regions.values()].flatMap((region) =>
    [...region.slos.values()].slice(0, 50).map((slo) => region.countsEver(slo).total),
  )
}

/** The most CPU time that an action takes without letting others have their turn. */
async function longestStretch(action: () => Promise<void>): Promise<{ totalMs: number; longestMs: number }> {
  const state = { isOver: false }
  let longestMs = 0
  const watching = (async () => {
    let last = process.cpuUsage()
    while (!state.isOver) {
      await turn()
      const { user, system } = process.cpuUsage(last)
      longestMs = Math.max(longestMs, (user + system) / 1e3)
      last = process.cpuUsage()
    }
  })()
  const seconds = await cpuSecondsOf(action)
  state.isOver = true
  await watching
  return { totalMs: seconds * 1e3, longestMs }
}

async function tickAll(engine: Engine): Promise<void> {
  while ((await engine.tick()) !== undefined);
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
