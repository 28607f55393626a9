import type { HttpRoute } from '../../ports/http-route.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { dataAnswer, errorAnswer } from './json-answer.ts'

/** `GET /-/healthy`: the process answers. `GET /-/ready`: what it says can be relied upon; 503 with the reasons if not. */
export function healthRoutes(view: Pick<StatusView, 'notReadyReasons'>): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/-/healthy',
      handle: () => dataAnswer({ healthy: true }),
    },
    {
      method: 'GET',
      path: '/-/ready',
      handle: () => {
        const reasons = view.notReadyReasons()
        if (reasons.length === 0) return dataAnswer({ ready: true })
        return errorAnswer(503, `not ready: ${reasons.join('; ')}`, { reasons })
      },
    },
  ]
}
