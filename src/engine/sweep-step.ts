import { excessEvidence } from '../core/evidence/ticket-evidence.ts'
import type { AlertState } from '../core/model/alert.ts'
import type { Severity } from '../core/model/slo.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { SweepClass, SweepGate } from './sweep-class.ts'

/** An SLO that must be judged by itself; its evidence of the step may be weighed already. */
export interface LoudSlo {
  readonly compiled: CompiledSlo
  readonly isWeighed: boolean
}

/** A sum of doubles is wrong by less than this share of it; so near to a limit only the exact comparison decides. */
const doubt = 1e-6

/** Below this share of a limit nothing is above it. */
export const leastShare = 1 - doubt

/** Whether bad ÷ total may be above a limit. */
export function isBurning(bad: number, total: number, ratio: number): boolean {
  return bad > 0 && bad >= total * ratio * leastShare
}

/** Whether it is, beyond doubt. */
export function isSurelyBurning(bad: number, total: number, ratio: number): boolean {
  return total > 0 && bad > total * ratio * (1 + doubt)
}

/** The alerts of one SLO in one scope, as bits. */
export const openKind = {
  bits: (severity: Severity, state: AlertState['kind']): number => {
    if (state === 'inactive') return 0
    return (state === 'firing' ? 1 : 2) << (severity === 'page' ? 0 : 2)
  },
  mask: (severity: Severity): number => (severity === 'page' ? 3 : 12),
  /** Whether any alert may change under the plain rule: one that fires on while its rule holds does not. */
  mayMove: (open: number, burns: number, surelyBurns: number, { pageBits, ticketBits }: SweepClass): boolean => {
    if (open === 0) return burns !== 0
    return (
      mayMove(open & 3, burns & pageBits, surelyBurns & pageBits) ||
      mayMove(open >> 2, burns & ticketBits, surelyBurns & ticketBits)
    )
  },
} as const

function mayMove(open: number, burns: number, surelyBurns: number): boolean {
  if (open === 0) return burns !== 0
  return open !== 1 || surelyBurns === 0
}

/** Whether a ticket rule that burns may be more than chance. */
export function ticketMayOpen(
  { rules, budget }: SweepClass,
  { perEvent, ticketStrength }: SweepGate,
  burns: number,
  addEvents: (window: number, sums: { bad: number; total: number }) => void,
): boolean {
  for (const { bit, short, long } of rules) {
    if ((burns & bit) === 0) continue
    for (const window of [long, short]) {
      const sums = { bad: 0, total: 0 }
      addEvents(window, sums)
      const trials = { bad: sums.bad * perEvent, total: sums.total * perEvent }
      if (excessEvidence(trials, budget) > ticketStrength) return true
    }
  }
  return false
}
