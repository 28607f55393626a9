import type { Episode } from '../../core/model/alert.ts'
import { episodesPerAnswer, episodesPerAnswerMax } from '../../core/model/limits.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { StatusView } from '../../ports/status-view.ts'
import { dataAnswer, errorAnswer, unixSeconds } from './json-answer.ts'
import { firedRuleJson } from './slo-json.ts'

/** `GET /api/v1/alerts`: those that fire; with `?all=1` past ones as well, newest first, at most `limit`. */
export function alertsRoute(view: Pick<StatusView, 'episodes'>): HttpRoute {
  return {
    method: 'GET',
    path: '/api/v1/alerts',
    handle: async ({ query }) => {
      const limit = Number(query.get('limit') ?? episodesPerAnswer)
      if (!Number.isInteger(limit) || limit < 1 || limit > episodesPerAnswerMax) {
        return errorAnswer(400, `limit must be a whole number from 1 to ${episodesPerAnswerMax}`)
      }
      const all = query.get('all') ?? '0'
      if (all !== '0' && all !== '1') return errorAnswer(400, 'all must be 0 or 1')
      const episodes = await view.episodes({ activeOnly: all === '0', limit })
      return dataAnswer({ alerts: episodes.map(episodeJson) })
    },
  }
}

function episodeJson({ id, service, firedAt, resolvedAt, rule }: Episode) {
  return {
    slo: id.slo,
    service,
    scope: id.scope,
    severity: id.severity,
    cause: id.cause ?? 'burn-rate',
    firedAt: unixSeconds(firedAt),
    resolvedAt: unixSeconds(resolvedAt),
    ...firedRuleJson(rule),
  }
}
