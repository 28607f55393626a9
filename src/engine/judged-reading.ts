import { defaultDataPolicy } from '../core/model/slo.ts'
import type { CountBounds } from '../core/regions/count-bounds.ts'
import { isSeen } from '../core/regions/data-state.ts'
import type { ScopeReading } from './read-scope.ts'

/**
 * The reading by which alerts are judged, where a part of the data cannot be seen: the SLO's policy says what that part is
 * taken to be. `worst` is what must not burn either before an alert may end; undefined where that is the same.
 */
export function judged(reading: ScopeReading): JudgedReading {
  if (reading.isWhole()) return reading
  const { unseen } = reading.compiled.slo.data ?? defaultDataPolicy
  const state = reading.state()
  // Without a region that can be seen there is nothing to judge by, unless the SLO says what unseen data is.
  const isPartlySeen = isSeen(state) || state === 'partial'
  const take = (which: keyof CountBounds): ScopeReading => ({
    ...reading,
    counts: (windowMs) => reading.bounds(windowMs)[which],
  })
  if (unseen === 'ignore') return isPartlySeen ? { ...reading, state: () => 'ok', seen: reading } : reading
  if (unseen === 'hold') return { ...take('best'), seen: reading, ...(isPartlySeen ? { worst: take('worst') } : {}) }
  return { ...take(unseen === 'bad' ? 'worst' : 'best'), state: () => 'ok', isAssumed: true, seen: reading }
}

/** A reading under the policy for data that cannot be seen. */
export interface JudgedReading extends ScopeReading {
  /** What was really seen. */
  readonly seen?: ScopeReading
  readonly worst?: ScopeReading
  /** The policy says what unseen data is, so that the end of a condition can be told without it. */
  readonly isAssumed?: boolean
}
