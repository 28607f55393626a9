import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NewAcknowledgement } from '../../src/ports/incident-board.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import type { CallbackReading } from '../../src/ports/receiver-callback.ts'
import { callbackRoutes } from '../../src/web/api/callback-routes.ts'
import { anIncident, firedAt } from '../support/delivery-messages.ts'

const isOfKey = (key: string): boolean => key === 'checkout-availability'

describe('a callback', () => {
  test('acknowledges the open incident of the key', async () => {
    const { answer, acknowledged, counted } = await posted({
      kind: 'acknowledge',
      incident: { isOfKey },
      by: 'ana',
      forMs: 1,
    })
    assert.equal(answer.status, 200)
    assert.match(String(answer.body), /"acknowledged":true/)
    assert.deepEqual(acknowledged, [['4b825dc642cb6eb9a060', 'ana']])
    assert.deepEqual(counted, ['acknowledged'])
  })

  test('finds the incident of the key however many are open', async () => {
    const all = Array.from({ length: 2_500 }, (_, index) => {
      return anIncident({ id: `incident-${index}`, key: `slo-${index}`, openedAt: firedAt - index })
    })
    const taken: string[] = []
    const [route] = callbackRoutes({
      callbackOf: () => () => ({
        kind: 'acknowledge',
        incident: { isOfKey: (key) => key === 'slo-2400' },
        by: 'ana',
        forMs: 1,
      }),
      board: {
        incidents: async ({ limit, after }) => {
          const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after.id) + 1
          return all.slice(from, from + limit)
        },
        acknowledge: async (id) => {
          taken.push(id)
          return all.find((one) => one.id === id)
        },
      },
      clock: { now: () => firedAt },
      log: silentLog,
      meter: silentMeter,
    })
    const params = { name: 'phone' }
    await route.handle({ params, query: new URLSearchParams(), headers: {}, body: new Uint8Array() })
    assert.deepEqual(taken, ['incident-2400'])
  })

  test('that is not genuine acknowledges nothing, and is counted (faults 73 and 75)', async () => {
    const { answer, acknowledged, counted } = await posted({ kind: 'refused', reason: 'the signature is wrong' })
    assert.equal(answer.status, 401)
    assert.deepEqual([acknowledged, counted], [[], ['refused']])
  })

  test('of no interest, or of an incident that is over, is taken and ignored', async () => {
    for (const reading of [
      { kind: 'nothing' },
      { kind: 'acknowledge', incident: { id: 'gone' }, by: 'ana', forMs: 1 },
      { kind: 'acknowledge', incident: { isOfKey: () => false }, by: 'ana', forMs: 1 },
    ] as const) {
      const { answer, counted } = await posted(reading)
      assert.deepEqual([answer.status, counted], [200, ['ignored']])
    }
  })

  test('to a receiver that expects none is not found', async () => {
    const { answer } = await posted({ kind: 'nothing' }, 'other')
    assert.equal(answer.status, 404)
  })
})

async function posted(reading: CallbackReading, name = 'phone') {
  const acknowledged: [string, string][] = []
  const counted: (string | undefined)[] = []
  const incident = anIncident()
  const [route] = callbackRoutes({
    callbackOf: (receiver) => (receiver === 'phone' ? () => reading : undefined),
    board: {
      incidents: async () => [incident],
      acknowledge: async (id: string, { by }: NewAcknowledgement) => {
        if (id !== incident.id) return undefined
        acknowledged.push([id, by])
        return incident
      },
    },
    clock: { now: () => firedAt },
    log: silentLog,
    meter: { ...silentMeter, count: (_name, labels) => void counted.push(labels['outcome']) },
  })
  const request = { params: { name }, query: new URLSearchParams(), headers: {}, body: new Uint8Array() }
  return { answer: await route.handle(request), acknowledged, counted }
}
