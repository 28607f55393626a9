/** Counts as they stand at one moment, to be stored later: whatever is changed meanwhile is changed in a copy. */
export interface BaseContent {
  readonly id: number
  readonly counts: Float64Array
  /** Told that it was stored, so that changes need no copy any more. */
  readonly release: () => void
}

/** The running totals that many small rows stand on: each holds what was counted since. */
export class RowBase {
  /** Never given twice in one history. */
  readonly id: number
  /** Changed since the last checkpoint. */
  dirty = true
  /** How many columns had been cleared when it was stored last. */
  savedAfter = 0
  #counts: Float64Array
  #content: BaseContent | undefined

  constructor(id: number, counts: Float64Array) {
    this.id = id
    this.#counts = counts
  }

  /** May be shorter than the rows: columns that came later stood at zero. */
  get counts(): Float64Array {
    return this.#counts
  }

  /** As it stands now, whatever comes. */
  content(): BaseContent {
    const content: BaseContent = {
      id: this.id,
      counts: this.#counts,
      release: () => {
        if (this.#content === content) this.#content = undefined
      },
    }
    this.#content = content
    return content
  }

  /** Forgets what a column counted. */
  clear(column: number): void {
    if (column >= this.#counts.length) return
    if (this.#content !== undefined) this.#counts = this.#counts.slice()
    this.#content = undefined
    this.#counts[column] = 0
  }

  /** Makes room for more columns. */
  reserve(capacity: number): void {
    if (capacity <= this.#counts.length) return
    const counts = new Float64Array(capacity)
    counts.set(this.#counts)
    this.#counts = counts
    this.#content = undefined
  }
}
