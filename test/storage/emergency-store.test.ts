import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Outcome } from '../../src/core/model/delivery.ts'
import { heldCommitsMax } from '../../src/core/model/limits.ts'
import { minuteMs, secondMs } from '../../src/core/model/units.ts'
import type { Receiver } from '../../src/ports/receiver.ts'
import type { Store } from '../../src/ports/store.ts'
import { emergencyStore } from '../../src/storage/emergency/emergency-store.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import {
  aNewDelivery,
  aNotification,
  anEpisode,
  anIncident,
  aResolve,
  aTick,
  firedAt,
} from '../support/delivery-messages.ts'
import { recordingLog, recordingMeter } from '../support/delivery-recorders.ts'
import { delivered, deliveryWorld, failed, hang, inTurn, type Script } from '../support/delivery-world.ts'
import { FaultDesk } from '../support/fault-desk.ts'

const page = 'checkout eu page'
const fullDisk = new Error('database or disk is full')

/** Which calls of a store fail: those that write, or all. */
type Disk = 'free' | 'full' | 'dead'

/** A store on a disk that a test fills and frees. */
function onDisk(store: Store, disk: { state: Disk }): Store {
  const writes = new Set(['commit', 'claim', 'settle', 'recover', 'record', 'save'])
  const guarded = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value === 'object' && value !== null) return guarded(value)
        if (typeof value !== 'function') return value
        return async (...parameters: unknown[]) => {
          if (disk.state === 'dead' && name !== 'close') throw fullDisk
          if (disk.state === 'full' && writes.has(String(name))) throw fullDisk
          return await Reflect.apply(value, target, parameters)
        }
      },
    })
  return guarded(store)
}

/** Incidents and delivery over the emergency path, in made time. */
function aWorld(t: TestContext, script: Script = () => delivered) {
  const disk: { state: Disk } = { state: 'free' }
  const under = openSqliteStore(':memory:')
  const log = recordingLog()
  const meter = recordingMeter()
  let clock = { now: (): number => firedAt }
  const store = emergencyStore(onDisk(under, disk), {
    now: () => clock.now(),
    log,
    meter,
    isOutage: (error) => error === fullDisk,
  })
  const world = deliveryWorld(t, store)
  clock = world.clock
  const oncall = world.receiver('oncall', script)
  const start = (receivers: readonly Receiver[] = [oncall]) => world.start(receivers)
  const delivery = start()
  const desk = new FaultDesk(store, () => world.clock.now())
  return {
    ...world,
    disk,
    under,
    store,
    said: log,
    counted: meter,
    oncall,
    desk,
    sent: () => oncall.sent.map(({ delivery: { notification } }) => notification.change),
    async pass(ms = secondMs) {
      delivery.notify()
      await world.clock.advance(ms)
    },
    stored: async () =>
      (await under.outbox.list({ limit: 100 }))
        .map(({ key, change, status, attempts }) => `${key} ${change} ${status} ${attempts}`)
        .reverse(),
  }
}

/** A turn that tells of one ticket. */
function aTicket(index: number) {
  return aTick({ deliveries: [aNewDelivery(aNotification({ slo: `slo-${index}`, severity: 'ticket' }))] })
}

describe('while the store cannot be written', () => {
  test('a page goes out at once, once, and is stored as delivered when there is room again', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    await world.desk.fire(page)
    await world.pass()
    assert.deepEqual(world.sent(), ['opened'])
    await world.pass(10 * minuteMs)
    assert.deepEqual(world.sent(), ['opened'])
    assert.deepEqual(await world.stored(), [])
    world.disk.state = 'free'
    await world.pass(2 * minuteMs)
    assert.deepEqual(await world.stored(), ['checkout opened delivered 1'])
    assert.deepEqual(world.sent(), ['opened'])
    const [incident] = await world.under.incidents.list({ limit: 10 })
    const timeline = await world.under.incidents.timeline(incident.id)
    assert.deepEqual(
      timeline?.events.map(({ kind }) => kind),
      ['opened', 'told'],
    )
    assert.deepEqual(
      timeline?.attempts.map(({ outcome }) => outcome),
      ['delivered'],
    )
  })

  test('it has the id and the key that it would have had', async (t) => {
    const [full, free] = [aWorld(t), aWorld(t)]
    full.disk.state = 'full'
    for (const world of [full, free]) {
      await world.desk.fire(page)
      await world.pass()
    }
    const [identity, expected] = [full, free].map(
      ({
        oncall: {
          sent: [{ delivery }],
        },
      }) => [delivery.id, delivery.notification.key, delivery.opens],
    )
    assert.deepEqual(identity, expected)
  })

  test('its end waits, and goes where it went', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    await world.desk.fire(page)
    await world.pass()
    await world.desk.resolve(page)
    await world.pass(minuteMs)
    assert.deepEqual(world.sent(), ['opened'])
    world.disk.state = 'free'
    await world.pass(2 * minuteMs)
    assert.deepEqual(world.sent(), ['opened', 'resolved'])
    assert.deepEqual(await world.stored(), ['checkout opened delivered 1', 'checkout resolved delivered 1'])
  })

  test('an end that could not be told does not close what opened under its key since', async (t) => {
    const world = aWorld(t)
    await world.desk.fire(page)
    await world.pass()
    world.disk.state = 'full'
    await world.desk.resolve(page)
    await world.pass(minuteMs)
    await world.desk.fire(page)
    await world.pass(minuteMs)
    world.disk.state = 'free'
    await world.pass(2 * minuteMs)
    assert.deepEqual(world.sent(), ['opened', 'opened'])
    await world.desk.resolve(page)
    await world.pass(minuteMs)
    assert.deepEqual(world.sent(), ['opened', 'opened', 'resolved'])
    const [superseded] = await world.under.outbox.list({ limit: 1, status: 'superseded' })
    assert.match(superseded.reason ?? '', /goes on in its place/)
  })

  test('nor one of which nobody knows whether it arrived', async (t) => {
    let answer: Outcome = delivered
    const world = aWorld(t, () => answer)
    await world.desk.fire(page)
    await world.pass()
    world.disk.state = 'full'
    await world.desk.resolve(page)
    await world.pass(minuteMs)
    answer = { kind: 'ambiguous', reason: 'connection lost' }
    await world.desk.fire(page)
    await world.pass(minuteMs)
    world.disk.state = 'free'
    answer = delivered
    await world.pass(2 * minuteMs)
    assert.deepEqual(new Set(world.sent()), new Set(['opened']))
    await world.desk.resolve(page)
    await world.pass(minuteMs)
    assert.equal(world.sent().filter((change) => change === 'resolved').length, 1)
  })

  test('what was withdrawn, or overtaken by something newer, is not dug out of the store', async (t) => {
    const world = aWorld(t, () => failed)
    await world.commit(aNewDelivery(), aNewDelivery(aNotification({ slo: 'search' })))
    world.disk.state = 'full'
    const { key, firedAt: episode } = aNotification()
    const superseded = [{ key, episode, remindersOnly: false, reason: 'silenced' }]
    const newer = aNewDelivery(aNotification({ slo: 'search', revision: 2, change: 'worsened' }))
    await world.store.commit(aTick({ superseded, deliveries: [newer] }))
    await world.pass(10 * minuteMs)
    assert.deepEqual(
      new Set(world.oncall.sent.map(({ delivery: { notification } }) => `${notification.key} ${notification.change}`)),
      new Set(['search worsened']),
    )
  })

  test('a page that was withdrawn during an attempt of which nobody knows what became has its end told', async (t) => {
    const world = aWorld(t, (delivery, signal) =>
      delivery.notification.status === 'firing' ? hang(delivery, signal) : delivered,
    )
    world.disk.state = 'full'
    await world.desk.fire(page)
    await world.pass()
    assert.deepEqual(world.sent(), ['opened'])
    await world.desk.silence('s1', ['slo="checkout"'], 60)
    await world.pass(minuteMs)
    assert.deepEqual(world.sent(), ['opened'])
    world.disk.state = 'free'
    await world.pass(minuteMs)
    await world.desk.resolve(page)
    await world.pass(minuteMs)
    assert.deepEqual(world.sent(), ['opened', 'resolved'])
  })

  test('tickets wait', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    await world.desk.fire('checkout eu ticket')
    await world.pass(10 * minuteMs)
    assert.deepEqual(world.sent(), [])
    world.disk.state = 'free'
    await world.pass(2 * minuteMs)
    assert.deepEqual(await world.stored(), ['checkout opened delivered 1'])
  })

  test('a page that the store holds and nobody can claim goes out', async (t) => {
    const world = aWorld(t)
    const waiting = aNewDelivery()
    await world.commit(waiting)
    world.disk.state = 'full'
    await world.pass()
    assert.deepEqual(world.sent(), ['opened'])
    // The store takes it for waiting still: that must send nobody to the fallback receiver.
    const { delivered: hasArrived, waitingSince } = await world.store.outbox.pageProgress(
      waiting.notification.key,
      waiting.episode,
      0,
    )
    assert.deepEqual([hasArrived, waitingSince], [true, null])
    world.disk.state = 'free'
    await world.commit()
    await world.pass(2 * minuteMs)
    assert.deepEqual(world.sent(), ['opened'])
    assert.deepEqual(await world.stored(), ['checkout-availability opened delivered 1'])
  })

  test('a page whose attempt failed just then is tried again', async (t) => {
    const world: ReturnType<typeof aWorld> = aWorld(
      t,
      inTurn(() => {
        world.disk.state = 'full'
        return failed
      }, failed),
    )
    await world.desk.fire(page)
    await world.pass(10 * secondMs)
    assert.deepEqual(world.sent(), ['opened', 'opened', 'opened'])
    world.disk.state = 'free'
    await world.pass(2 * minuteMs)
    assert.equal(world.sent().length, 3)
    const [row] = await world.stored()
    assert.match(row, /^checkout opened delivered [23]$/)
  })

  test('what a process that died had in flight is sent again, and may have arrived', async (t) => {
    const world = aWorld(t)
    await world.store.close()
    const under = openSqliteStore(':memory:')
    t.after(() => under.close())
    await under.commit(aTick({ deliveries: [aNewDelivery()] }))
    await under.outbox.claim('oncall', firedAt)
    const disk: { state: Disk } = { state: 'full' }
    const own = { now: () => next.clock.now(), log: recordingLog(), meter: recordingMeter() }
    const store = emergencyStore(onDisk(under, disk), { ...own, isOutage: (error) => error === fullDisk })
    const next = deliveryWorld(t, { ...store, close: async () => {} })
    const oncall = next.receiver('oncall', () => delivered)
    next.start([oncall])
    await next.clock.advance(2 * secondMs)
    assert.deepEqual(
      oncall.sent.map(({ delivery: { attempt, maybeSent } }) => [attempt, maybeSent]),
      [[2, true]],
    )
    disk.state = 'free'
    await next.clock.advance(2 * minuteMs)
    assert.equal(oncall.sent.length, 1)
    assert.deepEqual(
      (await under.outbox.list({ limit: 2 })).map(({ status, attempts }) => [status, attempts]),
      [['delivered', 2]],
    )
  })

  test('what is silenced before it went out does not go out', async (t) => {
    const world = aWorld(t, () => failed)
    world.disk.state = 'full'
    await world.desk.fire(page)
    await world.pass()
    const { length } = world.sent()
    assert.ok(length > 0)
    await world.desk.silence('s1', ['slo="checkout"'], 60)
    await world.pass(10 * minuteMs)
    assert.equal(world.sent().length, length)
  })

  test('an attempt that is under way when there is room again is not made twice', async (t) => {
    const answer = Promise.withResolvers<typeof delivered>()
    const world = aWorld(t, () => answer.promise)
    world.disk.state = 'full'
    await world.desk.fire(page)
    await world.pass()
    world.disk.state = 'free'
    await world.pass(2 * secondMs)
    answer.resolve(delivered)
    await world.pass(minuteMs)
    assert.deepEqual(world.sent(), ['opened'])
    assert.match((await world.stored()).join(), /^checkout opened delivered/)
  })

  test('a page is proven, so that nobody takes it for lost', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    await world.desk.fire(page)
    await world.desk.turn()
    assert.deepEqual(
      world.desk.audits.map(({ verdict }) => verdict),
      ['moving'],
    )
    await world.pass()
    await world.desk.turn()
    assert.deepEqual(
      world.desk.audits.map(({ verdict }) => verdict),
      ['proven'],
    )
  })

  test('people find the incident, with what was decided', async (t) => {
    const world = aWorld(t)
    await world.desk.fire('search eu page')
    world.disk.state = 'full'
    await world.desk.fire(page)
    const open = await world.store.incidents.list({ state: 'open', limit: 10 })
    assert.deepEqual(open.map(({ key }) => key).sort(), ['checkout', 'search'])
    assert.deepEqual(await world.store.incidents.list({ state: 'open', slo: 'cart', limit: 10 }), [])
    const held = open.find(({ key }) => key === 'checkout')
    const timeline = await world.store.incidents.timeline(held?.id ?? '')
    assert.deepEqual(
      timeline?.events.map(({ kind }) => kind),
      ['opened', 'told'],
    )
    assert.equal(await world.store.incidents.timeline('nothing'), undefined)
  })

  test('people see what fires, and what does not any more', async (t) => {
    const world = aWorld(t)
    const [older, newer] = [
      anEpisode(),
      anEpisode({ id: { slo: 'search', scope: 'eu', severity: 'page' }, firedAt: firedAt + 1 }),
    ]
    await world.store.commit(aTick({ episodes: [older] }))
    world.disk.state = 'full'
    await world.store.commit(aTick({ episodes: [newer] }))
    const seen = async (query: { activeOnly?: boolean; slo?: string }) =>
      (await world.store.episodes({ ...query, limit: 10 })).map(({ id }) => id.slo)
    assert.deepEqual(await seen({ activeOnly: true }), ['search', 'checkout-availability'])
    await world.store.commit(aTick({ episodes: [{ ...older, resolvedAt: firedAt + 2 }] }))
    assert.deepEqual(await seen({ activeOnly: true }), ['search'])
    assert.deepEqual(await seen({ slo: 'checkout-availability' }), ['checkout-availability'])
  })

  test('it is said at once and every minute, counted, and said when it is over', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    await world.desk.fire(page)
    assert.equal(world.store.outage?.reason, fullDisk.message)
    for (let quarter = 0; quarter < 12; quarter++) {
      await world.pass(15 * secondMs)
      await world.desk.turn()
    }
    const errors = world.said.lines.filter(({ level }) => level === 'error')
    assert.ok(errors.length >= 3 && errors.length <= 5, `${errors.length} lines in three minutes`)
    assert.equal(world.counted.values.get('sloburn_store_writable{}'), 0)
    assert.equal(world.counted.values.get('sloburn_unstored_attempts_total{receiver="oncall",outcome="delivered"}'), 1)
    assert.ok((world.counted.values.get('sloburn_held_decisions{}') ?? 0) > 0)
    world.disk.state = 'free'
    await world.pass(minuteMs)
    await world.desk.turn()
    assert.equal(world.store.outage, undefined)
    assert.equal(world.counted.values.get('sloburn_store_writable{}'), 1)
    assert.equal(world.counted.values.get('sloburn_held_decisions{}'), 0)
    assert.match(world.said.lines.at(-1)?.message ?? '', /can be written again/)
  })

  test('a day of turns at which nothing is decided is held as a few', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    for (let turn = 0; turn < 5_760; turn++) {
      await world.store.commit(aTick({ at: firedAt + turn, progress: new Map([['eu', firedAt + turn]]) }))
    }
    assert.ok((world.store.outage?.held ?? 99) <= 2)
    world.disk.state = 'free'
    await world.clock.advance(minuteMs)
    await world.store.commit(aTick())
    assert.equal((await world.under.load()).progress.get('eu'), firedAt + 5_759)
  })

  test('beyond the limit nothing more is held, and pages go out nevertheless', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    for (let index = 0; index < heldCommitsMax; index++) await world.store.commit(aTicket(index))
    await assert.rejects(world.store.commit(aTicket(-1)), /the store cannot be written: database or disk is full/)
    await assert.rejects(world.desk.fire(page))
    await assert.rejects(world.desk.fire(page))
    await world.pass()
    assert.deepEqual(world.sent(), ['opened'])
    assert.equal(world.counted.values.get('sloburn_limit_hits_total{limit="heldCommitsMax"}'), 3)
  })

  test('no snapshot is taken of what is ahead of the store', async (t) => {
    const world = aWorld(t)
    world.disk.state = 'full'
    await world.desk.fire(page)
    await assert.rejects(world.store.checkpoints.save(new Map(), []), /cannot be written/)
    world.disk.state = 'free'
    await world.clock.advance(minuteMs)
    await world.store.checkpoints.save(new Map([['a', new Uint8Array(1)]]), [])
    assert.equal((await world.under.incidents.list({ limit: 1 })).length, 1, 'what was held is stored before')
  })
})

test('a store that cannot even be read: pages go out all the same', async (t) => {
  const world = aWorld(t)
  await world.desk.fire('search eu ticket')
  await world.pass()
  world.disk.state = 'dead'
  await world.desk.fire(page)
  await world.pass(2 * secondMs)
  await world.desk.turn()
  assert.deepEqual(world.sent(), ['opened', 'opened'])
})

test('what is wrong with the write itself is no outage: it is thrown, and nothing is held', async (t) => {
  const log = recordingLog()
  const own = { now: () => firedAt, log, meter: recordingMeter(), isOutage: (error: unknown) => error === fullDisk }
  const under = openSqliteStore(':memory:')
  t.after(() => under.close())
  const store = emergencyStore({ ...under, commit: async () => Promise.reject(new Error('a bug')) }, own)
  await assert.rejects(store.commit(aTick()), /a bug/)
  assert.equal(store.outage, undefined)
})

test('a process that ends while something is held says how much', async () => {
  const log = recordingLog()
  const disk: { state: Disk } = { state: 'full' }
  const own = { now: () => firedAt, log, meter: recordingMeter(), isOutage: (error: unknown) => error === fullDisk }
  const store = emergencyStore(onDisk(openSqliteStore(':memory:'), disk), own)
  await store.commit(aTick({ incidents: [anIncident()], deliveries: [aNewDelivery(), aNewDelivery(aResolve())] }))
  await store.close()
  assert.match(log.lines.at(-1)?.message ?? '', /could not be stored/)
  assert.equal(log.lines.at(-1)?.fields['held'], 1)
})
