import { dispersionOf, failuresForecast } from '../../core/budget/forecast.ts'
import { type DurationMs, dayMs, type EpochMs, type Ratio } from '../../core/model/units.ts'
import { countScope } from './count-scope.ts'
import type { Declared } from './declared.ts'
import type { ScopeReading, Spread } from './report.ts'

/** The latest so many days stand for those to come. */
const groundDays = 14

/** What is expected still to come: events, and further failures. */
export interface Expected {
  readonly total: number
  readonly failures: Spread
}

/**
 * Traffic and failures of a stretch after `at`, from those of the last fourteen days: traffic goes on at their mean rate over
 * the time seen, failures as `core/budget/forecast.ts` has it, with the days as its blocks.
 */
export function expectedWithin(declared: Declared, scope: string, at: EpochMs, aheadMs: DurationMs): Expected {
  const { ground, total } = groundOf(declared, scope, at, aheadMs)
  return { total, failures: failuresForecast(ground, total) }
}

/** What the latest days say of those to come, and the events to be expected within a time. */
export function groundOf(declared: Declared, scope: string, at: EpochMs, aheadMs: DurationMs) {
  const blocks = Array.from({ length: groundDays }, (_, index) => {
    return countScope(declared, scope, at - (index + 1) * dayMs, at - index * dayMs)
  }).filter(({ total }) => total > 0)
  const bad = blocks.reduce((sum, block) => sum + block.bad, 0)
  const exposure = blocks.reduce((sum, block) => sum + block.total, 0)
  const seenMs = blocks.reduce((sum, { coverage }) => sum + coverage * dayMs, 0)
  const total = seenMs > 0 ? (exposure / seenMs) * aheadMs : 0
  return { ground: { bad, exposure, dispersion: dispersionOf(blocks), ahead: [] }, total }
}

/** What is left of the budget when what is expected has come: of this period while it goes on, else of the next alone. */
export function remainingThen({ bad, allowed, objective }: ScopeReading, expected: Expected, goesOn: boolean): Spread {
  const room = (goesOn ? allowed : 0) + (1 - objective) * expected.total
  const after = (failures: Ratio | null) => {
    return failures === null || room <= 0 ? null : 1 - ((goesOn ? bad : 0) + failures) / room
  }
  const { low, expected: middle, high } = expected.failures
  return { low: after(high), expected: after(middle), high: after(low) }
}
