import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentIn } from '../../support/delivery-messages.ts'
import { aRule } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore, send } from '../../support/engine-world.ts'
import { ratioSlo } from '../../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const start = Date.UTC(2026, 0, 1)
const rules = [aRule('page', 2 * minute, minute, '10')]
const slo = ratioSlo({ rules, forMs: 5 * minute, global: 'none' })
const alert = { slo: 'checkout', scope: 'eu', severity: 'page' } as const

/** All requests fail from step 40 on, for so many steps. */
function badUpTo(index: number, burning: number): number {
  return 100 * Math.min(burning, Math.max(0, index - 40))
}

/** A condition that holds at steps 41 to 44 + 24 is open from the twentieth of them on: five minutes later. */
test('an alert with `for` opens when its condition has held that long, and tells nobody before', async () => {
  const { store } = await tell({ burning: 30 })
  assert.deepEqual(
    store.episodes.map(({ firedAt }) => (firedAt - start) / step),
    [41 + 20],
  )
  const told = store.deliveries.map(incidentIn).map(({ status, firedAt }) => [status, (firedAt - start) / step])
  assert.deepEqual(told, [
    ['firing', 61],
    ['resolved', 61],
  ])
})

test('a condition that ends before is nobody’s business', async () => {
  const { store, engine } = await tell({ burning: 15 })
  assert.deepEqual(store.episodes, [])
  assert.deepEqual(store.deliveries, [])
  assert.ok(engine.alerts.isQuiet, 'it is not pending any more')
})

test('what is pending survives a restart and goes on where it was', async () => {
  const { store } = await tell({ burning: 30, restartAt: 55 })
  assert.deepEqual(
    store.episodes.map(({ firedAt }) => (firedAt - start) / step),
    [61],
  )
})

test('what is pending survives a store that fails', async () => {
  const { store } = await tell({ burning: 30, failAt: 41 })
  assert.deepEqual(
    store.episodes.map(({ firedAt }) => (firedAt - start) / step),
    [61],
  )
})

test('a condition that cannot be seen for a while is pending all the while, and opens when it is seen again', async () => {
  const { store } = await tell({ burning: 60, silent: [48, 70] })
  assert.deepEqual(
    store.episodes.map(({ firedAt }) => (firedAt - start) / step),
    [61],
    'the counters say afterwards that it held',
  )
})

test('a pending alert of an SLO that is gone is dropped without a word', async () => {
  const { store, engine } = await tell({ burning: 30, until: 50 })
  assert.equal(engine.alerts.stateOf(alert).kind, 'pending')
  engine.reload([], everythingToOncall)
  await evaluateAll(engine)
  assert.ok(engine.alerts.isQuiet)
  assert.deepEqual(store.episodes, [])
  assert.deepEqual(store.deliveries, [])
})

interface Telling {
  readonly burning: number
  readonly until?: number
  readonly restartAt?: number
  readonly failAt?: number
  /** Steps at which the region says nothing. */
  readonly silent?: readonly [number, number]
}

async function tell({ burning, until = 120, restartAt, failAt, silent = [999, 999] }: Telling) {
  const store = new RememberingStore()
  let engine = anEngine({ slos: [slo], store })
  for (let index = 0; index <= until; index++) {
    if (index === restartAt) {
      await engine.checkpoint()
      engine = anEngine({ slos: [slo], store })
      await engine.restore()
    }
    if (index < silent[0] || index > silent[1]) {
      const labels = { region: 'eu', job: 'shop', instance: 'a' }
      const time = start + index * step
      send(engine.sink, [
        { labels: { ...labels, __name__: 'total' }, time, value: 100 * index },
        { labels: { ...labels, __name__: 'bad' }, time, value: badUpTo(index, burning) },
      ])
    }
    if (index === failAt) {
      store.failures = 1
      await assert.rejects(engine.tick(), /disk full/)
    }
    await evaluateAll(engine)
  }
  return { store, engine }
}
