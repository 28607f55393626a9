import { type AlertStep, type HoldTimes, stepAlert } from '../core/alerting/alert-machine.ts'
import { exceeds } from '../core/budget/burn-rate.ts'
import { holdMs } from '../core/evidence/hold-level.ts'
import { type AlertId, type AlertState, type FiredRule, isOpen } from '../core/model/alert.ts'
import type { DataReading } from '../core/model/data-reading.ts'
import type { Severity } from '../core/model/slo.ts'
import { isSeen } from '../core/regions/data-state.ts'
import type { AlertStates } from './alert-states.ts'
import type { CompiledRule } from './compiled-slo.ts'
import { darkRegionHeld } from './dark-region.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { firedRule, pageStays, pageToOpen, ticketHeld } from './gated-page.ts'
import type { JudgedReading } from './judged-reading.ts'
import { noteTogether, pageOpened, pageResolved } from './page-openings.ts'
import type { ScopeReading } from './read-scope.ts'
import type { Weighed } from './slo-evidence.ts'

/** An alert whose state changed at this step. */
export interface AlertMove {
  readonly id: AlertId
  readonly step: AlertStep
  /** The rule it fired by. */
  readonly rule: FiredRule
  readonly reading: ScopeReading
  /** When the alert opened. */
  readonly since: number
  /** What it is about when it is about the data itself. */
  readonly data?: DataReading
}

/**
 * Steps the alerts of one SLO in one scope, one per severity, and answers those whose state changed. `isWeighed` where its
 * evidence of the step was weighed already.
 */
export function stepAlerts(
  reading: JudgedReading,
  states: AlertStates,
  gates: EvidenceGates,
  isWeighed = false,
): readonly AlertMove[] {
  const weighed = isWeighed ? gates.look(reading) : gates.weigh(reading, reading.isAssumed === true)
  const heldIn = (judged: ScopeReading, severity: Severity, before: AlertState) =>
    weighed === undefined ? firstRuleHeld(judged, severity) : gatedRuleHeld(judged, severity, before, gates, weighed)
  return stepSeverities(
    reading,
    states,
    weighed,
    (severity, before) => heldIn(reading, severity, before),
    (severity, before) => {
      if (reading.worst !== undefined) return heldIn(reading.worst, severity, before) === undefined
      return reading.isAssumed === true || isKnown(reading)
    },
  )
}

/** The same for a region of which nothing new can be seen, while others go on: only its darkness can open a page. */
export function stepUnseen(reading: ScopeReading, states: AlertStates, gates: EvidenceGates): readonly AlertMove[] {
  const weighed = gates.look(reading)
  if (weighed === undefined) return []
  const heldOf = (severity: Severity, before: AlertState) => {
    if (isOpen(before)) return before.rule
    return severity === 'page' ? darkRegionHeld(reading, gates, weighed) : undefined
  }
  return stepSeverities(reading, states, weighed, heldOf, () => false)
}

/** `endsOf` says whether the end of a condition that does not hold can be told. */
function stepSeverities(
  reading: JudgedReading,
  states: AlertStates,
  weighed: Weighed | undefined,
  heldOf: (severity: Severity, before: AlertState) => FiredRule | undefined,
  endsOf: (severity: Severity, before: AlertState) => boolean,
): readonly AlertMove[] {
  const moves: AlertMove[] = []
  for (const severity of reading.compiled.severities) {
    const id: AlertId = { slo: reading.compiled.id, scope: reading.scope, severity }
    const before: AlertState = states.isQuiet ? { kind: 'inactive' } : states.stateOf(id)
    const held = heldOf(severity, before)
    if (held === undefined && before.kind === 'inactive') continue
    const known = held !== undefined || endsOf(severity, before)
    const step = stepAlert(before, { at: reading.at, held, known }, holdTimes(reading, severity, before))
    if (weighed !== undefined && severity === 'page') noteMove(reading, weighed, step)
    if (step.state === before) continue
    const open = step.state.kind === 'inactive' ? before : step.state
    if (open.kind === 'inactive') continue
    states.draft({ id, state: step.state, service: reading.compiled.slo.service })
    moves.push({ id, step, rule: open.rule, since: open.since, reading: reading.seen ?? reading })
  }
  return moves
}

/** An alert that came again soon after it had resolved stays open for longer. */
function holdTimes({ compiled }: ScopeReading, severity: Severity, before: AlertState): HoldTimes {
  const { policy } = compiled.slo.alerting
  if (compiled.evidence === undefined || severity !== 'page' || !isOpen(before)) return policy
  const heldMs = holdMs(before.rule.evidence?.again ?? 0, compiled.evidence.settings.hold)
  return { forMs: policy.forMs, keepFiringForMs: Math.max(policy.keepFiringForMs, heldMs) }
}

/** What becomes of a page changes what evidence the next one needs. */
function noteMove({ scope, at }: ScopeReading, weighed: Weighed, { state, event }: AlertStep): void {
  if (event === 'fired') pageOpened(weighed, scope, at)
  if (event === 'resolved') pageResolved(weighed, scope, at)
  if (isOpen(state)) noteTogether(weighed)
}

/** Whether the end of a condition can be told: data comes, and some of it fell into the window that ends it. */
function isKnown(reading: ScopeReading): boolean {
  return isSeen(reading.state()) && reading.judgedMs(reading.compiled.alertWindows[0]) > 0
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

/** With evidence, what opens a page is not what keeps it open. */
function gatedRuleHeld(
  reading: ScopeReading,
  severity: Severity,
  before: AlertState,
  gates: EvidenceGates,
  weighed: Weighed,
): FiredRule | undefined {
  if (severity === 'ticket') return ticketHeld(reading, weighed)
  if (!isOpen(before)) return pageToOpen(reading, weighed) ?? darkRegionHeld(reading, gates, weighed)
  // A region that was dark catches up on the time before its page opened.
  if (reading.at <= before.since) return before.rule
  return pageStays(reading, weighed) ? before.rule : undefined
}
