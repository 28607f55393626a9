import { staleAfterMaxMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'

/** How far one scope was evaluated and how far it may be. */
export interface ScopeProgress {
  /** The last step evaluated. */
  readonly evaluatedAt: EpochMs
  /** The last step for which all data is there. */
  readonly readyAt: EpochMs
}

/** One moment and the regions to evaluate at it; the global scope comes after its regions. */
export interface Step {
  readonly at: EpochMs
  readonly regions: readonly string[]
  readonly global: boolean
  /** Whether it is looked at, too, whether data can be seen at all. */
  readonly data?: boolean
}

/**
 * The steps that have become due, in event time and in order. A region that was behind catches up step by step, so
 * that what is decided depends on the data and not on when it arrived. At most `stepsMax` steps of each scope are
 * answered, the rest is due next time: a region that catches up on days holds up no other.
 */
export function dueSteps(
  regions: ReadonlyMap<string, ScopeProgress>,
  global: ScopeProgress | undefined,
  stepMs: DurationMs,
  stepsMax: number,
): readonly Step[] {
  const steps = new Map<EpochMs, { regions: string[]; global: boolean }>()
  const stepAt = (at: EpochMs) => {
    const known = steps.get(at) ?? { regions: [], global: false }
    steps.set(at, known)
    return known
  }
  for (const [region, progress] of regions) {
    for (const at of stepsOf(progress, stepMs, stepsMax)) stepAt(at).regions.push(region)
  }
  for (const at of global === undefined ? [] : stepsOf(global, stepMs, stepsMax)) stepAt(at).global = true
  return [...steps].sort(([a], [b]) => a - b).map(([at, due]) => ({ at, ...due }))
}

/**
 * The global scope is ready where every region is. A region that has fallen too far behind the others is not waited
 * for: the global scope goes on without it, and says that it is partial.
 */
export function globalReadyAt(regionsReadyAt: Iterable<EpochMs>): EpochMs | undefined {
  const ready = [...regionsReadyAt]
  if (ready.length === 0) return undefined
  const newest = ready.reduce((a, b) => Math.max(a, b))
  return ready.filter((at) => at >= newest - staleAfterMaxMs).reduce((a, b) => Math.min(a, b))
}

function* stepsOf({ evaluatedAt, readyAt }: ScopeProgress, stepMs: DurationMs, stepsMax: number): Iterable<EpochMs> {
  let count = 0
  for (let at = evaluatedAt + stepMs; at <= readyAt && count < stepsMax; at += stepMs, count++) yield at
}
