import { errorBudget } from '../../core/budget/burn-rate.ts'
import { budgetState } from '../../core/budget/error-budget.ts'
import { lengthOf } from '../../core/budget/excluded-spans.ts'
import { type DayCounts, sumOfDays } from '../../core/model/daily-counts.ts'
import type { Span } from '../../core/model/exclusion.ts'
import { type Rational, toNumber } from '../../core/model/rational.ts'
import type { Slo } from '../../core/model/slo.ts'
import type { EpochMs, Ratio } from '../../core/model/units.ts'
import type { ScopeReading } from './report.ts'

/** What is counted, and under which objective. */
export interface Counted {
  readonly slo: Slo
  /** A region whose own objective holds; undefined for that of the SLO. */
  readonly region: string | undefined
  readonly days: readonly DayCounts[]
  /** Stretches that do not count; by region, because each may have its own. */
  readonly excluded: (region: string) => readonly Span[]
}

/** Sums (from, to] of days under the objectives of their time, without what is excluded; `regions` are those expected to be seen. */
export function countPeriod(counted: Counted, from: EpochMs, to: EpochMs, regions: readonly string[]): ScopeReading {
  const sums = { bad: 0, total: 0, allowed: 0, excludedBad: 0, excludedTotal: 0 }
  const seen = new Map<string, number>(regions.map((region) => [region, 0]))
  for (const day of counted.days) {
    if (day.to <= from || day.from >= to) continue
    const whole = sumOfDays([day], from, to)
    const out = sumOver([day], spansWithin(counted.excluded(day.region), from, to))
    sums.bad += whole.bad - out.bad
    sums.total += whole.total - out.total
    sums.allowed += budgetAt(counted, day.to) * (whole.total - out.total)
    sums.excludedBad += out.bad
    sums.excludedTotal += out.total
    if (seen.has(day.region)) seen.set(day.region, (seen.get(day.region) ?? 0) + whole.seenMs - out.seenMs)
  }
  const lengths = regions.map((region) => lengthOf(spansWithin(counted.excluded(region), from, to)))
  const lengthMs = Math.max(0, ...lengths)
  const wantedMs = regions.length * Math.max(0, to - from) - lengths.reduce((a, b) => a + b, 0)
  const seenMs = [...seen.values()].reduce((a, b) => a + b, 0)
  const { bad, total, allowed } = sums
  return {
    objective: 1 - budgetAt(counted, to),
    bad,
    total,
    allowed,
    ...budgetState({ bad, total }, allowed),
    coverage: wantedMs > 0 ? Math.min(1, seenMs / wantedMs) : 0,
    excluded: { bad: sums.excludedBad, total: sums.excludedTotal, lengthMs },
  }
}

/** The error budget in force at a moment. */
export function budgetAt({ slo, region }: Pick<Counted, 'slo' | 'region'>, at: EpochMs): Ratio {
  const own = region === undefined ? undefined : slo.regions.objectives.get(region)
  const past = slo.pastObjectives.find(({ until }) => at <= until)?.objective
  return budgetOf(own ?? past ?? slo.objective)
}

/** Exact fractions are slow, and every day of an SLO asks for the same one. */
function budgetOf(objective: Rational): Ratio {
  const known = budgets.get(objective)
  if (known !== undefined) return known
  const budget = toNumber(errorBudget(objective))
  budgets.set(objective, budget)
  return budget
}

const budgets = new WeakMap<Rational, Ratio>()

function spansWithin(spans: readonly Span[], from: EpochMs, to: EpochMs): readonly Span[] {
  return spans
    .map((span) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }))
    .filter((span) => span.from < span.to)
}

function sumOver(days: readonly DayCounts[], spans: readonly Span[]) {
  const sum = { bad: 0, total: 0, seenMs: 0 }
  for (const span of spans) {
    const part = sumOfDays(days, span.from, span.to)
    sum.bad += part.bad
    sum.total += part.total
    sum.seenMs += part.seenMs
  }
  return sum
}
