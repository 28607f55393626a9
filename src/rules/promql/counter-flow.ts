import type { Selector } from '../../core/model/selector.ts'
import type { DurationMs } from '../../core/model/units.ts'

/** Counters on their way through a PromQL expression: weighted terms, and which series they have been made into. */
export interface CounterFlow {
  readonly kind: 'flow'
  /** None for a vector that is zero, such as `vector(0)`. */
  readonly terms: readonly FlowTerm[]
  readonly grouping: Grouping
}

/** One selector of a sum, with its factor. */
export interface FlowTerm {
  readonly factor: number
  readonly selector: Selector
  readonly measure: FlowMeasure
}

/** What was taken of the counter. */
export interface FlowMeasure {
  readonly taken: 'rate' | 'increase' | 'total'
  /** Over which time; `window` is the placeholder, null goes with `total`. */
  readonly range: DurationMs | 'window' | null
}

/** The labels that the series of a vector still have. */
export interface Grouping {
  readonly kind: 'by' | 'without'
  readonly labels: ReadonlySet<string>
}

/** A number that is known from the text. */
export interface FlowScalar {
  readonly kind: 'scalar'
  readonly value: number
}

/** Why an expression is not a sum of counters, and at which character. */
export interface FlowRefusal {
  readonly kind: 'refused'
  readonly reason: string
  readonly offset: number
}

/** What an expression is worth, or why it is no flow of events. */
export type FlowValue = CounterFlow | FlowScalar | FlowRefusal

/** The series as they are stored: nothing has been summed yet. */
export const eachSeries: Grouping = { kind: 'without', labels: new Set() }

/** One series without labels. */
export const oneSeries: Grouping = { kind: 'by', labels: new Set() }

/** A vector of zeros. */
export function zeroFlow(grouping: Grouping): CounterFlow {
  return { kind: 'flow', terms: [], grouping }
}

/** Every term times the factor; a factor of zero leaves no terms. */
export function scaleFlow({ terms, grouping }: CounterFlow, factor: number): CounterFlow {
  if (factor === 0) return zeroFlow(grouping)
  return { kind: 'flow', terms: terms.map((term) => ({ ...term, factor: term.factor * factor })), grouping }
}

/** The labels left after a sum over series that had those of `inner`. */
export function regroup(inner: Grouping, outer: Grouping): Grouping {
  if (outer.kind === 'by') {
    return by([...outer.labels].filter((label) => inner.labels.has(label) === (inner.kind === 'by')))
  }
  if (inner.kind === 'by') return by([...inner.labels].filter((label) => !outer.labels.has(label)))
  return { kind: 'without', labels: new Set([...inner.labels, ...outer.labels]) }
}

/** Whether series of the two have the same labels. */
export function sameGrouping(one: Grouping, other: Grouping): boolean {
  const isSameSize = one.labels.size === other.labels.size
  return one.kind === other.kind && isSameSize && [...one.labels].every((label) => other.labels.has(label))
}

function by(labels: readonly string[]): Grouping {
  return { kind: 'by', labels: new Set(labels) }
}
