import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailedMessagesPerTickMax, historyStepsPerMessage } from '../../src/core/model/limits.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { Engine } from '../../src/engine/engine.ts'
import { incidentIn } from '../support/delivery-messages.ts'
import { anSlo } from '../support/engine-slo.ts'
import { evaluateAll, everythingToOncall, RememberingStore, send } from '../support/engine-world.ts'

const step = minuteMs
const start = Date.UTC(2026, 0, 1)
const labels = { region: 'eu', job: 'shop', instance: 'a' }

/** Feeds requests and failures minute by minute; each SLO counts the same series. */
async function played(names: readonly string[], failuresAt: (minute: number) => number, minutes: number) {
  const store = new RememberingStore()
  const clock = { now: start }
  const world = { store: store.world, now: () => clock.now }
  const slos = names.map((name) => anSlo({ name }))
  const engine = new Engine({ stepMs: step, delayMs: 0 }, slos, everythingToOncall, world)
  const sums = { total: 0, bad: 0 }
  for (let minute = 0; minute < minutes; minute++) {
    clock.now = start + minute * step + 500
    sums.total += 600
    sums.bad += failuresAt(minute)
    const time = start + minute * step
    send(engine.sink, [
      { labels: { ...labels, __name__: 'total' }, time, value: sums.total },
      { labels: { ...labels, __name__: 'bad' }, time, value: sums.bad },
    ])
    await evaluateAll(engine)
  }
  return { store, messages: store.deliveries.map(incidentIn) }
}

/** From the fourth hour on a little fails now and then, and after seven hours much. */
function badAt(minute: number): number {
  if (minute >= 420) return 300
  return minute >= 240 && minute % 7 === 0 ? 1 : 0
}

test('a message shows how it burned over the last hours: each step is what a plain sum makes of it', async () => {
  const { messages } = await played(['shop'], badAt, 440)
  const opened = messages.find(({ change, scope }) => change === 'opened' && scope !== 'none')
  assert.ok(opened?.history !== undefined)
  const { history, at } = opened
  assert.equal(history.burnRates.length, historyStepsPerMessage)
  assert.equal(history.from + history.burnRates.length * history.stepMs, at)
  for (const [index, rate] of history.burnRates.entries()) {
    const from = history.from + index * history.stepMs
    // The sample of a minute tells of the minute before it.
    const within = Array.from({ length: 440 }, (_, minute) => minute).filter((minute) => {
      const time = start + minute * step
      return minute > 0 && time > from && time <= from + history.stepMs
    })
    const bad = within.reduce((sum, minute) => sum + badAt(minute), 0)
    const expected = within.length === 0 ? null : bad / (600 * within.length) / (1 - opened.objective)
    if (expected === null) assert.equal(rate, null)
    else assert.ok(rate !== null && Math.abs(rate - expected) < 1e-6, `step ${index}: ${rate}, not ${expected}`)
  }
  assert.ok(history.burnRates.at(-1) !== 0)
})

test('a message tells the traffic, and what was usual only where that was seen', async () => {
  const { messages } = await played(['shop'], (minute) => (minute >= 60 ? 300 : 0), 70)
  const [{ traffic }] = messages
  assert.deepEqual(traffic, { perSecond: 10, usualPerSecond: null })
  const later = await played(['shop'], (minute) => (minute >= 24 * 60 + 30 ? 300 : 0), 24 * 60 + 40)
  assert.deepEqual(later.messages[0].traffic, { perSecond: 10, usualPerSecond: 10 })
})

test('a message tells between what the budget lasts, around what it lasts at this rate', async () => {
  const { messages } = await played(['shop'], (minute) => (minute >= 120 ? 12 : 0), 200)
  const { budget } = messages[messages.length - 1]
  assert.ok(budget.timeToExhaustionMs !== null && budget.exhaustion !== undefined)
  const { lowMs, highMs } = budget.exhaustion
  assert.ok(lowMs !== null && lowMs > 0)
  assert.ok(highMs === null || highMs >= lowMs)
})

test('an incident remembers what was said without the picture, which is of no use later', async () => {
  const { store } = await played(['shop'], (minute) => (minute >= 60 ? 300 : 0), 70)
  const [incident] = store.incidents
  assert.ok(incident.words !== null && incident.words.history === undefined)
})

test('when very many break at once the first have pictures, and all are told', async () => {
  const names = Array.from({ length: detailedMessagesPerTickMax + 50 }, (_, index) => `slo-${index}`)
  const { messages } = await played(names, (minute) => (minute >= 20 ? 300 : 0), 24)
  const opened = messages.filter(({ change }) => change === 'opened')
  assert.equal(new Set(opened.map(({ key }) => key)).size, names.length)
  assert.ok(opened.some(({ history }) => history === undefined))
  assert.ok(opened.filter(({ history }) => history !== undefined).length >= detailedMessagesPerTickMax)
  assert.ok(opened.every(({ at }) => at - start < hourMs))
})

/** Half an hour that is bad. */
function isBad(minute: number): boolean {
  return minute >= 60 && minute < 90
}

test('a message tells what the incident has cost since the trouble began, as a plain sum makes of it', async () => {
  const minutes = 9 * 60
  const { messages } = await played(['shop'], (minute) => (isBad(minute) ? 300 : 0), minutes)
  const opened = messages.find(({ change }) => change === 'opened')
  const resolved = messages.find(({ status }) => status === 'resolved')
  assert.ok(opened?.spent !== undefined && resolved?.spent !== undefined)
  const { since, bad: spent, ofBudget } = resolved.spent
  // The sample of a minute tells of the minute before it.
  const failed = Array.from({ length: minutes }, (_, minute) => minute).filter((minute) => {
    const time = start + minute * step
    return time > since && time <= resolved.at && isBad(minute)
  })
  assert.equal(spent, 300 * failed.length)
  assert.ok(spent > opened.spent.bad)
  const { bad, remaining } = resolved.budget
  assert.ok(remaining !== null)
  assert.ok(Math.abs((ofBudget ?? 0) - spent / (bad / (1 - remaining))) < 1e-9)
  assert.deepEqual(resolved.measure, { kind: 'requests' })
})
