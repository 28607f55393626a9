import type { HttpRoute } from '../../ports/http-route.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { dataAnswer, errorAnswer } from './json-answer.ts'
import { sloJson } from './slo-json.ts'

/** `GET /api/v1/slos` and `GET /api/v1/slos/{name}`: state, budgets and burn rates per scope. */
export function sloRoutes(view: Pick<StatusView, 'slos' | 'slo'>): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/slos',
      handle: () => dataAnswer({ slos: view.slos().map(sloJson) }),
    },
    {
      method: 'GET',
      path: '/api/v1/slos/:name',
      handle: ({ params }) => {
        const slo = view.slo(params['name'] ?? '')
        if (slo === undefined) return errorAnswer(404, `no SLO is called ${JSON.stringify(params['name'])}`)
        return dataAnswer(sloJson(slo))
      },
    },
  ]
}
