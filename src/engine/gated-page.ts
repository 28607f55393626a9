import { burnRate, exceeds } from '../core/budget/burn-rate.ts'
import { column } from '../core/evidence/evidence-table.ts'
import { hasCrossed, strongestEvidence } from '../core/evidence/step-evidence.ts'
import { excessEvidence } from '../core/evidence/ticket-evidence.ts'
import type { FiredBecause, FiredEvidence, FiredRule } from '../core/model/alert.ts'
import type { EventCounts } from '../core/model/counts.ts'
import { dayMs } from '../core/model/units.ts'
import type { CompiledRule } from './compiled-slo.ts'
import { recoveryOf, timesAgain } from './page-openings.ts'
import { judgedBetween, type ScopeReading } from './read-scope.ts'
import type { Weighed } from './slo-evidence.ts'
import { trialsIn } from './trial.ts'

/**
 * The first page rule that opens a page: its short window burns above the threshold, the long one does too or has spent the
 * rule's share of the budget, enough of the budget is gone to matter, and the evidence was complete within the short window.
 */
export function pageToOpen(reading: ScopeReading, weighed: Weighed): FiredRule | undefined {
  const { table } = weighed
  const { crossedAt, clearedAt } = column
  if (!(table.cells[weighed.base + crossedAt] > table.cells[weighed.base + clearedAt])) return undefined
  const { materiality } = weighed.evidence.settings
  for (const rule of reading.compiled.rulesAt(reading.at)) {
    if (rule.severity !== 'page' || !hasCrossed(table, weighed.base, reading.at, rule.shortMs)) continue
    const short = reading.counts(rule.shortMs)
    if (!exceeds(short.bad, short.total, rule.limit)) continue
    const long = reading.counts(rule.longMs)
    const allowed = rule.budgetShare * allowedInWindow(reading)
    const because = spentBy(rule, long, allowed)
    if (because === undefined || !(long.bad > materiality * allowed)) continue
    return { ...firedRule(reading, rule), because, evidence: firedEvidence(reading, weighed) }
  }
  return undefined
}

/**
 * Whether an open page stays: a rule's budget is being spent still, or nobody can tell because its short window is empty. Once
 * the good events since say that the service is well, the shortest window within the budget ends the page.
 */
export function pageStays(reading: ScopeReading, weighed: Weighed): boolean {
  let isBurning = false
  let shortest: CompiledRule | undefined
  for (const rule of reading.compiled.rulesAt(reading.at)) {
    if (rule.severity !== 'page') continue
    if (shortest === undefined || rule.shortMs < shortest.shortMs) shortest = rule
    if (isBurning) continue
    const short = reading.counts(rule.shortMs)
    if (short.total > 0 && !exceeds(short.bad, short.total, rule.limit)) continue
    isBurning = spentBy(rule, reading.counts(rule.longMs), rule.budgetShare * allowedInWindow(reading)) !== undefined
  }
  if (!isBurning || shortest === undefined) return false
  if (recoveryOf(weighed) < weighed.terms.recoveryNeeded) return true
  const { bad, total } = reading.counts(shortest.shortMs)
  return !(total > 0 && bad <= reading.compiled.budget * total)
}

/** The first ticket rule that holds: both windows burn, what is gone matters, and the failures are no chance. */
export function ticketHeld(reading: ScopeReading, { evidence, slo }: Weighed): FiredRule | undefined {
  const { settings } = evidence
  const { trial } = slo
  const { budget } = reading.compiled
  for (const rule of reading.compiled.rulesAt(reading.at)) {
    if (rule.severity !== 'ticket') continue
    const short = reading.counts(rule.shortMs)
    if (!exceeds(short.bad, short.total, rule.limit)) continue
    const long = reading.counts(rule.longMs)
    if (!exceeds(long.bad, long.total, rule.limit)) continue
    if (!(long.bad > settings.materiality * rule.budgetShare * allowedInWindow(reading))) continue
    const longTrials = trialsIn(trial, long, rule.longMs)
    const strength = Math.max(
      excessEvidence(longTrials, budget),
      excessEvidence(trialsIn(trial, short, rule.shortMs), budget),
    )
    if (!(strength > Math.log(settings.ticketOdds))) continue
    const seen = {
      since: reading.at - rule.longMs,
      ...longTrials,
      unit: trial.unit,
      allowed: budget * longTrials.total,
      odds: Math.exp(Math.min(strength, oddsLogMax)),
      chanceOnceInMs: null,
      again: 0,
    }
    return { ...firedRule(reading, rule), because: 'burn', evidence: seen }
  }
  return undefined
}

/** Longer SLO windows are taken to have the traffic of their last month, which is in memory. */
const trafficWindowMaxMs = 31 * dayMs

/** Beyond this nobody reads digits. */
const oddsLogMax = 50

/** The bad events that the objective allows in a whole SLO window of traffic like that of the window behind. */
export function allowedInWindow({ compiled, at, counts, coverage }: ScopeReading): number {
  const { lengthMs } = compiled.window.periodAt(at)
  const windowMs = Math.min(lengthMs, trafficWindowMaxMs)
  const seen = coverage(windowMs)
  const { total } = counts(windowMs)
  return compiled.budget * (seen > 0 ? total / Math.min(1, seen) : total) * (lengthMs / windowMs)
}

/** What a rule saw, under the plain form of it. */
export function firedRule(reading: ScopeReading, { longMs, shortMs, burnRate: threshold }: CompiledRule): FiredRule {
  const { budget } = reading.compiled
  return {
    longMs,
    shortMs,
    burnRate: threshold,
    longBurnRate: burnRate(reading.counts(longMs), budget) ?? 0,
    shortBurnRate: burnRate(reading.counts(shortMs), budget) ?? 0,
  }
}

/** Which way a rule's long window says that its budget is gone; undefined where it is not. */
function spentBy({ limit }: CompiledRule, long: EventCounts, allowed: number): FiredBecause | undefined {
  if (exceeds(long.bad, long.total, limit)) return 'burn'
  return long.bad > allowed && long.bad > 0 ? 'budget-share' : undefined
}

function firedEvidence(reading: ScopeReading, weighed: Weighed): FiredEvidence {
  const { base, terms, evidence } = weighed
  const { trial } = weighed.slo
  const strongest = strongestEvidence(weighed.table, base, terms)
  const crossedAt = weighed.table.cells[base + column.crossedAt]
  const since = strongest.strength > 0 ? strongest.since : crossedAt
  const trials = trialsIn(trial, judgedBetween(reading, since, reading.at), reading.at - since)
  const strength = Math.max(terms.needed, strongest.strength)
  return {
    since,
    ...trials,
    unit: trial.unit,
    allowed: reading.compiled.budget * trials.total,
    odds: Math.exp(strength),
    chanceOnceInMs: evidence.settings.falseAlarmEveryMs * Math.exp(strength - terms.needed),
    again: timesAgain(weighed, reading.at),
  }
}
