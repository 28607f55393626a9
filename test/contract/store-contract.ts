import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { alertKey } from '../../src/core/model/alert.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import type { Store } from '../../src/ports/store.ts'
import {
  aNewDelivery,
  aNotification,
  anAlertRecord,
  anEpisode,
  aResolve,
  aTick,
  firedAt,
} from '../support/delivery-messages.ts'

const nothingStored = {
  alerts: [],
  progress: new Map(),
  incidents: [],
  adopted: [],
  silences: [],
  annotations: [],
}

/** Opens an empty store that is closed with the test. */
export type OpenStore = (t: TestContext) => Promise<Store>

/** What every store does with what the engine commits; the outbox has a contract of its own. */
export function storeContract(name: string, open: OpenStore): void {
  describe(`store contract, ${name}`, () => {
    test('starts empty', async (t) => {
      const store = await open(t)
      assert.deepEqual(await store.load(), nothingStored)
      assert.deepEqual(await store.episodes({ limit: 10 }), [])
      assert.deepEqual(await store.outbox.list({ limit: 10 }), [])
      assert.deepEqual(await store.checkpoints.names(), [])
    })

    test('gives back open alerts with everything known of them', async (t) => {
      const store = await open(t)
      const firing = anAlertRecord()
      const keeping = anAlertRecord({
        id: { ...firing.id, severity: 'ticket' },
        state: { kind: 'keeping', since: firedAt, rule: anEpisode().rule, clearedAt: firedAt + minuteMs },
      })
      await store.commit(aTick({ alerts: [keeping, firing] }))
      assert.deepEqual((await store.load()).alerts, [firing, keeping])
    })

    test('forgets an alert that became inactive', async (t) => {
      const store = await open(t)
      await store.commit(aTick({ alerts: [anAlertRecord()] }))
      await store.commit(aTick({ alerts: [anAlertRecord({ state: { kind: 'inactive' } })] }))
      assert.deepEqual((await store.load()).alerts, [])
    })

    test('remembers how far each scope was evaluated', async (t) => {
      const store = await open(t)
      await store.commit(
        aTick({
          progress: new Map([
            ['eu', 1],
            ['us', 2],
          ]),
        }),
      )
      await store.commit(aTick({ progress: new Map([['eu', 3]]) }))
      assert.deepEqual(
        (await store.load()).progress,
        new Map([
          ['eu', 3],
          ['us', 2],
        ]),
      )
    })

    test('lists episodes newest first, by state, by SLO and up to a limit', async (t) => {
      const store = await open(t)
      const first = anEpisode({ resolvedAt: firedAt + minuteMs })
      const second = anEpisode({ firedAt: firedAt + hourMs })
      const other = anEpisode({
        id: { slo: 'search-latency', scope: 'global', severity: 'ticket' },
        firedAt: firedAt + 1,
      })
      await store.commit(aTick({ episodes: [first, second, other] }))
      assert.deepEqual(await store.episodes({ limit: 10 }), [second, other, first])
      assert.deepEqual(await store.episodes({ limit: 10, activeOnly: true }), [second, other])
      assert.deepEqual(await store.episodes({ limit: 10, slo: 'search-latency' }), [other])
      assert.deepEqual(await store.episodes({ limit: 1 }), [second])
    })

    test('resolves an episode in place', async (t) => {
      const store = await open(t)
      await store.commit(aTick({ episodes: [anEpisode()] }))
      await store.commit(aTick({ episodes: [anEpisode({ resolvedAt: firedAt + hourMs })] }))
      assert.deepEqual(await store.episodes({ limit: 10 }), [anEpisode({ resolvedAt: firedAt + hourMs })])
    })

    test('keeps nothing of a tick that cannot be kept as a whole', async (t) => {
      const store = await open(t)
      const broken = { ...aNewDelivery(), episode: Number.NaN }
      const tick = aTick({
        alerts: [anAlertRecord()],
        episodes: [anEpisode()],
        progress: new Map([['eu', 1]]),
        deliveries: [aNewDelivery(aResolve()), broken],
      })
      await assert.rejects(store.commit(tick))
      assert.deepEqual(await store.load(), nothingStored)
      assert.deepEqual(await store.episodes({ limit: 10 }), [])
      assert.deepEqual(await store.outbox.list({ limit: 10 }), [])
    })

    test('works on after a tick it could not keep', async (t) => {
      const store = await open(t)
      await assert.rejects(store.commit(aTick({ deliveries: [{ ...aNewDelivery(), episode: Number.NaN }] })))
      await store.commit(aTick({ deliveries: [aNewDelivery()] }))
      assert.equal((await store.outbox.list({ limit: 10 })).length, 1)
    })

    test('keeps names and texts of any kind as they are', async (t) => {
      const store = await open(t)
      const slo = `a'b"; DROP TABLE outbox; -- \u{1f525} \u0000 é`
      const notification = aNotification({ slo, labels: { __proto__x: '</script>' }, description: '\n\t' })
      const id = { slo, scope: 'eu', severity: 'page' } as const
      await store.commit(aTick({ deliveries: [aNewDelivery(notification)], alerts: [anAlertRecord({ id })] }))
      assert.deepEqual((await store.outbox.claim('oncall', firedAt))?.notification, notification)
      assert.equal((await store.load()).alerts.map((alert) => alertKey(alert.id))[0], alertKey(id))
    })

    test('replaces, adds and removes checkpoint parts together', async (t) => {
      const store = await open(t)
      await store.checkpoints.save(
        new Map([
          ['a', bytes(1)],
          ['b', bytes(2)],
          ['empty', bytes()],
        ]),
        [],
      )
      await store.checkpoints.save(
        new Map([
          ['a', bytes(0, 255)],
          ['c', bytes(3)],
        ]),
        ['b', 'never-there'],
      )
      const names = await store.checkpoints.names()
      assert.deepEqual([...names].sort(), ['a', 'c', 'empty'])
      const parts = await store.checkpoints.read([...names, 'b', 'never-there'])
      assert.deepEqual([...parts].map(([part, value]) => `${part} ${value.join(',')}`).sort(), [
        'a 0,255',
        'c 3',
        'empty ',
      ])
      assert.deepEqual([...(await store.checkpoints.read(['c'])).keys()], ['c'])
    })
  })
}

function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values)
}
