import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { minuteMs } from '../../../src/core/model/units.ts'
import { plan } from '../../../src/core/paging/plan.ts'
import { incidentDueAt } from '../../../src/core/paging/reminders.ts'
import type { Routing } from '../../../src/core/paging/routing.ts'
import { anIncident, firedAt } from '../../support/delivery-messages.ts'
import { silentRouting } from '../../support/silent-routing.ts'

const routing: Routing = {
  ...silentRouting,
  traitsOf: (name) => ({
    takesUpdates: true,
    takesDigests: false,
    ...(name === 'am' ? { refreshEveryMs: 3 * minuteMs } : {}),
  }),
}

const { telling } = anIncident()
const told = ['oncall', 'am'].map((receiver) => ({ receiver, recipient: '', severity: 'page' }) as const)
const incident = anIncident({ telling: { ...telling, told } })

describe('a receiver that forgets', () => {
  test('is told again in time what it knows, and nobody else is', () => {
    const { outgoing, incident: after } = plan(incident, undefined, routing, firedAt + 3 * minuteMs)
    assert.deepEqual(
      outgoing.map(({ receiver, change, wakes }) => [receiver, change, wakes]),
      [['am', 'updated', false]],
    )
    assert.equal(after.revision, incident.revision + 1)
    assert.equal(after.telling.refreshedAt, firedAt + 3 * minuteMs)
  })

  test('is not told before, and not again at once', () => {
    assert.deepEqual(plan(incident, undefined, routing, firedAt + 3 * minuteMs - 1).outgoing, [])
    const after = plan(incident, undefined, routing, firedAt + 3 * minuteMs).incident
    assert.deepEqual(plan(after, undefined, routing, firedAt + 6 * minuteMs - 1).outgoing, [])
    assert.equal(plan(after, undefined, routing, firedAt + 6 * minuteMs).outgoing.length, 1)
  })

  test('is why an incident falls due although nothing moves', () => {
    assert.equal(incidentDueAt(incident, routing), firedAt + 3 * minuteMs)
  })

  test('hears no more of what is over', () => {
    const closed = anIncident({
      telling: { ...telling, told },
      phase: { kind: 'closed', at: firedAt, clearedAt: firedAt },
    })
    assert.deepEqual(plan(closed, undefined, routing, firedAt + 9 * minuteMs).outgoing, [])
  })
})
