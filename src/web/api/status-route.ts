import type { DeliveryRecord } from '../../core/model/delivery.ts'
import { deadLettersPerAnswerMax } from '../../core/model/limits.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { dataAnswer, unixSeconds } from './json-answer.ts'

type View = Pick<StatusView, 'cardinality' | 'storeOutage' | 'deadLetters'>

/**
 * `GET /api/v1/status`: how many series are counted, and which SLOs, metrics and sources have most of them; whether the store can
 * be written, and what is held in memory while it cannot; the newest messages that were given up.
 */
export function statusRoute(view: View): HttpRoute {
  return {
    method: 'GET',
    path: '/api/v1/status',
    handle: async () => {
      const dead = (await view.deadLetters?.(deadLettersPerAnswerMax)) ?? []
      const deadLetters = dead.map(deadLetterJson)
      return dataAnswer({ cardinality: view.cardinality(), store: storeJson(view), deadLetters })
    },
  }
}

function storeJson(view: View) {
  const outage = view.storeOutage?.()
  if (outage === undefined) return { writable: true }
  const { since, reason, held } = outage
  return { writable: false, since: unixSeconds(since), reason, held }
}

function deadLetterJson({
  receiver,
  recipient,
  key,
  messageStatus,
  change,
  attempts,
  settledAt,
  reason,
}: DeliveryRecord) {
  return {
    receiver,
    recipient,
    key,
    status: messageStatus,
    change,
    attempts,
    givenUpAt: unixSeconds(settledAt),
    reason,
  }
}
