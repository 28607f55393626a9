import { silentLog } from '../src/ports/log.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { lastCounts, newEngine, type RestartOrder, tickAll } from './evaluate-scale.ts'
import { regionsPerSlo, Traffic, worldSlos } from './evaluate-world.ts'

process.once('message', (order: RestartOrder) => {
  void measure(order).then((figures) => process.send?.(figures, () => process.disconnect()))
})

/**
 * From rules that were read, and a store that was written by another process, to the first step that was decided. What only the bench
 * does is left out: comparing the counts, and closing the store, which copies its log.
 */
async function measure({ rules, file, counts, traffic }: RestartOrder) {
  const slos = await worldSlos(Math.round(rules.sloRegions / regionsPerSlo), rules.policy)
  const restoring = stopwatch()
  const store = openSqliteStore(file, { log: silentLog, meter: promMeter().meter })
  const engine = newEngine(slos, store)
  await engine.restore()
  const restored = restoring()
  const isSame = JSON.stringify(lastCounts(engine)) === JSON.stringify(counts)
  const goingOn = new Traffic(engine, slos.length, 0)
  goingOn.continueAfter(traffic)
  const ticking = stopwatch()
  goingOn.send(engine)
  await tickAll(engine)
  const ticked = ticking()
  const isSameAfterwards = isSame && engine.evaluatedAt('global') !== undefined
  await store.close()
  const [restartMs, restartWallMs] = [restored.cpuMs + ticked.cpuMs, restored.wallMs + ticked.wallMs]
  return { restartMs, restartWallMs, isSameAfterwards }
}

/** Begins to measure; what it answers tells how much CPU and time has passed since. */
function stopwatch(): () => { readonly cpuMs: number; readonly wallMs: number } {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { cpuMs: (user + system) / 1e3, wallMs: performance.now() - startedAt }
  }
}
