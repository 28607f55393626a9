import type { Exclusion, ExclusionSubject } from '../model/exclusion.ts'
import { matchesSubject } from '../model/exclusion.ts'
import { globalScope } from '../model/slo.ts'
import type { EpochMs } from '../model/units.ts'
import { isWithin } from '../time/exclusion-spans.ts'

/** The maintenance by which nobody is told of an alert now; undefined where somebody is. */
export function mutedBy(
  exclusions: readonly Exclusion[],
  { slo, service, region }: ExclusionSubject,
  at: EpochMs,
): Exclusion | undefined {
  const subject = { slo, service, region: region === globalScope ? undefined : region }
  return exclusions.find((one) => one.mute && matchesSubject(one, subject) && isWithin(one.schedule, at))
}

/** Whether maintenance keeps an alert of an SLO in a region from being told. Maintenance of one region mutes no global alert. */
export function isMuted(exclusions: readonly Exclusion[], subject: ExclusionSubject, at: EpochMs): boolean {
  return mutedBy(exclusions, subject, at) !== undefined
}
