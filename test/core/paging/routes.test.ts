import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Route, routesFor } from '../../../src/core/paging/route.ts'
import { IncidentStory } from '../../support/incident-story.ts'

const labels = {
  slo: 'checkout',
  service: 'shop',
  region: 'eu',
  scope: 'eu',
  severity: 'page',
  sev: 'SEV2',
  team: 'pay',
}

function matches(route: Omit<Route, 'receivers'>): boolean {
  return routesFor(labels, [{ ...route, receivers: ['x'] }]).length === 1
}

test('a route matches on every label, all of them exactly', () => {
  assert.ok(matches({ match: {} }))
  assert.ok(matches({ match: { team: 'pay', sev: 'SEV2', region: 'eu' } }))
  assert.ok(!matches({ match: { team: 'pay', severity: 'ticket' } }))
  assert.ok(!matches({ match: { team: '' } }))
})

test('a route matches on its matchers as well as on its labels', () => {
  assert.ok(matches({ match: {}, matchers: [{ label: 'sev', operator: '=~', value: 'SEV[12]' }] }))
  assert.ok(!matches({ match: {}, matchers: [{ label: 'team', operator: '!=', value: 'pay' }] }))
  assert.ok(matches({ match: {}, matchers: [{ label: 'missing', operator: '=', value: '' }] }))
})

test('every receiver that some route names is told once, at each of its addresses', () => {
  const routes = [
    { match: { severity: 'page' }, receivers: ['oncall', 'log'] },
    { match: {}, receivers: ['log'] },
  ]
  const routing = { recipientsOf: (receiver: string) => (receiver === 'oncall' ? ['a', 'b'] : ['']) }
  const story = new IncidentStory({ routes, routing }).fire('checkout eu page')
  assert.deepEqual(
    story.sent.map(({ delivery }) => `${delivery.receiver}/${delivery.recipient}`),
    ['oncall/a', 'oncall/b', 'log/'],
  )
  assert.equal(new Set(story.sent.map(({ delivery }) => delivery.id)).size, 3)
})

test('the name of an incident can be routed on', () => {
  const routes = [
    { match: { sev: 'SEV1' }, receivers: ['boss'] },
    { match: {}, receivers: ['oncall'] },
  ]
  const story = new IncidentStory({ routes }).fire('checkout eu page').pass(5).fire('checkout global page')
  assert.deepEqual(story.told, [
    'oncall: opened page SEV2 checkout',
    'boss: escalated page SEV1 checkout',
    'oncall: escalated page SEV1 checkout',
  ])
})
