import type { HttpRoute } from '../../ports/http-route.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { dataAnswer } from './json-answer.ts'

/** `GET /api/v1/status`: how many series are counted, and which SLOs, metrics and sources have most of them. */
export function statusRoute(view: Pick<StatusView, 'cardinality'>): HttpRoute {
  return {
    method: 'GET',
    path: '/api/v1/status',
    handle: () => dataAnswer({ cardinality: view.cardinality() }),
  }
}
