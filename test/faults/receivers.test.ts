import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Outcome } from '../../src/core/model/delivery.ts'
import { minuteMs, secondMs } from '../../src/core/model/units.ts'
import {
  answerWith,
  cutConnection,
  httpFarSide,
  neverAnswer,
  portOf,
  type Reaction,
} from '../support/delivery-http-server.ts'
import { aNewDelivery, aNotification } from '../support/delivery-messages.ts'
import { delivered, deliveryWorld, failed, hang, inTurn, type Script } from '../support/delivery-world.ts'
import { FaultDesk } from '../support/fault-desk.ts'
import { aWebhook, realDelivery } from '../support/faults-http.ts'
import { PagerModel } from '../support/pager-model.ts'

/** Plays reactions in turn and then takes everything. */
function turns(...reactions: readonly Reaction[]): Reaction {
  const rest = [...reactions]
  return (request, response) => (rest.shift() ?? answerWith(200))(request, response)
}

for (const [number, what, reactions] of [
  ['1', '500 three times', [answerWith(500), answerWith(500), answerWith(503)]],
  ['3', '429 without a header', [answerWith(429)]],
  ['5', 'an answer that never comes', [neverAnswer]],
  ['6', 'headers whose body never ends', [hangsInBody]],
  ['7', 'a connection that is half closed in the middle', [halfCloses]],
  ['8', 'a reset after the message was taken', [cutConnection]],
] as const) {
  test(`${number}. ${what}: the page arrives, every attempt under the same key, one incident`, {
    timeout: 20_000,
  }, async (t) => {
    const far = await httpFarSide(t, turns(...reactions))
    const world = await realDelivery(t, aWebhook(far.url))
    assert.equal(await world.tell(), 'delivered')
    assert.equal(new Set(far.requests.map(({ headers }) => headers['idempotency-key'])).size, 1)
    const pager = new PagerModel()
    for (const { body } of far.requests) {
      const { status, groupKey }: { status: 'firing'; groupKey: string } = JSON.parse(body)
      pager.take({ status, key: groupKey }, 1, 0)
    }
    assert.equal(pager.incidents.length, 1)
    // The head of an answer says that it was taken, whatever becomes of the rest.
    assert.ok(far.requests.length >= (number === '6' ? 1 : reactions.length + 1))
  })
}

test('1. 500 again and again, with pauses that no clock of whole numbers knows: every outcome can be stored', async (t) => {
  const world = deliveryWorld(t)
  const oncall = world.receiver('oncall', inTurn(failed, failed, failed, { kind: 'ambiguous', reason: 'lost' }))
  await world.commit(aNewDelivery(), aNewDelivery(aNotification({ slo: 'search', severity: 'ticket' })))
  let seed = 1
  world.start([oncall], { random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 })
  await world.clock.advance(30 * minuteMs)
  assert.deepEqual(await world.statuses(), ['checkout-availability firing delivered', 'search firing delivered'])
  assert.deepEqual(
    world.log.lines.filter(({ level }) => level === 'error'),
    [],
  )
})

test('2. 429 with Retry-After: 1 is sent again after that second, and another receiver is not held up', async (t) => {
  const far = await httpFarSide(t, turns(answerWith(429, { 'retry-after': '1' })))
  const other = await httpFarSide(t)
  const world = await realDelivery(t, aWebhook(far.url), aWebhook(other.url, 400, 'other'))
  const startedAt = Date.now()
  const limited = world.tell()
  assert.equal(await world.tell(aNewDelivery(aNotification(), { receiver: 'other' })), 'delivered')
  const otherMs = Date.now() - startedAt
  assert.equal(await limited, 'delivered')
  const limitedMs = Date.now() - startedAt
  assert.ok(limitedMs >= 1_000 && otherMs < limitedMs, `${otherMs} ms and ${limitedMs} ms`)
})

test('4. Retry-After of a day is cut to five minutes, and meanwhile the fallback receiver has the page', async (t) => {
  const world = deliveryWorld(t)
  const oncall = world.receiver('oncall', inTurn({ kind: 'retry', reason: 'HTTP 429', afterMs: 86_400 * secondMs }))
  const phone = world.receiver('phone', () => delivered)
  const desk = new FaultDesk(world.store, () => world.clock.now(), {
    fallback: { receiver: 'phone', afterMs: 2 * minuteMs },
  })
  const delivery = world.start([oncall, phone])
  await desk.fire('checkout eu page')
  delivery.notify()
  for (let minute = 0; minute < 7; minute++) {
    await world.clock.advance(minuteMs)
    await desk.turn()
    delivery.notify()
  }
  await world.clock.advance(secondMs)
  assert.deepEqual(
    oncall.sent.map(({ at }) => at),
    [0, 5 * minuteMs],
  )
  assert.equal(phone.sent.length, 1)
  assert.ok(phone.sent[0].at <= 3 * minuteMs)
})

for (const [what, script] of [
  ['a receiver that never answers', hang],
  ['a gateway that answers 502 for the receiver behind it', (): Outcome => ({ kind: 'ambiguous', reason: 'HTTP 502' })],
] as const) {
  test(`5. ${what}, again and again: what may have arrived has not, and the fallback receiver has the page in time`, async (t) => {
    const world = await pagedWithFallback(t, ['oncall'], script)
    await world.pass(4)
    assert.equal(world.phone.sent.length, 0)
    await world.pass(2)
    assert.deepEqual(
      world.phone.sent.map(({ delivery }) => delivery.notification.change),
      ['fell-back'],
    )
  })
}

test('11. one receiver refuses for good and another takes the page: a message in a chat wakes nobody, so the fallback receiver has it', async (t) => {
  const world = await pagedWithFallback(t, ['oncall', 'chat'], () => ({ kind: 'rejected', reason: 'HTTP 403' }))
  await world.pass(10)
  assert.deepEqual([world.chat.sent.length, world.phone.sent.length], [1, 1])
})

/** A page to some receivers, of which `oncall` does as it is told, with a fallback receiver that is told after five minutes. */
async function pagedWithFallback(t: TestContext, receivers: readonly string[], script: Script) {
  const world = deliveryWorld(t)
  const phone = world.receiver('phone', () => delivered)
  const chat = world.receiver('chat', () => delivered)
  const desk = new FaultDesk(world.store, () => world.clock.now(), {
    routes: [{ match: {}, receivers }],
    fallback: { receiver: 'phone', afterMs: 5 * minuteMs },
  })
  const delivery = world.start([world.receiver('oncall', script), chat, phone])
  await desk.fire('checkout eu page')
  delivery.notify()
  return {
    phone,
    chat,
    async pass(minutes: number) {
      for (let quarter = 0; quarter < minutes * 4; quarter++) {
        await world.clock.advance(15 * secondMs)
        await desk.turn()
        delivery.notify()
      }
    },
  }
}

test('9. an answer of 200 with garbage, with nothing or with megabytes is a delivery', {
  timeout: 20_000,
}, async (t) => {
  for (const body of ['{"ok":', '', 'x'.repeat(3_000_000)]) {
    const far = await httpFarSide(t, answerWith(200, {}, body))
    const world = await realDelivery(t, aWebhook(far.url, 5_000))
    assert.equal(await world.tell(), 'delivered')
    assert.equal(far.requests.length, 1)
  }
})

for (const status of [301, 307]) {
  test(`10. a redirect (${status}) is refused, and what is secret goes nowhere else`, async (t) => {
    const thief = await httpFarSide(t)
    const far = await httpFarSide(t, answerWith(status, { location: thief.url }))
    const world = await realDelivery(t, aWebhook(far.url))
    assert.equal(await world.tell(), 'rejected')
    assert.equal(thief.requests.length, 0)
  })
}

for (const status of [400, 401, 403, 404]) {
  test(`11. ${status} is given up at once, loudly, and the fallback receiver has the page`, async (t) => {
    const world = deliveryWorld(t)
    const oncall = world.receiver('oncall', () => ({ kind: 'rejected', reason: `HTTP ${status}` }))
    const phone = world.receiver('phone', () => delivered)
    const desk = new FaultDesk(world.store, () => world.clock.now(), {
      fallback: { receiver: 'phone', afterMs: 5 * minuteMs },
    })
    const delivery = world.start([oncall, phone])
    await desk.fire('checkout eu page')
    delivery.notify()
    await world.clock.advance(15 * secondMs)
    await desk.turn()
    delivery.notify()
    await world.clock.advance(15 * secondMs)
    assert.equal(oncall.sent.length, 1)
    assert.equal(phone.sent.length, 1)
    const errors = world.log.lines.filter(({ level }) => level === 'error')
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['delivery given up'],
    )
  })
}

test('12. a name that does not exist, and a server that speaks no TLS, are tried again and said', {
  timeout: 20_000,
}, async (t) => {
  const plain = createServer((socket) => socket.on('error', () => {}).end('no TLS here\r\n')).listen(0, '127.0.0.1')
  await once(plain, 'listening')
  t.after(() => plain.close())
  for (const url of ['http://nowhere.invalid/hook', `https://127.0.0.1:${portOf(plain.address())}/hook`]) {
    const outcome = await aWebhook(url).send(
      { ...aNewDelivery(), attempt: 1, createdAt: 0, maybeSent: false, opens: true, openReference: null },
      AbortSignal.timeout(5_000),
    )
    assert.ok(outcome.kind === 'retry' || outcome.kind === 'ambiguous', `${url}: ${JSON.stringify(outcome)}`)
    assert.doesNotMatch(outcome.reason, /hook/)
  }
})

function hangsInBody(_: unknown, response: Parameters<Reaction>[1]): void {
  response.writeHead(200, { 'content-length': '100' }).write('half')
}

function halfCloses(_: unknown, response: Parameters<Reaction>[1]): void {
  response.socket?.end()
}
