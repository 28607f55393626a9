/**
 * Increments side by side, each the events of (from, to]. They are handed on in arrays because a function that is called for
 * every sample takes numbers with a fraction as objects, which costs more than what it does with them.
 */
export interface Increments {
  readonly fromMs: Float64Array
  readonly toMs: Float64Array
  readonly amounts: Float64Array
}

/** Room for so many increments. */
export function increments(capacity: number): Increments {
  return {
    fromMs: new Float64Array(capacity),
    toMs: new Float64Array(capacity),
    amounts: new Float64Array(capacity),
  }
}

/** Samples of counters side by side: each series by its number; a start is NaN where its sender gave none. */
export interface CounterSamples {
  readonly refs: Int32Array
  readonly timesMs: Float64Array
  readonly values: Float64Array
  readonly startsMs: Float64Array
  readonly hasStarts: boolean
}

/** Some samples of a batch, none of them later than `latest`. */
export interface SampleRange {
  readonly from: number
  readonly to: number
  readonly latest: number
}
