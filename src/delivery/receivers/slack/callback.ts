import type { Secret } from '../../../core/model/secret.ts'
import { hourMs, secondMs } from '../../../core/model/units.ts'
import type { CallbackReading, ReceiverCallback } from '../../../ports/receiver-callback.ts'
import { brief } from '../../plain-text.ts'
import { headerText, isFresh, isSigned, memberOf, parsedJson, seenCallbacks, textAt } from '../signed-callback.ts'
import { acknowledgeAction } from './blocks.ts'

/** Whoever presses the button looks after it for so long. */
const acknowledgedForMs = 4 * hourMs

/** Reads what the Acknowledge button posts. Slack signs the time stamp of its header together with the body. */
export function slackCallback(key: Secret): ReceiverCallback {
  const seen = seenCallbacks()
  return ({ headers, body, now }): CallbackReading => {
    const stamp = headerText(headers['x-slack-request-timestamp'])
    const signature = /^v0=([0-9a-f]{64})$/i.exec(headerText(headers['x-slack-signature']))?.[1] ?? ''
    const text = Buffer.from(body).toString()
    if (!isSigned(`v0:${stamp}:${text}`, [signature], key)) return { kind: 'refused', reason: 'the signature is wrong' }
    if (!/^\d{1,12}$/.test(stamp) || !isFresh(Number(stamp) * secondMs, now))
      return { kind: 'refused', reason: 'it is too old' }
    if (!seen.isNew(signature, now)) return { kind: 'refused', reason: 'it came before' }
    const payload = parsedJson(new URLSearchParams(text).get('payload') ?? '')
    const actions = memberOf(payload, 'actions')
    const pressed = Array.isArray(actions)
      ? actions.find((action: unknown) => textAt(action, 'action_id') === acknowledgeAction)
      : undefined
    const id = textAt(pressed, 'value')
    if (id === '') return { kind: 'nothing' }
    const who = brief(textAt(payload, 'user', 'name') || textAt(payload, 'user', 'id'), 100)
    return {
      kind: 'acknowledge',
      incident: { id },
      by: `${who === '' ? 'somebody' : who} (Slack)`,
      forMs: acknowledgedForMs,
    }
  }
}
