import { type DurationMs, dayMs } from '../../core/model/units.ts'
import type { AlertHealth, IncidentLine } from './report.ts'

/** A page that spent less than this share of the budget could have waited. */
const idlePageBelow = 0.01

/** The same in words. */
export const idlePageSpent = `less than ${idlePageBelow * 100} % of a budget`

/** SLOs named as the noisiest. */
const noisiestMax = 5

/** How alerts treated people over a stretch of time. */
export function alertHealth(incidents: readonly IncidentLine[], lengthMs: DurationMs): AlertHealth {
  const pages = incidents.filter(({ severity }) => severity === 'page')
  const judged = pages.filter(({ budgetSpent }) => budgetSpent !== null)
  const bySlo = Map.groupBy(incidents, ({ slo }) => slo)
  return {
    pages: pages.length,
    tickets: incidents.length - pages.length,
    pagesPerWeek: lengthMs > 0 ? (pages.length / lengthMs) * 7 * dayMs : 0,
    pagesOutOfHours: pages.filter(({ isOutOfHours }) => isOutOfHours).length,
    idlePages: judged.filter(({ budgetSpent }) => (budgetSpent ?? 0) < idlePageBelow).length,
    judgedPages: judged.length,
    medianDetectMs: median(pages.flatMap(({ detectMs }) => detectMs ?? [])),
    medianAcknowledgeMs: median(pages.flatMap(({ acknowledgeMs }) => acknowledgeMs ?? [])),
    medianResolveMs: median(pages.flatMap(({ endedAt, durationMs }) => (endedAt === null ? [] : durationMs))),
    noisiest: [...bySlo]
      .map(([slo, all]) => ({ slo, count: all.length }))
      .sort((a, b) => b.count - a.count || (a.slo < b.slo ? -1 : 1))
      .slice(0, noisiestMax),
  }
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
