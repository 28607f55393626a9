/** A list of more would take longer to go through than storing all rows anew. */
const clearedMax = 16_384

/**
 * Which columns were cleared, and which rows were stored before that: those need not be stored again for it, since whoever reads
 * them back clears the column in them.
 */
export class ClearedColumns {
  #columns: number[] = []
  /** How many were cleared before the first in the list. */
  #forgotten = 0

  /** How many columns were cleared so far. */
  get count(): number {
    return this.#forgotten + this.#columns.length
  }

  /** Whether there are too many to be remembered: all rows are to be stored again. */
  get isFull(): boolean {
    return this.#columns.length > clearedMax
  }

  add(column: number): void {
    this.#columns.push(column)
  }

  /** Forgets those that all rows were stored after. */
  forgetBefore(count: number): void {
    if (count <= this.#forgotten) return
    this.#columns = this.#columns.slice(count - this.#forgotten)
    this.#forgotten = count
  }

  /** Clears in counts what was cleared after they were stored. */
  applyTo(counts: Float64Array | Uint32Array, savedAfter: number): void {
    for (let index = Math.max(0, savedAfter - this.#forgotten); index < this.#columns.length; index++) {
      const column = this.#columns[index]
      if (column < counts.length) counts[column] = 0
    }
  }

  /** As numbers for a checkpoint. */
  toNumbers(): Float64Array {
    return Float64Array.from([this.#forgotten, ...this.#columns])
  }

  /** Puts back what `toNumbers` gave. */
  restore([forgotten = 0, ...columns]: Iterable<number>): void {
    this.#forgotten = forgotten
    this.#columns = columns
  }
}
