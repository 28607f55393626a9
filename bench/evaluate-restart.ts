import { silentLog } from '../src/ports/log.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { lastCounts, newEngine, type RestartOrder, tickAll } from './evaluate-scale.ts'
import { regionsPerSlo, Traffic, worldSlos } from './evaluate-world.ts'
import { cpuSecondsOf } from './measure.ts'

process.once('message', (order: RestartOrder) => {
  void measure(order).then((figures) => process.send?.(figures, () => process.disconnect()))
})

/** From rules that were read, and a store that was written by another process, to the first step that was decided. */
async function measure({ rules, file, counts, traffic }: RestartOrder) {
  const slos = await worldSlos(Math.round(rules.sloRegions / regionsPerSlo), rules.policy)
  const startedAt = performance.now()
  let isSameAfterwards = false
  const seconds = await cpuSecondsOf(async () => {
    const store = openSqliteStore(file, { log: silentLog, meter: promMeter().meter })
    const engine = newEngine(slos, store)
    await engine.restore()
    isSameAfterwards = JSON.stringify(lastCounts(engine)) === JSON.stringify(counts)
    const restored = new Traffic(engine, slos.length, 0)
    restored.continueAfter(traffic)
    restored.send(engine)
    await tickAll(engine)
    isSameAfterwards &&= engine.evaluatedAt('global') !== undefined
    await store.close()
  })
  return { restartMs: seconds * 1e3, restartWallMs: performance.now() - startedAt, isSameAfterwards }
}
