import type { Formula } from './formula.ts'
import type { CounterExpression, Selector } from './selector.ts'
import type { DurationMs } from './units.ts'

/** What counts as good and bad. Every form a rule file knows becomes one of these. */
export type Indicator = EventsIndicator | ThresholdIndicator | SlicesIndicator | CompositeIndicator | QueryIndicator

/** `ratio`, `latency` on buckets and `expression`: events of a window computed from counters of that window. */
export interface EventsIndicator {
  readonly kind: 'events'
  readonly signals: readonly Signal[]
  /** Over the sums of the signals, in their order. */
  readonly bad: Formula
  readonly total: Formula
}

/** One counter expression an SLO needs, in each region. */
export interface Signal {
  readonly name: string
  readonly counters: CounterExpression
}

/** `threshold`: a gauge that is good while a condition holds; the events are the covered milliseconds. */
export interface ThresholdIndicator {
  readonly kind: 'threshold'
  readonly metric: Selector
  /** How the series of one region make one value. */
  readonly combine: 'max' | 'min' | 'mean' | 'sum'
  /** A condition on signal 0, the combined value. */
  readonly good: Formula
}

/** `timeSlices`: each slice of time is good or bad as a whole; the events are the slices that had events. */
export interface SlicesIndicator {
  readonly kind: 'slices'
  readonly sliceMs: DurationMs
  readonly signals: readonly Signal[]
  /** A condition for `slices`; for `ratio-slices` the good share of the slice, a number in [0, 1]. */
  readonly good: Formula
  readonly method: 'slices' | 'ratio-slices'
}

/** `composite`: made of other SLOs. */
export interface CompositeIndicator {
  readonly kind: 'composite'
  readonly combine: 'weighted' | 'worst' | 'all'
  readonly of: readonly { readonly slo: string; readonly weight: number }[]
}

/** `query`: PromQL asked of the region's Prometheus-compatible API; `$window` stands for the range. */
export interface QueryIndicator {
  readonly kind: 'query'
  readonly given: 'bad' | 'good' | 'error-ratio'
  /** bad or good events; or the share of bad events, where no counts can be had. */
  readonly query: string
  readonly total: string | null
}
