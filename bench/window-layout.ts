/** What a layout of event counts must be able to do; `column` is one signal of one SLO in one region. */
export interface WindowLayout {
  readonly name: string
  /** Adds events spread evenly over (from, to], which is not after the head. */
  add(column: number, from: number, to: number, amount: number): void
  /** Moves the head, which is a multiple of the step. */
  advanceTo(at: number): void
  /** Fills `out` with the events of every column in (at − window, at]. */
  windowCounts(at: number, windowMs: number, out: Float64Array): void
  /** Bytes of all its arrays. */
  bytes(): number
}
