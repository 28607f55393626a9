import type { HttpRoute } from '../../ports/http-route.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { dataAnswer, unixSeconds } from './json-answer.ts'

/** `GET /api/v1/sources`: where samples come from and how far they have come. */
export function sourcesRoute(view: Pick<StatusView, 'sources'>): HttpRoute {
  return {
    method: 'GET',
    path: '/api/v1/sources',
    handle: () => {
      const sources = view.sources().map(({ watermark, ...rest }) => ({ ...rest, watermark: unixSeconds(watermark) }))
      return dataAnswer({ sources })
    },
  }
}
