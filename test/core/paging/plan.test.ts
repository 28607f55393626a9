import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Address } from '../../../src/core/model/alert.ts'
import type { Notification } from '../../../src/core/model/notification.ts'
import { type AlertChange, plan, type Routing } from '../../../src/core/paging/plan.ts'
import type { Route } from '../../../src/core/paging/route.ts'

const window = { bad: 1, total: 2, errorRatio: 0.5, burnRate: 500 }
const notification: Notification = {
  status: 'firing',
  key: 'checkout/eu/page',
  slo: 'checkout',
  service: 'shop',
  scope: 'eu',
  severity: 'page',
  description: '',
  labels: { team: 'payments' },
  runbook: null,
  dashboard: null,
  objective: 0.999,
  window: '30d',
  firedAt: 1,
  resolvedAt: null,
  at: 1,
  rule: { longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4 },
  long: window,
  short: window,
  budget: { bad: 1, total: 2, remaining: -499, timeToExhaustionMs: null },
  regions: [],
}
const opening: AlertChange = {
  id: { slo: 'checkout', scope: 'eu', severity: 'page' },
  episode: 1,
  event: 'fired',
  notification,
  receivers: [],
  told: [],
}

test('an opening goes to every recipient of every receiver that some route names, each once', () => {
  const { deliveries, addresses } = plan(
    opening,
    routing([
      { match: { severity: 'page' }, receivers: ['oncall', 'log'] },
      { match: {}, receivers: ['log'] },
    ]),
  )
  assert.deepEqual(addresses.map(nameOf), ['oncall/a', 'oncall/b', 'log/'])
  assert.deepEqual(deliveries.map(nameOf), ['oncall/a', 'oncall/b', 'log/'])
  assert.ok(deliveries.every(({ episode, notification: told }) => episode === 1 && told === notification))
})

test('a route matches on labels of the SLO, its service, severity, scope and region, all of them exactly', () => {
  assert.ok(
    reaches({ team: 'payments', service: 'shop', slo: 'checkout', severity: 'page', scope: 'eu', region: 'eu' }),
  )
  assert.ok(!reaches({ team: 'payments', severity: 'ticket' }))
  assert.ok(!reaches({ team: '' }))
})

test('an opening that no route matches tells nobody and says so', () => {
  assert.deepEqual(plan(opening, routing([])), { addresses: [], deliveries: [], suppressed: 'no-route' })
})

test('a resolve goes to exactly those who heard of the opening, whatever the routes say now', () => {
  const told = [{ receiver: 'gone', recipient: 'x' }]
  const resolve = { ...opening, event: 'resolved', told } as const
  const planned = plan(resolve, routing([{ match: {}, receivers: ['oncall'] }]))
  assert.deepEqual(planned.deliveries.map(nameOf), ['gone/x'])
  assert.deepEqual(plan({ ...resolve, receivers: [], told: [] }, routing([{ match: {}, receivers: ['oncall'] }])), {
    addresses: [],
    deliveries: [],
    suppressed: 'nobody-was-told',
  })
})

test('the same decision has the same ids, and every other one has others', () => {
  const routes = routing([{ match: {}, receivers: ['oncall'] }])
  const idsOf = (change: AlertChange) => plan(change, routes).deliveries.map(({ id }) => id)
  assert.deepEqual(idsOf(opening), idsOf({ ...opening, notification: { ...notification, at: 99 } }))
  const told = plan(opening, routes).addresses
  const all = [
    ...idsOf(opening),
    ...idsOf({ ...opening, episode: 2 }),
    ...idsOf({ ...opening, event: 'resolved', told }),
    ...idsOf({ ...opening, id: { ...opening.id, scope: 'us' } }),
    ...idsOf({ ...opening, id: { ...opening.id, severity: 'ticket' } }),
  ]
  assert.equal(new Set(all).size, all.length)
})

function reaches(match: Route['match']): boolean {
  return plan(opening, routing([{ match, receivers: ['log'] }])).deliveries.length === 1
}

function routing(routes: readonly Route[]): Routing {
  const recipients: Record<string, readonly string[]> = { oncall: ['a', 'b'], log: [''] }
  return { routes, recipientsOf: (receiver) => recipients[receiver] ?? [], digest: (text) => text }
}

function nameOf({ receiver, recipient }: Address): string {
  return `${receiver}/${recipient}`
}
