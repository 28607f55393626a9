import { joined, lengthOf } from '../../core/budget/excluded-spans.ts'
import type { Exclusion } from '../../core/model/exclusion.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { exclusionSpans } from '../../core/time/exclusion-spans.ts'
import type { ExclusionLine } from './report.ts'
import type { ReportExclusion } from './report-input.ts'

/** What was declared or left out within (from, to], the longest first; what was taken back stands among it. */
export function exclusionLines(
  exclusions: readonly ReportExclusion[],
  from: EpochMs,
  to: EpochMs,
): readonly ExclusionLine[] {
  return exclusions
    .flatMap(({ exclusion, removed }) => {
      const spans = joined(exclusionSpans(exclusion.schedule, from, to), from, to)
      if (spans.length === 0) return []
      const { id, author, reason } = exclusion
      const line = { id, author, reason, about: aboutOf(exclusion), lengthMs: lengthOf(spans), times: spans.length }
      return [{ ...line, effect: effectOf(exclusion), isTakenBack: removed !== null }]
    })
    .sort((a, b) => b.lengthMs - a.lengthMs || (a.id < b.id ? -1 : 1))
}

function aboutOf({ matches }: Exclusion): string {
  const words = [matches.slos, matches.services, matches.regions].flatMap((names) =>
    names.length > 0 ? [names.join(', ')] : [],
  )
  return words.length === 0 ? 'everything' : words.join(' · ')
}

function effectOf({ mute, excludeFromBudget }: Exclusion): string {
  if (excludeFromBudget) return mute ? 'not counted, nobody told' : 'not counted'
  return mute ? 'counted, nobody told' : 'none'
}
