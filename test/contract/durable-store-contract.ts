import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Store } from '../../src/ports/store.ts'
import { aNewDelivery, anAlertRecord, anEpisode, aResolve, aTick, firedAt } from '../support/delivery-messages.ts'

/** Prepares a place for one store, and answers how to open it: again and again. */
export type StorePlace = (t: TestContext) => () => Promise<Store>

/** What every store still knows after it was closed and opened again. */
export function durableStoreContract(name: string, place: StorePlace): void {
  describe(`durable store contract, ${name}`, () => {
    test('alerts, progress, episodes and checkpoints survive', async (t) => {
      const open = place(t)
      await using first = await opened(open)
      await first.store.commit(
        aTick({ alerts: [anAlertRecord()], episodes: [anEpisode()], progress: new Map([['eu', 7]]) }),
      )
      await first.store.checkpoints.save(new Map([['a', Uint8Array.of(1, 2)]]), [])
      await first.store.close()

      await using second = await opened(open)
      const { alerts, progress } = await second.store.load()
      assert.deepEqual({ alerts, progress }, { alerts: [anAlertRecord()], progress: new Map([['eu', 7]]) })
      assert.deepEqual(await second.store.episodes({ limit: 10 }), [anEpisode()])
      assert.deepEqual([...((await second.store.checkpoints.read(['a'])).get('a') ?? [])], [1, 2])
    })

    test('a message in flight is recovered, a delivered one stays delivered, and the resolve finds its reference', async (t) => {
      const open = place(t)
      await using first = await opened(open)
      const { outbox } = first.store
      await first.store.commit(aTick({ deliveries: [aNewDelivery(), aNewDelivery(aResolve())] }))
      const sent = await outbox.claim('oncall', firedAt)
      assert.ok(sent !== undefined)
      await outbox.settle(sent.id, 1, { kind: 'delivered', reference: 'C1:1.2' }, firedAt, undefined)
      await outbox.claim('oncall', firedAt)
      await first.store.close()

      await using second = await opened(open)
      assert.equal(await second.store.outbox.recover(firedAt + 1), 1)
      const again = await second.store.outbox.claim('oncall', firedAt + 1)
      assert.deepEqual(
        [again?.notification.status, again?.attempt, again?.maybeSent, again?.openReference],
        ['resolved', 2, true, 'C1:1.2'],
      )
      assert.equal(await second.store.outbox.claim('oncall', firedAt + 1), undefined)
    })
  })
}

async function opened(open: () => Promise<Store>): Promise<AsyncDisposable & { readonly store: Store }> {
  const store = await open()
  return { store, [Symbol.asyncDispose]: () => store.close() }
}
