import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { standardIncidentPolicy } from '../src/core/incidents/incident-policy.ts'
import { labelsOf } from '../src/core/model/labels.ts'
import type { Routing } from '../src/core/paging/routing.ts'
import { Engine } from '../src/engine/engine.ts'
import { type SampleBatch, sampleBatch } from '../src/ports/sample-sink.ts'
import type { Store } from '../src/ports/store.ts'
import { openSqliteStore } from '../src/storage/sqlite/open-sqlite-store.ts'
import { stepMs, worldSlos } from './evaluate-world.ts'
import { cpuSecondsOf, machine, median } from './measure.ts'

/** Event time that incidents stay open for: an hour. */
const steps = 240
const quietSteps = 4
const requestsPerStep = 1_000

/**
 * So many incidents open and stay open for an hour of event time, all of them burning: CPU time of a tick with everything that it
 * stores, memory, and what the store grows by. The same engine without any incident is the measure.
 */
export async function benchHeld(incidents: number): Promise<void> {
  console.log(`${machine()}; ${incidents} incidents stay open for an hour of event time, ${steps} ticks\n`)
  const quiet = await held(incidents, false)
  const burning = await held(incidents, true)
  for (const [name, figures] of [
    ['nothing burns', quiet],
    ['all burn', burning],
  ] as const) {
    const { openMs, tickMs, slowestMs, heapMib, storeMib, open } = figures
    console.log(
      `${name.padEnd(14)} ${open} open · opening tick ${openMs.toFixed(0)} ms · tick ${tickMs.toFixed(1)} ms, slowest ${slowestMs.toFixed(0)} ms · heap ${heapMib.toFixed(0)} MiB · store ${storeMib.toFixed(0)} MiB`,
    )
  }
  const perTickUs = ((burning.tickMs - quiet.tickMs) / incidents) * 1e3
  const perIncidentKib = ((burning.heapMib - quiet.heapMib) * 1_024) / incidents
  console.log(
    `\nan open incident costs ${perTickUs.toFixed(1)} µs of CPU a tick and ${perIncidentKib.toFixed(1)} KiB of memory`,
  )
}

interface HeldFigures {
  readonly openMs: number
  readonly tickMs: number
  readonly slowestMs: number
  readonly heapMib: number
  readonly storeMib: number
  readonly open: number
}

async function held(incidents: number, isBurning: boolean): Promise<HeldFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-delivery-bench-'))
  const path = join(folder, 'bench.db')
  const store = openSqliteStore(path)
  try {
    const slos = (await worldSlos(incidents, 'workbook')).map((slo) => {
      return { ...slo, regions: { ...slo.regions, global: 'none' as const } }
    })
    const start = Date.UTC(2026, 0, 31)
    const clock = { now: start }
    const world = { store, now: () => clock.now, pause: () => turn() }
    const engine = new Engine({ stepMs, delayMs: 0 }, slos, routing, world)
    const batch = resolved(engine, incidents)
    const step = async (index: number, failed: number): Promise<number> => {
      clock.now = start + index * stepMs
      fill(batch, clock.now, index * requestsPerStep - failed, failed)
      engine.sink.append(batch)
      const seconds = await cpuSecondsOf(async () => {
        while ((await engine.tick()) !== undefined);
      })
      await deliverAll(store, clock.now)
      return seconds * 1e3
    }
    for (let index = 0; index < quietSteps; index++) await step(index, 0)
    const share = isBurning ? requestsPerStep / 2 : 0
    const openMs = await step(quietSteps, share)
    const ticks: number[] = []
    for (let index = 1; index <= steps; index++) ticks.push(await step(quietSteps + index, share * (index + 1)))
    gc?.()
    const { heapUsed, external } = process.memoryUsage()
    const open = [...engine.desk.incidents()].filter(({ phase }) => phase.kind === 'open').length
    const heapMib = (heapUsed + external) / 2 ** 20
    return { openMs, tickMs: median(ticks), slowestMs: Math.max(...ticks), heapMib, storeMib: sizeMib(path), open }
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const routing: Routing = {
  routes: [{ match: { severity: 'page' }, receivers: ['oncall'] }],
  recipientsOf: () => [''],
  traitsOf: () => ({ takesUpdates: true, takesDigests: false }),
  policy: standardIncidentPolicy,
  digest: (text) => createHash('sha256').update(text).digest('hex'),
}

/** Everything arrives at once: what is measured is what holding an incident costs. */
async function deliverAll({ outbox }: Store, now: number): Promise<void> {
  for (;;) {
    const claimed = await Promise.all(Array.from({ length: 100 }, () => outbox.claim('oncall', now)))
    const deliveries = claimed.filter((one) => one !== undefined)
    if (deliveries.length === 0) return
    await Promise.all(
      deliveries.map(({ id, attempt }) => outbox.settle(id, attempt, { kind: 'delivered' }, now, undefined)),
    )
  }
}

function resolved(engine: Engine, slos: number): SampleBatch {
  const batch = sampleBatch(2 * slos)
  for (let slo = 0; slo < slos; slo++) {
    for (const metric of ['errors_total', 'requests_total']) {
      const labels = labelsOf([
        ['__name__', metric],
        ['service', `s${slo}`],
        ['region', 'eu-west-1'],
      ])
      batch.refs[batch.length++] = engine.sink.resolve(labels, { source: 'bench', region: undefined })
    }
  }
  return batch
}

function fill(batch: SampleBatch, at: number, good: number, failed: number): void {
  batch.timesMs.fill(at)
  for (let index = 0; index < batch.length; index += 2) {
    batch.values[index] = failed
    batch.values[index + 1] = good + failed
  }
}

function sizeMib(path: string): number {
  return (
    [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) /
    2 ** 20
  )
}
