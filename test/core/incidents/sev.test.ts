import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SevRule } from '../../../src/core/incidents/incident-policy.ts'
import { sevOf } from '../../../src/core/incidents/sev.ts'
import type { IncidentAlert } from '../../../src/core/model/incident.ts'
import type { Severity } from '../../../src/core/model/slo.ts'
import { anIncident } from '../../support/delivery-messages.ts'
import { aFastBurn, aSlowBurn, IncidentStory } from '../../support/incident-story.ts'

const [alert] = anIncident().alerts
const tierOne = { label: 'tier', operator: '=', value: '1' } as const

function alertIn(scope: string, changes: Partial<IncidentAlert> = {}): IncidentAlert {
  return { ...alert, id: { ...alert.id, scope }, rule: aFastBurn, ...changes }
}

const rules: readonly SevRule[] = [
  { name: 'SEV1', severity: 'page', scope: 'global', burnRate: 14.4, matchers: [tierOne] },
  { name: 'SEV2', severity: 'page', scope: 'global', matchers: [] },
  { name: 'SEV3', burnRate: 10, matchers: [] },
]
const labels = { tier: '1' }

describe('the name of an incident', () => {
  const cases: readonly (readonly [string, string, readonly IncidentAlert[], Severity])[] = [
    ['is that of the first rule of which everything holds', 'SEV1', [alertIn('global', { labels })], 'page'],
    ['asks for the severity', 'SEV3', [alertIn('global', { labels })], 'ticket'],
    ['asks for the scope: all regions together', 'SEV3', [alertIn('eu', { labels })], 'page'],
    ['asks for a label, such as a tier', 'SEV2', [alertIn('global', { labels: { tier: '2' } })], 'page'],
    ['asks for the burn rate of the rule that fired', 'SEV2', [alertIn('global', { labels, rule: aSlowBurn })], 'page'],
    ['is SEV4 where no rule holds', 'SEV4', [alertIn('eu', { rule: aSlowBurn })], 'ticket'],
    [
      'asks burn rate and label of one and the same alert',
      'SEV2',
      [alertIn('global', { labels, rule: aSlowBurn }), alertIn('eu', { labels: { tier: '2' } })],
      'page',
    ],
  ]
  for (const [what, name, alerts, severity] of cases) {
    test(what, () => assert.equal(sevOf(alerts, severity, rules), name))
  }

  test('is told in the message, and can be routed on', () => {
    const routes = [
      { match: {}, matchers: [{ label: 'sev', operator: '=', value: 'SEV1' }], receivers: ['bridge'] },
      { match: {}, receivers: ['oncall'] },
    ] as const
    const story = new IncidentStory({ routes, labels, policy: { sevRules: rules } }).fire('checkout global page')
    assert.deepEqual(story.told.toSorted(), ['bridge: opened page SEV1 checkout', 'oncall: opened page SEV1 checkout'])
    const regional = new IncidentStory({ routes, labels, policy: { sevRules: rules } }).fire('checkout eu page')
    assert.deepEqual(regional.told, ['oncall: opened page SEV3 checkout'])
  })
})
