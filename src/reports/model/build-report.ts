import { type EpochMs, hourMs } from '../../core/model/units.ts'
import { previousPeriod } from '../period/read-period.ts'
import { alertHealth } from './alert-health.ts'
import { countScope } from './count-scope.ts'
import { decisionsOf } from './decisions.ts'
import { type Declared, declaredSlos } from './declared.ts'
import { exclusionLines } from './exclusion-lines.ts'
import { type IncidentSlo, incidentLines, incidentsWithin, incidentTotals } from './incident-lines.ts'
import { judge } from './judge.ts'
import { overallOf, regionLines } from './region-lines.ts'
import type { GapLine, Report, SloLine } from './report.ts'
import type { ReportInput } from './report-input.ts'
import { sloLine } from './slo-lines.ts'

/** Coverage from here on is told as whole: a restart of the engine takes some seconds of it. */
const gapBelow = 0.999

/** Makes the figures of a report. Nothing in it depends on when it is made, once the period is over. */
export function buildReport(input: ReportInput): Report {
  const { period, settings } = input
  const { workingHours } = settings
  const previous = previousPeriod(period)
  const dataUntil = input.days.reduce<EpochMs | null>((most, { until }) => Math.max(most ?? until, until), null)
  const end = endOf(input, dataUntil)
  const within = incidentsWithin(input.incidents, { from: period.from, to: end })
  const declared = declaredSlos(input)
  const slos = declared.map((one) => sloLine(one, { period, end, incidents: within })).sort(worstFirst)
  const incidents = incidentLines(within, { period, end, slos: incidentSlos(declared, slos, period), workingHours })
  const earlier = incidentsWithin(input.incidents, previous)
  const judgedBefore = new Map(declared.map((one) => [one.id, judge(one, previous.from, previous.to)]))
  const linesBefore = slos.map((line) => {
    const then = judgedBefore.get(line.id)
    return then === undefined ? line : { ...line, judged: then.reading, regions: then.regions }
  })
  const slosBefore = incidentSlos(declared, linesBefore, previous)
  const before = incidentLines(earlier, { period: previous, end: previous.to, slos: slosBefore, workingHours })
  const regionsBefore = declared
    .filter(({ unit }) => unit === 'events')
    .flatMap(({ id }) => judgedBefore.get(id)?.regions ?? [])
  const alerts = alertHealth(incidents, end - period.from)
  const gaps = gapsOf(slos, end - period.from)
  const isFinished = end === period.to
  return {
    period,
    previous,
    compare: input.compare,
    isFinished,
    dataUntil: dataUntil === null ? null : Math.min(dataUntil, period.to),
    settings,
    overall: overallOf(slos, ({ judged }) => judged),
    before: overallOf(slos, (line) => line.before),
    slos,
    regions: regionLines(
      slos,
      new Map(
        [...Map.groupBy(regionsBefore, ({ region }) => region)].map(([region, all]) => [
          region,
          all.map(({ reading }) => reading),
        ]),
      ),
      end - period.from,
      settings.costs,
    ),
    decisions: decisionsOf(slos, alerts, gaps, isFinished),
    incidents,
    incidentTotals: incidentTotals(incidents, period, end),
    incidentsBefore: incidentTotals(before, previous, previous.to),
    alerts,
    alertsBefore: alertHealth(before, previous.to - previous.from),
    exclusions: exclusionLines(input.exclusions, period.from, end),
    gaps,
  }
}

function incidentSlos(
  declared: readonly Declared[],
  lines: readonly SloLine[],
  { from, to }: ReportInput['period'],
): ReadonlyMap<string, IncidentSlo> {
  const byId = new Map(declared.map((one) => [one.id, one]))
  return new Map(
    lines.map((line): [string, IncidentSlo] => {
      const one = byId.get(line.id)
      const badOnDays = (scope: string, start: EpochMs, end: EpochMs) => {
        const days = (one?.days ?? []).filter((day) => day.from < end && day.to > start)
        if (one === undefined || days.length === 0) return null
        const since = days.reduce((least, day) => Math.min(least, day.from), start)
        const until = days.reduce((most, day) => Math.max(most, day.to), end)
        return countScope(one, scope, Math.max(from, since), Math.min(to, until)).bad
      }
      return [line.id, { line, factor: one?.factor ?? 1, badOnDays }]
    }),
  )
}

/** An engine that keeps up is some minutes behind the clock; what is missing beyond that is missing. */
function endOf({ period, now }: ReportInput, dataUntil: EpochMs | null): EpochMs {
  if (period.to <= now) return period.to
  const reached = Math.max(now, dataUntil ?? now)
  if (dataUntil !== null && Math.abs(now - dataUntil) < hourMs)
    return Math.max(period.from, Math.min(period.to, dataUntil))
  return Math.max(period.from, Math.min(period.to, reached))
}

const order = { missed: 0, 'at-risk': 1, met: 2, unknown: 3 } as const

function worstFirst(a: SloLine, b: SloLine): number {
  if (order[a.status] !== order[b.status]) return order[a.status] - order[b.status]
  return (b.judged.consumed ?? 0) - (a.judged.consumed ?? 0) || (a.id < b.id ? -1 : 1)
}

/** Where no region has told anything of an SLO, none can be named. */
const anyRegion = 'any region'

function gapsOf(slos: readonly SloLine[], lengthMs: number): readonly GapLine[] {
  // What a composite lacks is what its members lack.
  return slos
    .filter(({ members }) => members.length === 0)
    .flatMap(({ id, owner, regions, judged }) => {
      const seen = regions.length > 0 ? regions : [{ region: anyRegion, reading: judged }]
      return seen.flatMap(({ region, reading }) => {
        const wantedMs = Math.max(0, lengthMs - reading.excluded.lengthMs)
        const line = {
          slo: id,
          owner,
          region,
          coverage: reading.coverage,
          missingMs: (1 - reading.coverage) * wantedMs,
        }
        return reading.coverage < gapBelow && wantedMs > 0 ? [line] : []
      })
    })
    .sort((a, b) => b.missingMs - a.missingMs || (a.slo + a.region < b.slo + b.region ? -1 : 1))
}
