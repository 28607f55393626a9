import assert from 'node:assert/strict'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { minuteMs, secondMs } from '../../src/core/model/units.ts'
import { startDelivery } from '../../src/delivery/outbox-worker.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { firedAt } from '../support/delivery-messages.ts'
import { FaultDesk } from '../support/fault-desk.ts'
import { PagerModel } from '../support/pager-model.ts'
import { storeFolder } from '../support/store-folder.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const page = 'checkout eu page'

/** One evaluator with its store at a path and its way to a pager, which can be cut. */
async function anEvaluator(path: string, clock: VirtualClock, pager: PagerModel) {
  const store = openSqliteStore(path)
  const now = () => clock.now()
  const desk = await new FaultDesk(store, now).restore()
  desk.eventTime = firedAt
  const line = { isCut: false }
  const receiver = {
    name: 'oncall',
    kind: 'made',
    recipients: [''],
    send: async ({
      notification,
      episode,
    }: Parameters<Parameters<typeof startDelivery>[0]['receivers'][0]['send']>[0]) => {
      if (line.isCut) return { kind: 'retry', reason: 'no route to host' } as const
      pager.take(notification, episode, now())
      return { kind: 'delivered' } as const
    },
  }
  const quiet = { random: () => 0.5, log: silentLog, meter: silentMeter }
  const delivery = startDelivery({ ...quiet, clock, store, receivers: [receiver] })
  return {
    desk,
    line,
    async pass(ms: number): Promise<void> {
      delivery.notify()
      await clock.advance(ms)
    },
    async stop(): Promise<void> {
      const stopped = delivery.stop(0)
      await clock.advance(10 * secondMs)
      await stopped
      await store.close()
    },
  }
}

function world(t: TestContext) {
  return { clock: new VirtualClock(firedAt), pager: new PagerModel(), path: join(storeFolder(t), 'sloburn.db') }
}

for (const [what, isSent] of [
  ['after the page went out', true],
  ['before it went out', false],
] as const) {
  test(`34. the database falls back to a copy that lacks the last commits, ${what}: decided again under the same key, one incident, and its end`, async (t) => {
    const { clock, pager, path } = world(t)
    await openSqliteStore(path).close()
    copyFileSync(path, `${path}.copy`)

    const first = await anEvaluator(path, clock, pager)
    first.line.isCut = !isSent
    await first.desk.fire(page)
    await first.pass(secondMs)
    await first.stop()
    assert.equal(pager.incidents.length, isSent ? 1 : 0)
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    copyFileSync(`${path}.copy`, path)

    const second = await anEvaluator(path, clock, pager)
    assert.deepEqual(second.desk.incidents, [])
    await second.desk.fire(page)
    await second.pass(secondMs)
    assert.deepEqual(pager.open, ['checkout'])
    await second.desk.resolve(page)
    await second.pass(secondMs)
    assert.deepEqual([pager.incidents.length, pager.open.length], [1, 0])
    await second.stop()
  })
}

for (const [what, cutAt] of [
  ['the opening', 'open'],
  ['the end', 'end'],
] as const) {
  test(`44. one of two regions is cut off from the pager during ${what}, and comes back: one incident, and all agree that it is over`, async (t) => {
    const { clock, pager, path } = world(t)
    const both = [await anEvaluator(path, clock, pager), await anEvaluator(`${path}2`, clock, pager)]
    const [one, other] = both
    other.line.isCut = cutAt === 'open'
    for (const { desk } of both) await desk.fire(page)
    for (const evaluator of both) await evaluator.pass(minuteMs)
    assert.deepEqual(pager.open, ['checkout'])
    if (cutAt === 'open') {
      other.line.isCut = false
      await other.pass(2 * minuteMs)
    }
    other.line.isCut = cutAt === 'end'
    for (const { desk } of both) await desk.resolve(page)
    for (const evaluator of both) await evaluator.pass(minuteMs)
    other.line.isCut = false
    for (const evaluator of both) await evaluator.pass(2 * minuteMs)
    assert.deepEqual([pager.incidents.length, pager.open.length], [1, 0])
    assert.equal(pager.incidents[0].triggers, 2)
    for (const { desk } of [one, other]) {
      assert.ok(desk.incidents.every(({ phase }) => phase.kind === 'closed'))
    }
    for (const evaluator of both) await evaluator.stop()
  })
}

test('48. the store goes from one process to the next twenty times in the middle of it: one page, one end', async (t) => {
  const { clock, pager, path } = world(t)
  for (let owner = 0; owner < 20; owner++) {
    const evaluator = await anEvaluator(path, clock, pager)
    if (owner === 0) await evaluator.desk.fire(page)
    else await evaluator.desk.turn()
    await evaluator.pass(15 * secondMs)
    if (owner === 19) await evaluator.desk.resolve(page)
    await evaluator.pass(15 * secondMs)
    await evaluator.stop()
  }
  assert.deepEqual(
    pager.incidents.map(({ triggers, resolvedAt }) => [triggers, resolvedAt !== undefined]),
    [[1, true]],
  )
})
