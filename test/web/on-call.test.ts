import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Incident } from '../../src/core/model/incident.ts'
import type { IncidentTimeline } from '../../src/ports/store.ts'
import type { OnCallJson } from '../../src/web/ui/browser/wire.ts'
import { anIncident } from '../support/delivery-messages.ts'
import { engineRoutes, serving, someIncidents } from './running-server.ts'
import { anSlo, aView, fastBurn, now } from './status-fixture.ts'

const minute = 60_000
const day = 24 * 60 * minute

test('counts pages by week, by night and outside working hours, and names the noisiest', async (t) => {
  // A Saturday at noon; the nights before, and a Wednesday at noon.
  const health = await asked(t, [
    paged('noon', now - minute),
    paged('night', now - 10 * 60 * minute),
    paged('midweek', now - 3 * day),
    paged('long-ago', now - 40 * day),
  ])
  assert.deepEqual([health.pages, health.tickets, health.pagesPerWeek.toFixed(2)], [3, 0, '0.75'])
  assert.deepEqual([health.nightPages, health.pagesOutOfHours], [1, 2])
  assert.ok(Math.abs(health.nightPagesPerQuarter - 91.31 / 28) < 1e-9)
  assert.deepEqual(health.noisiest, [{ slo: 'checkout-availability', count: 3 }])
  assert.deepEqual(
    health.weeks.map(({ pages }) => pages),
    [0, 0, 0, 3],
  )
  assert.equal(health.isWhole, true)
})

test('judges whether a page was worth it by the budget of the SLO window', async (t) => {
  // Ten minutes at a burn rate of 7.2 spend a thousandth of the budget of 50 days, and more than a hundredth of 1 day.
  const incident = paged('one', now - 30 * minute)
  const burned = { at: now - 30 * minute, burnRate: 7.2 }
  assert.deepEqual(await idle(t, incident, burned, '50d'), [1, 1])
  assert.deepEqual(await idle(t, incident, burned, '1d'), [0, 1])
})

test('knows nothing where nothing was judged', async (t) => {
  const health = await asked(t, [])
  assert.deepEqual([health.pages, health.medianDetectSeconds, health.medianResolveSeconds], [0, null, null])
  assert.deepEqual([health.idlePages, health.judgedPages], [0, 0])
})

async function idle(t: TestContext, incident: Incident, burned: { at: number; burnRate: number }, window: string) {
  const points = [0, 10 * minute].map((after) => ({
    incidentId: incident.id,
    at: burned.at + after,
    readings: [
      {
        slo: 'checkout-availability',
        scope: 'eu-west-1',
        windowMs: 300_000,
        burnRate: after === 0 ? burned.burnRate : 0,
      },
    ],
  }))
  const { idlePages, judgedPages } = await asked(t, [incident], points, window)
  return [idlePages, judgedPages]
}

async function asked(
  t: TestContext,
  incidents: readonly Incident[],
  burnRates: IncidentTimeline['burnRates'] = [],
  window = '30d',
): Promise<OnCallJson> {
  const timeline = async (id: string) => {
    const incident = incidents.find((one) => one.id === id)
    return incident === undefined ? undefined : { incident, events: [], deliveries: [], attempts: [], burnRates }
  }
  const board = { ...someIncidents, incidents: async () => incidents, timeline }
  const view = aView({ slos: [anSlo('checkout-availability', { window })] })
  const url = await serving(t, engineRoutes({ incidents: board, view }))
  const { data }: { data: OnCallJson } = await (await fetch(`${url}/api/v1/oncall?days=28`)).json()
  return data
}

function paged(id: string, openedAt: number): Incident {
  const alert = { slo: 'checkout-availability', scope: 'eu-west-1', severity: 'page' } as const
  const fired = { firedAt: openedAt, resolvedAt: null, rule: fastBurn, service: 'checkout', labels: {} }
  return anIncident({
    id,
    key: 'checkout-availability',
    openedAt,
    severity: 'page',
    alerts: [{ id: alert, ...fired, receivers: [], data: null, hush: null }],
  })
}
