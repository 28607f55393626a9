import { acknowledgementMaxMs, incidentsPerAnswer, incidentsPerAnswerMax } from '../../core/model/limits.ts'
import { sevNames } from '../../core/model/notification.ts'
import { hourMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { IncidentBoard } from '../../ports/incident-board.ts'
import type { IncidentQuery } from '../../ports/store.ts'
import { answered } from './answered.ts'
import { incidentJson, timelineJson } from './incident-json.ts'
import { dataAnswer, errorAnswer } from './json-answer.ts'
import { fieldsOf, optionalDuration, optionalText, RequestProblem, textField } from './request-fields.ts'

/** How long somebody looks after an incident unless they say otherwise. */
const acknowledgedForMs = 4 * hourMs

/** `GET /api/v1/incidents`, `GET /api/v1/incidents/{id}` and `POST /api/v1/incidents/{id}/ack`. */
export function incidentRoutes(board: IncidentBoard): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/incidents',
      handle: answered(async ({ query }) => {
        const asked = queryOf(query)
        // One more than asked for says whether there are more.
        const found = await board.incidents({ ...asked, limit: asked.limit + 1 })
        const incidents = found.slice(0, asked.limit)
        const last = incidents.at(-1)
        const next = found.length > asked.limit && last !== undefined ? `${last.openedAt}:${last.id}` : null
        return dataAnswer({ incidents: incidents.map(incidentJson), next })
      }),
    },
    {
      method: 'GET',
      path: '/api/v1/incidents/:id',
      handle: async ({ params }) => {
        const timeline = await board.timeline(params['id'] ?? '')
        return timeline === undefined ? unknownIncident(params['id']) : dataAnswer(timelineJson(timeline))
      },
    },
    {
      method: 'POST',
      path: '/api/v1/incidents/:id/ack',
      isWrite: true,
      handle: answered(async ({ params, body }) => {
        const fields = fieldsOf(body, ['by', 'for', 'note'])
        const forMs = optionalDuration(fields, 'for') ?? acknowledgedForMs
        if (forMs > acknowledgementMaxMs) {
          throw new RequestProblem(`for must not be longer than ${formatDuration(acknowledgementMaxMs)}`)
        }
        const wanted = { by: textField(fields, 'by'), note: optionalText(fields, 'note') ?? '', forMs }
        const incident = await board.acknowledge(params['id'] ?? '', wanted)
        if (incident === undefined) return errorAnswer(404, `no incident ${JSON.stringify(params['id'])} is open`)
        return dataAnswer(incidentJson(incident))
      }),
    },
  ]
}

function unknownIncident(id: string | undefined) {
  return errorAnswer(404, `there is no incident ${JSON.stringify(id)}`)
}

function queryOf(query: URLSearchParams): IncidentQuery {
  const limit = Number(query.get('limit') ?? incidentsPerAnswer)
  if (!Number.isInteger(limit) || limit < 1 || limit > incidentsPerAnswerMax) {
    throw new RequestProblem(`limit must be a whole number from 1 to ${incidentsPerAnswerMax}`)
  }
  const state = oneOf(query, 'state', ['open', 'closed', 'all'] as const) ?? 'open'
  const severity = oneOf(query, 'severity', ['page', 'ticket'] as const)
  const sev = oneOf(query, 'sev', sevNames)
  const after = cursorOf(query.get('after'))
  const slo = query.get('slo')
  const service = query.get('service')
  return {
    limit,
    ...(state === 'all' ? {} : { state }),
    ...(severity === undefined ? {} : { severity }),
    ...(sev === undefined ? {} : { sev }),
    ...(slo === null ? {} : { slo }),
    ...(service === null ? {} : { service }),
    ...(after === undefined ? {} : { after }),
  }
}

function oneOf<Word extends string>(query: URLSearchParams, name: string, words: readonly Word[]): Word | undefined {
  const given = query.get(name)
  if (given === null) return undefined
  const word = words.find((one) => one === given)
  if (word === undefined) throw new RequestProblem(`${name} must be one of ${words.join(', ')}`)
  return word
}

function cursorOf(text: string | null): IncidentQuery['after'] {
  if (text === null) return undefined
  const match = /^(\d{1,15}):(.{1,500})$/s.exec(text)
  if (match === null) throw new RequestProblem('after must be what `next` of the answer before said')
  return { openedAt: Number(match[1]), id: match[2] }
}
