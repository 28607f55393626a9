import { excludedSpans } from '../../core/budget/excluded-spans.ts'
import type { DayCounts } from '../../core/model/daily-counts.ts'
import type { Span } from '../../core/model/exclusion.ts'
import type { Slo } from '../../core/model/slo.ts'
import { readSloId, sloId } from '../../core/model/slo-id.ts'
import { minuteMs } from '../../core/model/units.ts'
import type { CountUnit } from './report.ts'
import type { ReportInput } from './report-input.ts'

/** One SLO, or one group of an SLO, with what was counted of it. */
export interface Declared {
  readonly id: string
  readonly slo: Slo
  readonly unit: CountUnit
  readonly days: readonly DayCounts[]
  /** Expected ones and those seen, sorted; "" is none. */
  readonly regions: readonly string[]
  readonly excluded: (region: string) => readonly Span[]
}

/** Every SLO with its days; of one that is split into groups, each group that was counted. */
export function declaredSlos({ slos, days, exclusions }: ReportInput): readonly Declared[] {
  const byId = Map.groupBy(days, ({ slo }) => slo)
  const inForce = exclusions.filter(({ removed }) => removed === null).map(({ exclusion }) => exclusion)
  const from = days.reduce((least, day) => Math.min(least, day.from), Number.POSITIVE_INFINITY)
  const to = days.reduce((most, day) => Math.max(most, day.to), Number.NEGATIVE_INFINITY)
  return slos.flatMap((slo) => {
    return idsOf(slo, byId.keys()).map((id) => {
      const { unit, factor } = unitOf(slo)
      const counted = (byId.get(id) ?? [])
        .map((day) => ({ ...day, bad: day.bad * factor, total: day.total * factor }))
        .sort(byTime)
      const seen = counted.map(({ region }) => region).filter((region) => region !== '')
      const spans = new Map<string, readonly Span[]>()
      const excluded = (region: string) => {
        const known = spans.get(region)
        if (known !== undefined) return known
        const subjects = [{ slo: id, service: slo.service, region: region === '' ? undefined : region }]
        const made = from < to ? excludedSpans(inForce, subjects, from, to) : []
        spans.set(region, made)
        return made
      }
      const regions = [...new Set([...slo.regions.expected, ...seen])].sort()
      return { id, slo, unit, days: counted, regions, excluded }
    })
  })
}

/** Doubles add up differently in another order; the same counts make the same bytes. */
function byTime(a: DayCounts, b: DayCounts): number {
  return a.from - b.from || (a.region < b.region ? -1 : 1)
}

function idsOf(slo: Slo, counted: Iterable<string>): readonly string[] {
  if (slo.groupBy.length === 0 || slo.group.size > 0) return [sloId(slo)]
  const groups = [...counted].filter((id) => id !== slo.name && readSloId(id).name === slo.name)
  return groups.length === 0 ? [slo.name] : groups.sort()
}

function unitOf({ indicator }: Slo): { readonly unit: CountUnit; readonly factor: number } {
  if (indicator.kind === 'threshold') return { unit: 'minutes', factor: 1 / minuteMs }
  if (indicator.kind === 'slices') return { unit: 'minutes', factor: indicator.sliceMs / minuteMs }
  if (indicator.kind === 'composite') return { unit: 'points', factor: 1 }
  return { unit: indicator.kind === 'query' && indicator.given === 'error-ratio' ? 'points' : 'events', factor: 1 }
}
