import type { DayCounts } from '../../core/model/daily-counts.ts'
import type { Exclusion } from '../../core/model/exclusion.ts'
import { reportIncidentReachMs, reportIncidentsPerRead } from '../../core/model/limits.ts'
import type { Slo } from '../../core/model/slo.ts'
import { sloId } from '../../core/model/slo-id.ts'
import { dayMs, type EpochMs } from '../../core/model/units.ts'
import type { Store } from '../../ports/store.ts'
import type { ReportExclusion, ReportIncident, ReportInput, ReportSettings } from '../../reports/model/report-input.ts'
import { trendLength } from '../../reports/model/slo-lines.ts'
import { previousPeriod, type ReportPeriod } from '../../reports/period/read-period.ts'

/** What is read of a store. */
export interface ReportStore {
  readonly dailyCounts: Pick<Store['dailyCounts'], 'list'>
  readonly exclusions: Pick<Store['exclusions'], 'list'>
  readonly incidents: Pick<Store['incidents'], 'list' | 'timeline'>
}

/** What a report is to be about, beside what the store holds. */
export interface ReportAsk {
  readonly period: ReportPeriod
  readonly compare: boolean
  readonly slos: readonly Slo[]
  /** Those that the rule files declare. */
  readonly maintenances: readonly Exclusion[]
  readonly settings: ReportSettings
  readonly now: EpochMs
}

/** Reads what a report is made of. */
export async function storedInput(store: ReportStore, ask: ReportAsk): Promise<ReportInput> {
  const [days, stored, incidents] = await Promise.all([
    daysOf(store, ask),
    store.exclusions.list({ withRemoved: true }),
    incidentsOf(store, ask.period),
  ])
  return { ...ask, days, exclusions: exclusionsOf(ask.maintenances, stored), incidents }
}

/** When the first period of the trend begins, with the days that forecasts look back to. */
function firstMoment(period: ReportPeriod): EpochMs {
  let earliest = period
  for (let count = 1; count < trendLength; count++) earliest = previousPeriod(earliest)
  return earliest.from
}

/** Maintenance as declared, and what people left out or took back. */
export function exclusionsOf(
  maintenances: readonly Exclusion[],
  stored: readonly ReportExclusion[],
): readonly ReportExclusion[] {
  const declared = maintenances.map((exclusion) => ({ exclusion, removed: null }))
  const known = new Set(maintenances.map(({ id }) => id))
  return [
    ...declared,
    ...stored
      .filter(({ exclusion }) => !known.has(exclusion.id))
      .map(({ exclusion, removed }) => ({ exclusion, removed })),
  ]
}

/** SLO by SLO, because the store answers so many days at once and no more; groups have ids of their own. */
async function daysOf({ dailyCounts }: ReportStore, { slos, period }: ReportAsk): Promise<readonly DayCounts[]> {
  const range = { from: firstMoment(period), to: period.to }
  if (slos.some(({ groupBy, group }) => groupBy.length > 0 && group.size === 0)) return byWeek(dailyCounts, range)
  const lists = await Promise.all(slos.map((slo) => dailyCounts.list({ ...range, slos: [sloId(slo)] })))
  return lists.flat()
}

async function byWeek(
  dailyCounts: ReportStore['dailyCounts'],
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Promise<readonly DayCounts[]> {
  const days = new Map<string, DayCounts>()
  for (let start = from; start < to; start += 7 * dayMs) {
    for (const day of await dailyCounts.list({ from: start, to: Math.min(to, start + 7 * dayMs) })) {
      days.set(JSON.stringify([day.slo, day.region, day.from]), day)
    }
  }
  return [...days.values()]
}

async function incidentsOf({ incidents }: ReportStore, period: ReportPeriod): Promise<readonly ReportIncident[]> {
  const since = previousPeriod(period).from - reportIncidentReachMs
  const found: ReportIncident[] = []
  for (let after: { openedAt: EpochMs; id: string } | undefined; ; ) {
    const read = await incidents.list({ limit: reportIncidentsPerRead, ...(after === undefined ? {} : { after }) })
    for (const incident of read) {
      if (incident.openedAt >= period.to || incident.openedAt < since) continue
      const timeline = await incidents.timeline(incident.id)
      found.push({ incident, events: timeline?.events ?? [], burnRates: timeline?.burnRates ?? [] })
    }
    const last = read.at(-1)
    if (last === undefined || read.length < reportIncidentsPerRead || last.openedAt < since) return found
    after = { openedAt: last.openedAt, id: last.id }
  }
}
