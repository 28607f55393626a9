import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordTick } from '../../src/app/record-tick.ts'
import type { Episode } from '../../src/core/model/alert.ts'
import type { IncidentEvent } from '../../src/core/model/incident.ts'
import { eventLinesPerTickMax } from '../../src/core/model/limits.ts'
import type { LogFields } from '../../src/ports/log.ts'
import { aFiredRule, firedAt } from '../support/delivery-messages.ts'

test('a tick that decides little is told line by line', () => {
  const { lines, counts } = recorded(2)
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['incident', 'incident', 'alert fired', 'alert fired'],
  )
  assert.equal(counts.get('sloburn_limit_hits_total'), undefined)
})

test('of thousands at once the first are told, and how many more there were; all of them are counted', () => {
  const many = eventLinesPerTickMax + 1_500
  const { lines, counts } = recorded(many)
  assert.equal(lines.filter(({ message }) => message === 'incident').length, eventLinesPerTickMax)
  assert.equal(lines.filter(({ message }) => message === 'alert fired').length, eventLinesPerTickMax)
  assert.deepEqual(
    lines.filter(({ fields }) => fields['events'] !== undefined).map(({ fields }) => fields['events']),
    [1_500, 1_500],
  )
  assert.equal(counts.get('sloburn_incident_events_total'), many)
  assert.equal(counts.get('sloburn_alert_events_total'), many)
  assert.equal(counts.get('sloburn_limit_hits_total'), 2)
})

function recorded(events: number) {
  const lines: { readonly message: string; readonly fields: LogFields }[] = []
  const counts = new Map<string, number>()
  const say = (fields: LogFields, message: string): void => void lines.push({ fields, message })
  const count = (name: string, _: unknown, by = 1): void => void counts.set(name, (counts.get(name) ?? 0) + by)
  const incidentEvents = Array.from({ length: events }, (_, index): IncidentEvent => {
    return { incidentId: `i${index}`, sequence: 1, at: firedAt, kind: 'opened', about: null, reason: 'it burns' }
  })
  const episodes = Array.from({ length: events }, (_, index): Episode => {
    const id = { slo: `slo-${index}`, scope: 'eu', severity: 'page' } as const
    return { id, service: 'shop', firedAt, resolvedAt: null, rule: aFiredRule }
  })
  const nothing = { deliveries: [], suppressed: [], progress: new Map(), forgotten: [], audits: [] }
  const meter = { count, set: () => {}, observe: () => {} }
  recordTick({ ...nothing, episodes, incidentEvents }, { debug: say, info: say, warn: say, error: say }, meter)
  return { lines, counts }
}
