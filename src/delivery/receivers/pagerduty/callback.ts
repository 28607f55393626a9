import type { Secret } from '../../../core/model/secret.ts'
import { hourMs } from '../../../core/model/units.ts'
import type { CallbackReading, ReceiverCallback } from '../../../ports/receiver-callback.ts'
import { brief } from '../../plain-text.ts'
import { headerText, isFresh, isSigned, parsedJson, seenCallbacks, textAt } from '../signed-callback.ts'
import { dedupKey } from './message.ts'

/** Whoever acknowledges in PagerDuty looks after it for so long, unless they say so here themselves. */
const acknowledgedForMs = 4 * hourMs

/**
 * Reads V3 webhooks: `incident.acknowledged` acknowledges the open incident whose key the event names. The signature covers the
 * whole body; there is no time stamp beside it, so that of the event inside is looked at, and its id is remembered.
 */
export function pagerdutyCallback(key: Secret): ReceiverCallback {
  const seen = seenCallbacks()
  return ({ headers, body, now }): CallbackReading => {
    const signatures = headerText(headers['x-pagerduty-signature'])
      .split(',')
      .flatMap((one) => /^\s*v1=([0-9a-f]{64})\s*$/i.exec(one)?.[1] ?? [])
    if (!isSigned(body, signatures, key)) return { kind: 'refused', reason: 'the signature is wrong' }
    const payload = parsedJson(Buffer.from(body).toString())
    const id = textAt(payload, 'event', 'id')
    const at = Date.parse(textAt(payload, 'event', 'occurred_at'))
    if (id === '' || Number.isNaN(at)) return { kind: 'nothing' }
    if (!isFresh(at, now)) return { kind: 'refused', reason: 'it is too old' }
    if (!seen.isNew(id, now)) return { kind: 'refused', reason: 'it came before' }
    if (textAt(payload, 'event', 'event_type') !== 'incident.acknowledged') return { kind: 'nothing' }
    const incidentKey = textAt(payload, 'event', 'data', 'incident_key')
    if (incidentKey === '') return { kind: 'nothing' }
    const who = brief(textAt(payload, 'event', 'agent', 'summary'), 100)
    const by = who === '' ? 'PagerDuty' : `${who} (PagerDuty)`
    const isOfKey = (known: string): boolean => dedupKey(known) === incidentKey
    return { kind: 'acknowledge', incident: { isOfKey }, by, forMs: acknowledgedForMs }
  }
}
