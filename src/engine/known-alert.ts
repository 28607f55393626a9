import type { AlertId } from '../core/model/alert.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Counting } from './counting.ts'
import { readScope } from './read-scope.ts'

/**
 * Whether the data that an alert fires by is seen at a moment, at least in part. Alerts about the data itself are always known,
 * and so is all of a replay, whose clock says nothing.
 */
export function isKnownAt(counting: Counting, { slo, scope, cause }: AlertId, now: EpochMs): boolean {
  const compiled = counting.slos.get(slo)
  if (cause !== undefined || compiled === undefined || !Number.isFinite(now)) return true
  const state = readScope(counting, compiled, scope, now).state()
  return state !== 'stale' && state !== 'no-data'
}
