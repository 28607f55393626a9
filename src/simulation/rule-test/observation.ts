import { burnRate, errorRatio, exceeds } from '../../core/budget/burn-rate.ts'
import type { DataState } from '../../core/model/counts.ts'
import type { WindowReading } from '../../core/model/notification.ts'
import type { Severity } from '../../core/model/slo.ts'
import type { BurnRate, DurationMs } from '../../core/model/units.ts'
import { type BudgetReading, readBudget } from '../../engine/read-budget.ts'
import type { ScopeReading } from '../../engine/read-scope.ts'

/** What the engine saw of one SLO in one scope at one moment, kept for later. */
export interface Observation {
  readonly state: DataState
  readonly budget: BudgetReading
  readonly rules: readonly RuleReading[]
  /** By length. */
  readonly windows: ReadonlyMap<DurationMs, WindowReading>
}

/** One alert rule, and whether it held. */
export interface RuleReading {
  readonly severity: Severity
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly threshold: BurnRate
  readonly long: BurnRate | null
  readonly short: BurnRate | null
  readonly holds: boolean
}

/** Takes down a reading, with these windows beside those of the alert rules. */
export function observe(reading: ScopeReading, windows: readonly DurationMs[]): Observation {
  const { compiled, at } = reading
  const windowReadings = new Map<DurationMs, WindowReading>()
  for (const windowMs of [...compiled.alertWindows, ...windows])
    windowReadings.set(windowMs, readWindow(reading, windowMs))
  return {
    state: reading.state(),
    budget: readBudget(reading),
    windows: windowReadings,
    rules: compiled.rulesAt(at).map(({ severity, longMs, shortMs, burnRate: threshold, limit }) => {
      const [long, short] = [reading.counts(longMs), reading.counts(shortMs)]
      return {
        severity,
        longMs,
        shortMs,
        threshold,
        long: burnRate(long, compiled.budget),
        short: burnRate(short, compiled.budget),
        holds: exceeds(long.bad, long.total, limit) && exceeds(short.bad, short.total, limit),
      }
    }),
  }
}

function readWindow({ compiled, counts }: ScopeReading, windowMs: DurationMs): WindowReading {
  const counted = counts(windowMs)
  return { ...counted, errorRatio: errorRatio(counted), burnRate: burnRate(counted, compiled.budget) }
}
