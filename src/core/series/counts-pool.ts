/** Arrays kept of each kind: as many as a history gives back before it takes some again. */
const keptMax = 8

/**
 * Room for the counts of rows, used again and again. It lies in shared memory, of which the collector of garbage takes no notice:
 * rows are gigabytes that live for a month, and looking through everything else for each of them would be dear.
 */
export class CountsPool {
  #length = 0
  #wide: Float64Array[] = []
  #small: Uint32Array[] = []

  /** Arrays are so long from now on; what is of another length is not kept. */
  setLength(length: number): void {
    if (length === this.#length) return
    this.#length = length
    this.#wide = []
    this.#small = []
  }

  /** Room for doubles, with anything in it. */
  takeWide(): Float64Array {
    return this.#wide.pop() ?? new Float64Array(new SharedArrayBuffer(8 * this.#length))
  }

  /** Room for small counts, with anything in it. */
  takeSmall(): Uint32Array {
    return this.#small.pop() ?? new Uint32Array(new SharedArrayBuffer(4 * this.#length))
  }

  /** Takes back what nobody reads any more. */
  give(counts: Float64Array | Uint32Array | undefined): void {
    if (counts === undefined || counts.length !== this.#length) return
    if (counts instanceof Uint32Array) {
      if (this.#small.length < keptMax) this.#small.push(counts)
    } else if (this.#wide.length < keptMax) this.#wide.push(counts)
  }
}
