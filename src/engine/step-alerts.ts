import { type AlertStep, stepAlert } from '../core/alerting/alert-machine.ts'
import { burnRate, exceeds } from '../core/budget/burn-rate.ts'
import type { AlertId, FiredRule } from '../core/model/alert.ts'
import type { Severity } from '../core/model/slo.ts'
import { isSeen } from '../core/regions/data-state.ts'
import type { AlertBook } from './alert-book.ts'
import type { CompiledRule } from './compiled-slo.ts'
import type { ScopeReading } from './read-scope.ts'

/** An alert whose state changed at this step. */
export interface AlertMove {
  readonly id: AlertId
  readonly step: AlertStep
  /** The rule it fired by. */
  readonly rule: FiredRule
  readonly reading: ScopeReading
  /** When the alert opened. */
  readonly since: number
}

/** Steps the alerts of one SLO in one scope, one per severity, and answers those whose state changed. */
export function stepAlerts(reading: ScopeReading, book: AlertBook): readonly AlertMove[] {
  const moves: AlertMove[] = []
  for (const severity of reading.compiled.severities) {
    const held = firstRuleHeld(reading, severity)
    if (held === undefined && book.isQuiet) continue
    const id: AlertId = { slo: reading.compiled.id, scope: reading.scope, severity }
    const before = book.stateOf(id)
    if (held === undefined && before.kind === 'inactive') continue
    const known = held !== undefined || isKnown(reading)
    const step = stepAlert(before, { at: reading.at, held, known }, reading.compiled.slo.alerting.policy)
    if (step.state === before) continue
    const open = step.state.kind === 'inactive' ? before : step.state
    if (open.kind === 'inactive') continue
    book.draft({ id, state: step.state, told: book.toldOf(id), opened: book.openedOf(id) })
    moves.push({ id, step, rule: open.rule, since: open.since, reading })
  }
  return moves
}

/** Whether the end of a condition can be told: data comes, and some of it fell into the window that ends it. */
function isKnown(reading: ScopeReading): boolean {
  return isSeen(reading.state()) && reading.coverage(reading.compiled.alertWindows[0]) > 0
}

/** A severity is the OR of its rules; a rule holds while both of its windows burn above its threshold. */
function firstRuleHeld(reading: ScopeReading, severity: Severity): FiredRule | undefined {
  for (const rule of reading.compiled.rulesAt(reading.at)) {
    if (rule.severity === severity && holds(reading, rule)) return firedRule(reading, rule)
  }
  return undefined
}

function holds(reading: ScopeReading, { shortMs, longMs, limit }: CompiledRule): boolean {
  const short = reading.counts(shortMs)
  if (!exceeds(short.bad, short.total, limit)) return false
  const long = reading.counts(longMs)
  return exceeds(long.bad, long.total, limit)
}

function firedRule(reading: ScopeReading, { longMs, shortMs, burnRate: threshold }: CompiledRule): FiredRule {
  const { budget } = reading.compiled
  return {
    longMs,
    shortMs,
    burnRate: threshold,
    longBurnRate: burnRate(reading.counts(longMs), budget) ?? 0,
    shortBurnRate: burnRate(reading.counts(shortMs), budget) ?? 0,
  }
}
