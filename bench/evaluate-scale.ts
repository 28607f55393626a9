import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import type { Slo } from '../src/core/model/slo.ts'
import { Engine, type EngineWorld } from '../src/engine/engine.ts'
import { DayRounds, markDaysSaved } from '../src/engine/update-days.ts'
import { silentLog } from '../src/ports/log.ts'
import { memoryStore } from '../src/simulation/memory-store.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { silentRouting } from '../test/support/silent-routing.ts'
import { regionsPerSlo, start, stepMs, Traffic, type TrafficState, worldSlos } from './evaluate-world.ts'
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
  /** CPU time, and time on the clock, from the beginning of a process, with rules and a store on disk, to the first step decided. */
  readonly restartMs: number
  readonly restartWallMs: number
  readonly isSameAfterwards: boolean
}

/** Half an hour: by then every window that is shorter has been read where it begins within live counts, and the code has settled. */
const warmUpSteps = 120
/** Enough for all days that history told of. */
const historyRounds = 2

/** What a process that restarts needs to know. */
export interface RestartOrder {
  readonly rules: Pick<ScaleOrder, 'sloRegions' | 'policy'>
  readonly file: string
  readonly counts: readonly number[]
  readonly traffic: TrafficState
}

if (process.argv[1] === import.meta.filename) {
  process.once('message', (order: ScaleOrder) => {
    void measure(order).then((figures) => process.send?.(figures, () => process.disconnect()))
  })
}

async function measure({ sloRegions, policy, burning, steps, durable }: ScaleOrder): Promise<ScaleFigures> {
  const slos = await worldSlos(Math.round(sloRegions / regionsPerSlo), policy)
  const before = await memory()
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const file = join(folder, 'bench.db')
  try {
    const opened = durable ? openSqliteStore(file, { log: silentLog, meter: promMeter().meter }) : undefined
    const engine = newEngine(slos, opened ?? memoryStore().store)
    const traffic = new Traffic(engine, slos.length, burning)
    engine.startAfter(start - stepMs)
    traffic.sendHistory(engine)
    await tickAll(engine)
    storeDays(engine)
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
    const bytesPerSloRegion = ((await memory()) - before) / (slos.length * regionsPerSlo)
    const figures = { ticksMs, appendUs: (appends / steps / traffic.samples) * 1e6, bytesPerSloRegion }
    if (opened === undefined) return { ...figures, durable: null }
    const kept = await checkpoints(engine, traffic)
    await opened.close()
    return { ...figures, durable: { ...kept, ...(await restart({ sloRegions, policy }, file, engine, traffic)) } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The days of the history are stored by and by, over hours; what is measured is the time after. */
function storeDays({ counting }: Engine): void {
  const rounds = new DayRounds()
  for (const region of counting.regions.values()) {
    for (let round = 0; round < historyRounds; round++) {
      markDaysSaved(counting, rounds.visit(region, region.watermark, counting.exclusions, Number.POSITIVE_INFINITY))
    }
  }
}

/** An engine as production has it, but for the clock. */
export function newEngine(slos: readonly Slo[], store: EngineWorld['store']): Engine {
  const world = { store, now: () => Number.POSITIVE_INFINITY, pause: () => turn() }
  return new Engine({ stepMs, delayMs: 0 }, slos, silentRouting, world)
}

async function checkpoints(
  engine: Engine,
  traffic: Traffic,
): Promise<Omit<DurableFigures, 'restartMs' | 'restartWallMs' | 'isSameAfterwards'>> {
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
  order: RestartOrder['rules'],
  file: string,
  before: Engine,
  traffic: Traffic,
): Promise<Pick<DurableFigures, 'restartMs' | 'restartWallMs' | 'isSameAfterwards'>> {
  const child = fork(new URL('evaluate-restart.ts', import.meta.url), {
    execArgv: process.execArgv.filter((word) => !word.startsWith('--cpu-prof')),
    serialization: 'advanced',
  })
  child.send({ rules: order, file, counts: lastCounts(before), traffic: traffic.state } satisfies RestartOrder)
  const [figures] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])])
  if (figures === undefined) throw new Error('the process that restarts ended')
  return figures
}

/** The events so far of some SLOs of every region. */
export function lastCounts({ counting }: Engine): readonly number[] {
  return [...counting.regions.values()].flatMap((region) =>
    [...region.slos.values()].slice(0, 50).map((slo) => region.countsEver(slo).total),
  )
}

/**
 * The most CPU time of the thread that ticks which an action takes without letting others have their turn, and that of the whole process.
 * It looks after each turn that takes a millisecond: to look after every one would make more garbage than the action does.
 */
async function longestStretch(action: () => Promise<void>): Promise<{ totalMs: number; longestMs: number }> {
  const state = { isOver: false }
  let longestMs = 0
  const watching = (async () => {
    let last = process.threadCpuUsage()
    while (!state.isOver) {
      await sleep(1)
      const { user, system } = process.threadCpuUsage(last)
      longestMs = Math.max(longestMs, (user + system) / 1e3)
      last = process.threadCpuUsage()
    }
  })()
  const seconds = await cpuSecondsOf(action)
  state.isOver = true
  await watching
  return { totalMs: seconds * 1e3, longestMs }
}

/** Ticks until nothing is due. */
export async function tickAll(engine: Engine): Promise<void> {
  while ((await engine.tick()) !== undefined);
}

/** Objects, and arrays of numbers, also those in shared memory, of which `external` knows nothing. */
async function memory(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    gc?.()
    await turn()
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}
