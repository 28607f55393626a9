import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Annotation } from '../../src/core/model/annotation.ts'
import type { IncidentEvent } from '../../src/core/model/incident.ts'
import type { Silence } from '../../src/core/model/silence.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { aNewDelivery, anIncident, aTick, firedAt } from '../support/delivery-messages.ts'
import { delivered, now, settleNext } from '../support/store-outbox.ts'
import type { OpenStore } from './store-contract.ts'

/** What every store does with incidents and with what keeps them quiet. */
export function incidentsContract(name: string, open: OpenStore): void {
  describe(`incidents contract, ${name}`, () => {
    test('gives back incidents that are not released, as they were written last', async (t) => {
      const store = await open(t)
      const other = anIncident({ id: 'other', openedAt: firedAt + 1 })
      await store.commit(aTick({ incidents: [anIncident(), other] }))
      await store.commit(aTick({ incidents: [anIncident({ revision: 7 })], released: ['other'] }))
      const { incidents, adopted } = await store.load()
      assert.deepEqual(incidents, [anIncident({ revision: 7 })])
      assert.deepEqual(adopted, [])
    })

    test('lists them newest first, by what is asked for, page by page', async (t) => {
      const store = await open(t)
      const closed = { kind: 'closed', clearedAt: now, at: now } as const
      const [old, next, last] = [
        anIncident({ id: 'a', phase: closed }),
        anIncident({ id: 'b', openedAt: firedAt + 1, service: 'search', severity: 'ticket', sev: 'SEV4' }),
        anIncident({ id: 'c', openedAt: firedAt + 1 }),
      ]
      await store.commit(aTick({ incidents: [old, next, last] }))
      const list = async (query: object) => (await store.incidents.list({ limit: 10, ...query })).map(({ id }) => id)
      assert.deepEqual(await list({}), ['c', 'b', 'a'])
      assert.deepEqual(await list({ limit: 2 }), ['c', 'b'])
      assert.deepEqual(await list({ after: { openedAt: firedAt + 1, id: 'b' } }), ['a'])
      assert.deepEqual(await list({ state: 'open' }), ['c', 'b'])
      assert.deepEqual(await list({ state: 'closed' }), ['a'])
      assert.deepEqual(await list({ service: 'search' }), ['b'])
      assert.deepEqual(await list({ severity: 'page', sev: 'SEV2' }), ['c', 'a'])
      assert.deepEqual(await list({ slo: 'checkout-availability' }), ['c', 'b', 'a'])
      assert.deepEqual(await list({ slo: 'nothing' }), [])
    })

    test('tells everything of one: decisions, messages, attempts, burn rates', async (t) => {
      const store = await open(t)
      const incident = anIncident()
      const readings = [{ slo: incident.key, scope: 'eu-west-1', windowMs: hourMs, burnRate: 18.2 }]
      await store.commit(
        aTick({
          incidents: [incident],
          incidentEvents: [anEvent(1), anEvent(2)],
          burnRates: [{ incidentId: incident.id, at: firedAt, readings }],
          deliveries: [aNewDelivery()],
        }),
      )
      await settleNext(store, delivered)
      const timeline = await store.incidents.timeline(incident.id)
      assert.deepEqual(timeline?.incident, incident)
      assert.deepEqual(timeline?.events, [anEvent(1), anEvent(2)])
      assert.deepEqual(timeline?.burnRates, [{ incidentId: incident.id, at: firedAt, readings }])
      assert.deepEqual(
        timeline?.deliveries.map(({ change, status }) => [change, status]),
        [['opened', 'delivered']],
      )
      assert.deepEqual(
        timeline?.attempts.map(({ attempt, outcome }) => [attempt, outcome]),
        [[1, 'delivered']],
      )
      assert.equal(await store.incidents.timeline('nothing'), undefined)
    })

    test('keeps a decision once, although it is stored twice', async (t) => {
      const store = await open(t)
      const tick = aTick({ incidents: [anIncident()], incidentEvents: [anEvent(1)] })
      await store.commit(tick)
      await store.commit(tick)
      assert.equal((await store.incidents.timeline(anIncident().id))?.events.length, 1)
    })

    test('keeps an annotation that was taken back, and who did so', async (t) => {
      const store = await open(t)
      await store.commit(aTick({ annotations: [anAnnotation('a', 1)] }))
      await store.commit(aTick({ annotations: [{ ...anAnnotation('a', 1), withdrawnBy: 'bob' }] }))
      assert.deepEqual((await store.load()).annotations, [{ ...anAnnotation('a', 1), withdrawnBy: 'bob' }])
    })

    test('keeps silences and annotations, and a silence as it was changed last', async (t) => {
      const store = await open(t)
      await store.commit(aTick({ silences: [aSilence()], annotations: [anAnnotation('b', 2), anAnnotation('a', 1)] }))
      await store.commit(aTick({ silences: [aSilence({ endsAt: firedAt + 1, endedBy: 'bob' })] }))
      const { silences, annotations } = await store.load()
      assert.deepEqual(silences, [aSilence({ endsAt: firedAt + 1, endedBy: 'bob' })])
      assert.deepEqual(
        annotations.map(({ id }) => id),
        ['a', 'b'],
      )
    })

    test('forgets what is long over and nothing else', async (t) => {
      const store = await open(t)
      const closed = { kind: 'closed', clearedAt: firedAt, at: firedAt } as const
      const gone = anIncident({ id: 'gone', phase: closed })
      const held = anIncident({ id: 'held', phase: closed })
      await store.commit(
        aTick({
          incidents: [gone, held, anIncident()],
          released: ['gone'],
          incidentEvents: [{ ...anEvent(1), incidentId: 'gone' }],
          silences: [aSilence()],
          annotations: [anAnnotation('a', 1)],
        }),
      )
      assert.equal(await store.incidents.prune({ incidentsBefore: firedAt + 1, noticesBefore: 0 }), 1)
      assert.equal(await store.incidents.timeline('gone'), undefined)
      assert.equal((await store.load()).annotations.length, 1)
      await store.incidents.prune({ incidentsBefore: 0, noticesBefore: now + 2 * hourMs })
      const { incidents, silences, annotations } = await store.load()
      assert.deepEqual([incidents.length, silences.length, annotations.length], [2, 0, 0])
    })
  })
}

function anEvent(sequence: number): IncidentEvent {
  return { incidentId: anIncident().id, sequence, at: firedAt, kind: 'opened', about: null, reason: 'it burns' }
}

function aSilence(changes: Partial<Silence> = {}): Silence {
  return {
    id: 's1',
    matchers: [{ label: 'slo', operator: '=', value: 'checkout' }],
    startsAt: firedAt,
    endsAt: firedAt + hourMs,
    createdBy: 'ana',
    createdAt: firedAt,
    comment: 'migration',
    endedBy: null,
    ...changes,
  }
}

function anAnnotation(id: string, minutes: number): Annotation {
  const at = firedAt + minutes * minuteMs
  return { id, kind: 'deploy', text: '4f2c1a9', service: null, region: null, at, url: null, createdBy: 'ci' }
}
