import { excludedSpans } from '../core/budget/excluded-spans.ts'
import type { Exclusion, ExclusionSubject, Span } from '../core/model/exclusion.ts'
import { matchesSubject } from '../core/model/exclusion.ts'
import { exclusionEdgesKeptMax } from '../core/model/limits.ts'
import { dayMs, type EpochMs } from '../core/model/units.ts'
import { alignDown, alignUp } from '../core/time/alignment.ts'
import { exclusionSpans } from '../core/time/exclusion-spans.ts'

/** The exclusions in force, as reading counts asks for them. */
export class ExclusionsInForce {
  #all: readonly Exclusion[] = []
  #fromBudget: readonly Exclusion[] = []
  #fromAlerts: readonly Exclusion[] = []
  /** Changes with the exclusions, so that what was computed from them can be told from what is out of date. */
  version = 0
  /** Calendars are slow, and every SLO asks for the edges of the same few days. */
  readonly #edges = new Map<Exclusion, { readonly from: EpochMs; readonly to: EpochMs; readonly at: EpochMs[] }>()

  get all(): readonly Exclusion[] {
    return this.#all
  }

  set(exclusions: readonly Exclusion[]): void {
    this.#all = exclusions
    this.#fromBudget = exclusions.filter(({ excludeFromBudget }) => excludeFromBudget)
    this.#fromAlerts = this.#fromBudget.filter(({ mute }) => mute)
    this.version++
    this.#edges.clear()
  }

  /** Whether anything is muted and left out of the budget at once, so that alert windows may lack a part. */
  get muteAnything(): boolean {
    return this.#fromAlerts.length > 0
  }

  /** Spans within [from, to) whose events do not count towards the budget. */
  budgetSpans(subjects: readonly ExclusionSubject[], from: EpochMs, to: EpochMs): readonly Span[] {
    return this.#fromBudget.length === 0 ? none : excludedSpans(this.#fromBudget, subjects, from, to)
  }

  /**
   * Spans within [from, to) that no alert window holds either: those that are muted as well. What is only taken out of the
   * budget may still burn, and what is only muted still counts.
   */
  alertSpans(subjects: readonly ExclusionSubject[], from: EpochMs, to: EpochMs): readonly Span[] {
    return this.#fromAlerts.length === 0 ? none : excludedSpans(this.#fromAlerts, subjects, from, to)
  }

  /** The exclusions that leave something of one of these out of a budget within [from, to), for reports to name. */
  named(subjects: readonly ExclusionSubject[], from: EpochMs, to: EpochMs): readonly Exclusion[] {
    const touching = this.#fromBudget.filter((one) => subjects.some((subject) => touches(one, subject)))
    return touching.filter(({ schedule }) => exclusionSpans(schedule, from, to).length > 0)
  }

  /** The moments around (from, to] at which something begins or ends not to count for a subject, in order. */
  cuts(subject: ExclusionSubject, from: EpochMs, to: EpochMs): readonly EpochMs[] {
    if (this.#fromBudget.length === 0) return noEdges
    const own = this.#fromBudget.filter((one) => matchesSubject(one, subject))
    return [...new Set(own.flatMap((one) => this.#edgesOf(one, from, to)))].sort((a, b) => a - b)
  }

  /** The moments within (from, to] at which something begins or ends to be excluded: rows there keep budgets exact. */
  edges(from: EpochMs, to: EpochMs): ReadonlySet<EpochMs> {
    const spans = this.#fromBudget.flatMap(({ schedule }) => exclusionSpans(schedule, from, to))
    const edges = [...new Set(spans.flatMap((span) => [span.from, span.to]))].sort((a, b) => b - a)
    return new Set(edges.slice(0, exclusionEdgesKeptMax))
  }

  #edgesOf(exclusion: Exclusion, from: EpochMs, to: EpochMs): readonly EpochMs[] {
    const known = this.#edges.get(exclusion)
    if (known !== undefined && known.from <= from && known.to >= to) return known.at
    const found = { from: alignDown(from, dayMs), to: alignUp(to, dayMs) + dayMs }
    const spans = exclusionSpans(exclusion.schedule, found.from, found.to)
    const at = spans.flatMap((span) => [span.from, span.to]).slice(-exclusionEdgesKeptMax)
    this.#edges.set(exclusion, { ...found, at })
    return at
  }
}

const none: readonly Span[] = []
const noEdges: readonly EpochMs[] = []

/** Of the global scope, an exclusion of one region leaves out that region's part. */
function touches(exclusion: Exclusion, subject: ExclusionSubject): boolean {
  if (subject.region !== undefined) return matchesSubject(exclusion, subject)
  return matchesSubject({ ...exclusion, matches: { ...exclusion.matches, regions: [] } }, subject)
}
