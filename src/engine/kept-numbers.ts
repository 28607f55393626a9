/** Room for numbers as they stand at one moment, used again at the next; shared memory is nothing for the collector to look after. */
export class KeptNumbers {
  #numbers: Float64Array = new Float64Array(0)

  /** Makes such room ahead, a little at a time. */
  async reserve(length: number, pause: () => Promise<void>): Promise<void> {
    if (this.#numbers.length >= length) return
    const numbers = emptyRoom(length)
    for (let from = 0; from < numbers.length; from += filledAtOnce) {
      numbers.fill(0, from, from + filledAtOnce)
      await pause()
    }
    this.#numbers = numbers
  }

  /** Room for so many numbers, with anything in it; what was taken before is void. */
  take(length: number): Float64Array {
    if (this.#numbers.length < length) this.#numbers = emptyRoom(length)
    return this.#numbers.subarray(0, length)
  }
}

/** Memory that was never written is given by the system page by page, which takes some milliseconds for so many numbers. */
const filledAtOnce = 512 * 1024

function emptyRoom(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * Math.ceil(length * 1.125)))
}
