import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Delivery, NewDelivery, Outcome } from '../../src/core/model/delivery.ts'
import { hourMs } from '../../src/core/model/units.ts'
import type { Store } from '../../src/ports/store.ts'
import { aTick, firedAt } from './delivery-messages.ts'

/** An hour after everything was put in. */
export const now = firedAt + hourMs

export const delivered: Outcome = { kind: 'delivered' }
export const failed: Outcome = { kind: 'retry', reason: 'HTTP 503' }
export const lost: Outcome = { kind: 'ambiguous', reason: 'connection lost' }
export const refused: Outcome = { kind: 'rejected', reason: 'HTTP 404' }

/** A store with messages in its outbox. */
export async function filled(
  open: (t: TestContext) => Promise<Store>,
  t: TestContext,
  deliveries: readonly NewDelivery[],
): Promise<Store> {
  const store = await open(t)
  await store.commit(aTick({ deliveries }))
  return store
}

/** The next message; there must be one. */
export async function claimed({ outbox }: Store, receiver = 'oncall'): Promise<Delivery> {
  const delivery = await outbox.claim(receiver, now)
  assert.ok(delivery !== undefined, 'nothing to claim')
  return delivery
}

/** Takes the next message and settles it. */
export async function settleNext(
  store: Store,
  outcome: Outcome,
  retryAt?: number,
  receiver?: string,
): Promise<Delivery> {
  const delivery = await claimed(store, receiver)
  await store.outbox.settle(delivery.id, delivery.attempt, outcome, now, retryAt)
  return delivery
}

/** Delivers everything there is, in the order it is handed out. */
export async function drain(store: Store, at = now): Promise<readonly Delivery[]> {
  const order: Delivery[] = []
  for (;;) {
    const delivery = await store.outbox.claim('oncall', at)
    if (delivery === undefined) return order
    order.push(delivery)
    await store.outbox.settle(delivery.id, delivery.attempt, delivered, at, undefined)
  }
}

/** What each message says and where it stands. */
export async function statuses({ outbox }: Store, limit = 10): Promise<readonly string[]> {
  const records = await outbox.list({ limit })
  return records.map(({ messageStatus, status }) => `${messageStatus} ${status}`)
}
