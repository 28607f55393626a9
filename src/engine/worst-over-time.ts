import { type EventCounts, noEvents } from '../core/model/counts.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CombineCounts } from '../core/regions/combine-regions.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { ScopeReading } from './read-scope.ts'

/**
 * The worst of several members over a stretch of time in which objectives changed: each part of it is measured against the
 * budgets of its time. Windows of burn rates go by the budgets of their end.
 */
export function worstOverTime(
  reading: ScopeReading,
  members: readonly ScopeReading[],
  combineAt: (at: EpochMs) => CombineCounts,
): ScopeReading {
  const changes = [reading, ...members].flatMap(({ compiled }) => changesOf(compiled)).sort((a, b) => a - b)
  if (changes.length === 0) return reading
  const inParts = (from: EpochMs, to: EpochMs, of: (member: ScopeReading, a: EpochMs, b: EpochMs) => EventCounts) => {
    const ends = [...new Set(changes.filter((at) => at > from && at < to)), to]
    return ends.reduce((sum, end, index) => {
      const start = ends[index - 1] ?? from
      const { bad, total } = combineAt(end)(members.map((member) => of(member, start, end)))
      return { bad: sum.bad + bad, total: sum.total + total }
    }, noEvents)
  }
  return {
    ...reading,
    between: (from, to) => inParts(from, to, (member, a, b) => member.between(a, b)),
    charged: (from, to) => inParts(from, to, (member, a, b) => member.charged(a, b)),
  }
}

function changesOf({ slo }: CompiledSlo): readonly EpochMs[] {
  return slo.pastObjectives.map(({ until }) => until)
}
