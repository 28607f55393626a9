import { type Exclusion, type ExclusionSubject, matchesSubject } from '../model/exclusion.ts'
import { globalScope } from '../model/slo.ts'
import type { EpochMs } from '../model/units.ts'
import { isWithin } from '../time/exclusion-spans.ts'

/**
 * The maintenance by which nobody is told of an alert now; undefined where somebody is. Maintenance of one region mutes no global
 * alert.
 */
export function mutedBy(
  exclusions: readonly Exclusion[],
  { slo, service, region }: ExclusionSubject,
  at: EpochMs,
): Exclusion | undefined {
  const subject = { slo, service, region: region === globalScope ? undefined : region }
  return exclusions.find((one) => one.mute && matchesSubject(one, subject) && isWithin(one.schedule, at))
}
