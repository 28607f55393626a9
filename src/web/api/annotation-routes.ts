import type { Annotation } from '../../core/model/annotation.ts'
import { authorLengthMax, incidentsPerAnswer, incidentsPerAnswerMax } from '../../core/model/limits.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { IncidentBoard, NewAnnotation } from '../../ports/incident-board.ts'
import { answered } from './answered.ts'
import { dataAnswer, errorAnswer, unixSeconds } from './json-answer.ts'
import { fieldsOf, optionalText, optionalTime, RequestProblem, textField } from './request-fields.ts'

/** `GET`, `POST` and `DELETE /api/v1/annotations`: what was changed, for whoever asks what changed. */
export function annotationRoutes(board: IncidentBoard): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/annotations',
      handle: ({ query }) => {
        const limit = Number(query.get('limit') ?? incidentsPerAnswer)
        if (!Number.isInteger(limit) || limit < 1 || limit > incidentsPerAnswerMax) {
          return errorAnswer(400, `limit must be a whole number from 1 to ${incidentsPerAnswerMax}`)
        }
        return dataAnswer({ annotations: board.annotations(limit).map(annotationJson) })
      },
    },
    {
      method: 'POST',
      path: '/api/v1/annotations',
      isWrite: true,
      handle: answered(async ({ body }) => {
        const annotation = await board.annotate(readAnnotation(body))
        return typeof annotation === 'string'
          ? errorAnswer(400, annotation)
          : dataAnswer(annotationJson(annotation), 201)
      }),
    },
    {
      method: 'DELETE',
      path: '/api/v1/annotations/:id',
      isWrite: true,
      handle: async ({ params, query }) => {
        const by = (query.get('by') ?? '').trim()
        if (by === '') return errorAnswer(400, 'by is missing: whoever takes an annotation back says who they are')
        const isWithdrawn = await board.withdrawAnnotation(params['id'] ?? '', by.slice(0, authorLengthMax))
        if (isWithdrawn) return dataAnswer({ withdrawn: true })
        return errorAnswer(404, `no annotation has the id ${JSON.stringify(params['id'])}`)
      },
    },
  ]
}

function annotationJson({ at, ...rest }: Annotation) {
  return { ...rest, at: unixSeconds(at) }
}

function readAnnotation(body: Uint8Array): NewAnnotation {
  const fields = fieldsOf(body, ['kind', 'text', 'service', 'region', 'at', 'url', 'createdBy'])
  const kind = optionalText(fields, 'kind') ?? 'deploy'
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(kind)) throw new RequestProblem('kind must be one short word, such as deploy')
  const url = optionalText(fields, 'url')
  if (url !== null && !(URL.canParse(url) && /^https?:/.test(url)))
    throw new RequestProblem('url must be an http or https URL')
  return {
    kind,
    text: textField(fields, 'text'),
    service: optionalText(fields, 'service'),
    region: optionalText(fields, 'region'),
    at: optionalTime(fields, 'at'),
    url,
    createdBy: textField(fields, 'createdBy'),
  }
}
