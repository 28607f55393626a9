import { callbackBytesMax } from '../../core/model/limits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpAnswer, HttpRoute } from '../../ports/http-route.ts'
import type { IncidentBoard } from '../../ports/incident-board.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { CallbackIncident, ReceiverCallback } from '../../ports/receiver-callback.ts'
import { dataAnswer, errorAnswer } from './json-answer.ts'

/** What callbacks act on. */
export interface CallbackWorld {
  /** The callback of a receiver that is in force; undefined where nothing comes back. */
  readonly callbackOf: (receiver: string) => ReceiverCallback | undefined
  readonly board: Pick<IncidentBoard, 'incidents' | 'acknowledge'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly meter: Meter
}

/**
 * `POST /api/v1/receivers/{name}/callback`: what PagerDuty and Slack post when somebody acknowledges there. It needs no token: the
 * receiver believes only what its service signed. What is refused is logged and counted.
 */
export function callbackRoutes({ callbackOf, board, clock, log, meter }: CallbackWorld): readonly HttpRoute[] {
  async function handle(receiver: string, callback: ReceiverCallback, request: Call): Promise<HttpAnswer> {
    const reading = callback({ ...request, now: clock.now() })
    if (reading.kind === 'refused') {
      meter.count('sloburn_receiver_callbacks_total', { receiver, outcome: 'refused' })
      log.warn({ receiver, reason: reading.reason }, 'a callback was refused')
      return errorAnswer(401, `refused: ${reading.reason}`)
    }
    const incidentId = reading.kind === 'nothing' ? undefined : await idOf(reading.incident, board)
    if (reading.kind === 'nothing' || incidentId === undefined) {
      meter.count('sloburn_receiver_callbacks_total', { receiver, outcome: 'ignored' })
      return dataAnswer({ acknowledged: false })
    }
    const { by, forMs } = reading
    const incident = await board.acknowledge(incidentId, {
      by,
      forMs,
      note: `acknowledged at the receiver ${receiver}`,
    })
    const outcome = incident === undefined ? 'ignored' : 'acknowledged'
    meter.count('sloburn_receiver_callbacks_total', { receiver, outcome })
    log.info({ receiver, incident: incidentId, by, outcome }, 'a callback was taken')
    return dataAnswer({ acknowledged: incident !== undefined })
  }

  return [
    {
      method: 'POST',
      path: '/api/v1/receivers/:name/callback',
      bodyBytesMax: callbackBytesMax,
      handle: ({ params, headers, body }) => {
        const name = params['name'] ?? ''
        const callback = callbackOf(name)
        if (callback === undefined)
          return errorAnswer(404, `nothing is expected from a receiver ${JSON.stringify(name)}`)
        return handle(name, callback, { headers, body })
      },
    },
  ]
}

interface Call {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** Open incidents read at once while one is looked for by its key. */
const incidentsPerLook = 1_000

async function idOf(incident: CallbackIncident, board: CallbackWorld['board']): Promise<string | undefined> {
  if ('id' in incident) return incident.id
  let after: { readonly openedAt: number; readonly id: string } | undefined
  for (;;) {
    const page = { state: 'open', limit: incidentsPerLook } as const
    const open = await board.incidents(after === undefined ? page : { ...page, after })
    const found = open.find(({ key }) => incident.isOfKey(key))
    if (found !== undefined) return found.id
    const last = open.at(-1)
    if (last === undefined || open.length < incidentsPerLook) return undefined
    after = { openedAt: last.openedAt, id: last.id }
  }
}
