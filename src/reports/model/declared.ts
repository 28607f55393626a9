import { excludedSpans } from '../../core/budget/excluded-spans.ts'
import type { DayCounts } from '../../core/model/daily-counts.ts'
import type { Span } from '../../core/model/exclusion.ts'
import type { Slo } from '../../core/model/slo.ts'
import { readSloId, sloId } from '../../core/model/slo-id.ts'
import { minuteMs, secondMs } from '../../core/model/units.ts'
import { countUnit } from '../../core/sli/count-unit.ts'
import type { CountUnit } from './report.ts'
import type { ReportInput } from './report-input.ts'

/** One SLO, or one group of an SLO, with what was counted of it. */
export interface Declared {
  readonly id: string
  readonly slo: Slo
  readonly unit: CountUnit
  /** That unit ÷ the one that the SLO counts in: its days are converted already. */
  readonly factor: number
  /** Of a composite, those of its members, which it is made of. */
  readonly days: readonly DayCounts[]
  /** Expected ones and those seen, sorted; "" is none. */
  readonly regions: readonly string[]
  /** What a composite is made of; empty for all others. */
  readonly members: readonly Member[]
  /** What does not count in a region; within composites, what does not count for those either. */
  readonly excluded: (region: string, within?: readonly Declared[]) => readonly Span[]
}

/** A member of a composite. Its counts are as they were stored, whatever their unit. */
export interface Member {
  readonly declared: Declared
  readonly weight: number
}

/** Every SLO with its days; of one that is split into groups, each group that was counted. */
export function declaredSlos(input: ReportInput): readonly Declared[] {
  const make = maker(input)
  return input.slos.flatMap((slo) => {
    const { unit, factor } = unitOf(slo)
    return idsOf(slo, make.counted.keys()).map((id) => make.declared(slo, id, unit, factor))
  })
}

function maker({ slos, days, exclusions }: ReportInput) {
  const counted = Map.groupBy(days, ({ slo }) => slo)
  const byName = new Map(slos.map((slo) => [slo.name, slo]))
  const inForce = exclusions.filter(({ removed }) => removed === null).map(({ exclusion }) => exclusion)
  const from = days.reduce((least, day) => Math.min(least, day.from), Number.POSITIVE_INFINITY)
  const to = days.reduce((most, day) => Math.max(most, day.to), Number.NEGATIVE_INFINITY)
  const declared = (slo: Slo, id: string, unit: CountUnit, factor: number): Declared => {
    const members = membersOf(slo)
    const own = (counted.get(id) ?? [])
      .map((day) => ({ ...day, bad: day.bad * factor, total: day.total * factor }))
      .sort(byTime)
    const all = slo.indicator.kind === 'composite' ? members.flatMap((member) => member.declared.days) : own
    const seen = all.map(({ region }) => region).filter((region) => region !== '')
    const expected = members.flatMap((member) => member.declared.regions)
    const spans = new Map<string, readonly Span[]>()
    const excluded = (region: string, within: readonly Declared[] = []) => {
      const subjects = [{ id, slo }, ...within].map((one) => {
        return { slo: one.id, service: one.slo.service, region: region === '' ? undefined : region }
      })
      const key = JSON.stringify(subjects)
      const known = spans.get(key)
      if (known !== undefined) return known
      const made = from < to ? excludedSpans(inForce, subjects, from, to) : []
      spans.set(key, made)
      return made
    }
    const regions = [...new Set([...slo.regions.expected, ...expected, ...seen])].sort()
    return { id, slo, unit, factor, days: all, regions, members, excluded }
  }
  const membersOf = ({ indicator }: Slo): readonly Member[] => {
    if (indicator.kind !== 'composite') return []
    return indicator.of.flatMap(({ slo: name, weight }) => {
      const slo = byName.get(name)
      return slo === undefined ? [] : [{ declared: declared(slo, name, unitOf(slo).unit, 1), weight }]
    })
  }
  return { counted, declared }
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
  const { unit, secondsEach } = countUnit(indicator)
  if (secondsEach !== null) return { unit: 'minutes', factor: (secondsEach * secondMs) / minuteMs }
  return { unit: unit === 'points' ? unit : 'events', factor: 1 }
}
