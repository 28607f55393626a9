import { compareTexts } from '../../core/model/text-order.ts'
import { type DurationMs, dayMs, type Ratio } from '../../core/model/units.ts'
import type { Overall, RegionLine, ScopeReading, SloLine } from './report.ts'
import type { ReportCosts } from './report-input.ts'

const monthMs = 30.44 * dayMs

/** The sums over SLOs that count events: minutes and points do not add up with them. */
export function overallOf(lines: readonly SloLine[], pick: (line: SloLine) => ScopeReading): Overall {
  const readings = lines.map(pick)
  const counted = lines.filter(({ unit }) => unit === 'events').map(pick)
  const { bad, total, allowed } = sumOf(counted)
  const known = readings.filter(({ remaining }) => remaining !== null)
  const missed = known.filter(({ remaining }) => (remaining ?? 0) < -1e-9).length
  return {
    bad,
    total,
    sli: total > 0 ? (total - bad) / total : null,
    objective: total > 0 ? 1 - allowed / total : null,
    consumed: allowed > 0 ? bad / allowed : null,
    met: known.length - missed,
    missed,
    unknown: readings.length - known.length,
    coverage: readings.length > 0 ? readings.reduce((sum, { coverage }) => sum + coverage, 0) / readings.length : null,
  }
}

/** Every region, by name, from the SLOs that count events. */
export function regionLines(
  lines: readonly SloLine[],
  before: ReadonlyMap<string, readonly ScopeReading[]>,
  lengthMs: DurationMs,
  costs: ReportCosts | null,
): readonly RegionLine[] {
  const all = lines.filter(({ unit }) => unit === 'events').flatMap(({ regions }) => regions)
  const byRegion = Map.groupBy(all, ({ region }) => region)
  return [...byRegion]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .map(([region, entries]) => {
      const readings = entries.map(({ reading }) => reading)
      const now = sumOf(readings)
      const then = sumOf(before.get(region) ?? [])
      const monthly = costs?.monthlyByRegion[region]
      const cost = monthly === undefined ? null : (monthly * lengthMs) / monthMs
      return {
        region,
        bad: now.bad,
        total: now.total,
        sli: share(now.total - now.bad, now.total),
        sliBefore: share(then.total - then.bad, then.total),
        consumed: share(now.bad, now.allowed),
        coverage: share(
          readings.reduce((sum, { coverage }) => sum + coverage, 0),
          readings.length,
        ),
        cost,
        costPerMillion: cost === null ? null : share(cost * 1e6, now.total),
        costPerMillionBefore: cost === null ? null : share(cost * 1e6, then.total),
        badEventCost: costs === null || costs.perBadEvent === null ? null : costs.perBadEvent * now.bad,
      }
    })
}

function sumOf(readings: readonly ScopeReading[]): {
  readonly bad: number
  readonly total: number
  readonly allowed: number
} {
  return readings.reduce(
    (sum, { bad, total, allowed }) => ({
      bad: sum.bad + bad,
      total: sum.total + total,
      allowed: sum.allowed + allowed,
    }),
    { bad: 0, total: 0, allowed: 0 },
  )
}

function share(part: number, whole: number): Ratio | null {
  return whole > 0 ? part / whole : null
}
