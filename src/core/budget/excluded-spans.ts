import type { Exclusion, ExclusionSubject, Span } from '../model/exclusion.ts'
import { matchesSubject } from '../model/exclusion.ts'
import type { EpochMs } from '../model/units.ts'
import { exclusionSpans } from '../time/exclusion-spans.ts'

/** The stretches within [from, to) that do not count for a subject, in order, none touching another. */
export function excludedSpans(
  exclusions: readonly Exclusion[],
  subjects: readonly ExclusionSubject[],
  from: EpochMs,
  to: EpochMs,
): readonly Span[] {
  const spans = exclusions
    .filter((exclusion) => exclusion.excludeFromBudget && subjects.some((one) => matchesSubject(exclusion, one)))
    .flatMap(({ schedule }) => exclusionSpans(schedule, from, to))
  return joined(spans, from, to)
}

/** Overlapping stretches become one, cut to [from, to). */
export function joined(spans: readonly Span[], from: EpochMs, to: EpochMs): readonly Span[] {
  const cut = spans
    .map((span) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from)
  const joint: { from: EpochMs; to: EpochMs }[] = []
  for (const span of cut) {
    const last = joint.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joint.push({ ...span })
  }
  return joint
}

/** What is left of [from, to) without some spans, which are in order, none touching another. */
export function spansBetween(spans: readonly Span[], from: EpochMs, to: EpochMs): readonly Span[] {
  const ends = [...spans.map((span) => span.from), to]
  return ends
    .map((end, index) => ({ from: index === 0 ? from : spans[index - 1].to, to: end }))
    .filter((span) => span.from < span.to)
}

/** How much of a stretch is excluded. */
export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0)
}
