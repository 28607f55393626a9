import { symbolsPerRequestMax } from '../../core/model/limits.ts'

/** The texts of one remote-write 2.0 request, by their number: where each stands in the message. */
export class SymbolTable {
  #starts = new Uint32Array(256)
  #ends = new Uint32Array(256)
  /** How many there are. */
  length = 0

  /** Forgets all of them. */
  clear(): void {
    this.length = 0
  }

  /** Takes one up; false when there are too many. */
  add(start: number, end: number): boolean {
    if (this.length === symbolsPerRequestMax) return false
    if (this.length === this.#starts.length) {
      this.#starts = doubled(this.#starts)
      this.#ends = doubled(this.#ends)
    }
    this.#starts[this.length] = start
    this.#ends[this.length] = end
    this.length++
    return true
  }

  startOf(symbol: number): number {
    return this.#starts[symbol]
  }

  lengthOf(symbol: number): number {
    return this.#ends[symbol] - this.#starts[symbol]
  }

  /** The bytes of a symbol in the message that they stand in. */
  bytesOf(symbol: number, message: Uint8Array): Uint8Array {
    return message.subarray(this.#starts[symbol], this.#ends[symbol])
  }
}

function doubled(from: Uint32Array) {
  const to = new Uint32Array(from.length * 2)
  to.set(from)
  return to
}
