import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spendOver } from '../../src/core/incidents/incident-spend.ts'
import { Engine } from '../../src/engine/engine.ts'
import { anSlo } from '../support/engine-slo.ts'
import { evaluateAll, everythingToOncall, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)

/** What failed and what came, step by step, as the test wrote it down itself. */
interface Ledger {
  readonly at: number
  readonly bad: number
  readonly total: number
}

/** Two regions of unequal size whose failures go up and down, until they stop. */
function played() {
  const store = new RememberingStore()
  let now = start
  const make = () =>
    new Engine({ stepMs: step, delayMs: 0 }, [anSlo()], everythingToOncall, { store: store.world, now: () => now })
  let engine = make()
  const ledger: Ledger[] = []
  const sums = { eu: { bad: 0, total: 0 }, us: { bad: 0, total: 0 } }
  return {
    store,
    ledger,
    async pass(steps: number, failing: (index: number) => number) {
      for (let done = 0; done < steps; done++) {
        const index = ledger.length
        const at = start + index * step
        now = at + 500
        const eu = { bad: failing(index), total: 90 + (index % 7) }
        const us = { bad: Math.floor(failing(index) / 3), total: 31 }
        ledger.push({ at, bad: eu.bad + us.bad, total: eu.total + us.total })
        for (const [region, { bad, total }] of Object.entries({ eu, us })) {
          const sum = region === 'eu' ? sums.eu : sums.us
          sum.bad += bad
          sum.total += total
          const labels = { region, job: 'shop', instance: region }
          send(engine.sink, [
            { labels: { ...labels, __name__: 'total' }, time: at, value: sum.total },
            { labels: { ...labels, __name__: 'bad' }, time: at, value: sum.bad },
          ])
        }
        await evaluateAll(engine)
      }
    },
    async restart() {
      await engine.checkpoint()
      engine = make()
      await engine.restore()
    },
    spent: () => {
      const incidents = store.commits.flatMap((commit) => commit.incidents)
      const [{ id }] = incidents
      const points = store.commits.flatMap(({ burnRates }) => burnRates).filter(({ incidentId }) => incidentId === id)
      const incident = incidents.findLast((one) => one.id === id)
      assert.ok(incident)
      return { incident, last: spendOver(points).at(-1) }
    },
  }
}

const wave = (index: number) => 20 + (index % 11) * 3

function sumOver(ledger: readonly Ledger[], from: number, to: number) {
  const within = ledger.filter(({ at }) => at > from && at <= to)
  return { bad: within.reduce((sum, one) => sum + one.bad, 0), total: within.reduce((sum, one) => sum + one.total, 0) }
}

test('an incident has spent exactly the bad events from its opening to its end, also where it takes hours', async () => {
  const world = played()
  await world.pass(40, () => 0)
  await world.pass(700, wave)
  await world.pass(2_500, () => 0)
  const { incident, last } = world.spent()
  assert.ok(last)
  assert.equal(incident.phase.kind, 'closed')
  assert.equal(last.since, incident.openedAt)
  assert.equal(last.until, incident.phase.kind === 'closed' ? incident.phase.clearedAt : 0)
  const expected = sumOver(world.ledger, last.since, last.until)
  assert.deepEqual({ bad: last.bad, total: last.total }, expected)
  assert.ok(expected.bad > 10_000)
})

test('a restart in mid-incident costs at most the events of a minute', async () => {
  const world = played()
  await world.pass(40, () => 0)
  await world.pass(300, wave)
  await world.restart()
  await world.pass(300, wave)
  await world.restart()
  await world.pass(2_500, () => 0)
  const { incident, last } = world.spent()
  assert.ok(last)
  assert.equal(incident.phase.kind, 'closed')
  const expected = sumOver(world.ledger, last.since, last.until)
  assert.ok(Math.abs(last.bad - expected.bad) <= 4 * 70, `${last.bad}, not ${expected.bad}`)
  assert.equal(last.until, incident.phase.kind === 'closed' ? incident.phase.clearedAt : 0)
})

test('what it spent stands beside the bad events that the SLO window allows', async () => {
  const world = played()
  await world.pass(40, () => 0)
  await world.pass(100, wave)
  const { last } = world.spent()
  assert.ok(last)
  const counted = sumOver(world.ledger, start, last.until)
  // The part of the window that was not seen is taken to have the traffic of the part that was.
  const perMs = counted.total / (last.until - start)
  assert.ok(Math.abs(last.allowed / (0.001 * perMs * 30 * 86_400_000) - 1) < 0.01, `${last.allowed}`)
})
