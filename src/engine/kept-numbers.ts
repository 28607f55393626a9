/** Room for numbers as they stand at one moment, used again at the next; shared memory is nothing for the collector to look after. */
export class KeptNumbers {
  #numbers: Float64Array = new Float64Array(0)

  /** Room for so many numbers, with anything in it; what was taken before is void. */
  take(length: number): Float64Array {
    if (this.#numbers.length < length) {
      const room = Math.ceil(length * 1.125)
      // Memory that was never written is given by the system page by page: that is waited for here, once.
      this.#numbers = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * room)).fill(0)
    }
    return this.#numbers.subarray(0, length)
  }
}
