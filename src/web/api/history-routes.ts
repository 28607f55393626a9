import { historyPointsMax, trendDaysMax, trendsPerAnswerMax } from '../../core/model/limits.ts'
import { globalScope } from '../../core/model/slo.ts'
import { secondMs } from '../../core/model/units.ts'
import { formatDuration, parseDuration } from '../../core/time/duration.ts'
import type { HistoryView, SloHistory } from '../../ports/history-view.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { HistoryJson, TrendsJson } from '../ui/browser/wire.ts'
import { answered } from './answered.ts'
import { dataAnswer, errorAnswer } from './json-answer.ts'
import { RequestProblem } from './request-fields.ts'

/** Points that fill a chart. */
const points = 120

/** `GET /api/v1/history`: one SLO in one scope over time. `GET /api/v1/trends`: how the last days of several SLOs burned. */
export function historyRoutes(view: HistoryView): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/history',
      handle: answered(({ query }) => {
        const slo = query.get('slo')
        if (slo === null) throw new RequestProblem('slo is missing: the name of an SLO')
        const scope = query.get('scope') ?? globalScope
        const lengthMs = lengthOf(query.get('range') ?? 'window')
        const wanted = wholeNumber(query, 'points', points, historyPointsMax)
        const history = view.history({ slo, scope, lengthMs, points: wanted })
        if (history !== undefined) return dataAnswer(historyJson(history))
        return errorAnswer(404, `nothing was evaluated of ${JSON.stringify(slo)} in ${JSON.stringify(scope)}`)
      }),
    },
    {
      method: 'GET',
      path: '/api/v1/trends',
      handle: answered(({ query }) => {
        const slos = query.getAll('slo')
        if (slos.length === 0 || slos.length > trendsPerAnswerMax) {
          throw new RequestProblem(`slo must be given 1 to ${trendsPerAnswerMax} times`)
        }
        const days = wholeNumber(query, 'days', trendDaysMax, trendDaysMax)
        const found = slos.flatMap((slo) => {
          const trend = view.trend(slo, days)
          if (trend === undefined) return []
          return [{ slo, days: trend.map(({ from, burnRate }) => ({ from: from / secondMs, burnRate })) }]
        })
        const answer: TrendsJson = { trends: found }
        return dataAnswer(answer)
      }),
    },
  ]
}

function historyJson({ scope, objective, stepMs, windowsMs, points: all }: SloHistory): HistoryJson {
  return {
    scope,
    objective,
    stepSeconds: stepMs / secondMs,
    windows: windowsMs.map((windowMs) => formatDuration(windowMs)),
    points: all.map(({ at, ...point }) => ({ at: at / secondMs, ...point })),
  }
}

function lengthOf(range: string): number | undefined {
  if (range === 'window') return undefined
  const lengthMs = parseDuration(range)
  if (lengthMs === undefined || lengthMs <= 0)
    throw new RequestProblem('range must be window or a duration, such as 6h')
  return lengthMs
}

function wholeNumber(query: URLSearchParams, name: string, usual: number, most: number): number {
  const number = Number(query.get(name) ?? usual)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new RequestProblem(`${name} must be a whole number from 1 to ${most}`)
}
