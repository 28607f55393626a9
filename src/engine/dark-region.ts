import { lengthOf } from '../core/budget/excluded-spans.ts'
import type { FiredRule } from '../core/model/alert.ts'
import { defaultDataPolicy, globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { expectedEvents } from '../core/regions/unseen-traffic.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { allowedInWindow, firedRule } from './gated-page.ts'
import { timesAgain } from './page-openings.ts'
import type { ScopeReading } from './read-scope.ts'
import type { Weighed } from './slo-evidence.ts'
import { trialsIn } from './trial.ts'

/**
 * The page for a region of which nothing was seen for a while, if so many events are expected of that time that their failing
 * would spend a rule's share of the budget: nobody can say that it is well, and at worst all of it is lost.
 */
export function darkRegionHeld(reading: ScopeReading, gates: EvidenceGates, weighed: Weighed): FiredRule | undefined {
  const { dark } = weighed.evidence.settings
  const { trial } = weighed.slo
  const { unseen } = reading.compiled.slo.data ?? defaultDataPolicy
  if (dark === null || reading.scope === globalScope || unseen !== 'hold') return undefined
  const { at, seenUntil } = reading
  if (seenUntil === undefined) return undefined
  // What is excluded and muted may be dark.
  const missed = reading.judgedSpans(seenUntil, at)
  const sumOf = (of: (from: EpochMs, to: EpochMs) => number) =>
    missed.reduce((sum, span) => sum + of(span.from, span.to), 0)
  if (sumOf((from, to) => gates.unseenMs(from, to)) < dark.afterMs) return undefined
  const rule = reading.compiled.rulesAt(at).find(({ severity }) => severity === 'page')
  if (rule === undefined) return undefined
  const expected = sumOf((from, to) => expectedBetween(reading, from, to))
  if (!(expected > dark.budgetShare * allowedInWindow(reading))) return undefined
  const missing = trialsIn(trial, { bad: expected, total: expected }, lengthOf(missed)).total
  if (missing < dark.eventsMin) return undefined
  return {
    ...firedRule(reading, rule),
    because: 'dark-region',
    evidence: {
      since: missed[0]?.from ?? seenUntil,
      bad: missing,
      total: missing,
      unit: trial.unit,
      allowed: reading.compiled.budget * missing,
      odds: null,
      chanceOnceInMs: null,
      again: timesAgain(weighed, at),
    },
  }
}

/** The events of the same time of the last day that was seen; where none was, of as much time with the traffic of the SLO window. */
function expectedBetween(reading: ScopeReading, from: EpochMs, to: EpochMs): number {
  const { compiled, at, seenUntil, seenMs, charged } = reading
  const record = { seenUntil, seenMs, total: (start: EpochMs, end: EpochMs) => charged(start, end).total }
  const { lengthMs } = compiled.window.periodAt(at)
  const asUsual = (spanMs: DurationMs) => (allowedInWindow(reading) / compiled.budget) * (spanMs / lengthMs)
  return expectedEvents(record, from, to, asUsual) ?? 0
}
