import { openingsKeptMax } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import type { FlappingPolicy } from './incident-policy.ts'

/** The openings that still count, with one more. */
export function withOpening(
  openings: readonly EpochMs[],
  at: EpochMs,
  { withinMs }: FlappingPolicy,
): readonly EpochMs[] {
  return [...openings.filter((one) => at - one < withinMs), at].slice(-openingsKeptMax)
}

/** Whether so many openings lie so close together that they are one disturbance. */
export function flaps(
  openings: readonly EpochMs[],
  now: EpochMs,
  { openings: many, withinMs }: FlappingPolicy,
): boolean {
  return openings.filter((one) => now - one < withinMs).length >= many
}
