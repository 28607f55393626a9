/** Parts begin at multiples of this, so that any numbers can be put into them. */
const alignedTo = 8

/** More than the parts of so many writes is never waited for. */
const writesHeld = 3

/**
 * Memory that large parts are made in, one behind the other and from the beginning again: they are as many as gigabytes take, and
 * each is good only until it is written.
 */
export class PartRoom {
  readonly #bytesPerWrite: number
  #bytes = new Uint8Array(0)
  #end = 0

  /** What is made within `bytesPerWrite`, and the part that goes beyond it, is good until the next is. */
  constructor(bytesPerWrite: number) {
    this.#bytesPerWrite = bytesPerWrite
  }

  /** Room for a part, with anything in it. */
  take(length: number): Uint8Array {
    const wanted = writesHeld * (this.#bytesPerWrite + length)
    // Parts made before stay where they are.
    if (this.#bytes.length < wanted) this.#bytes = new Uint8Array(wanted)
    let start = Math.ceil(this.#end / alignedTo) * alignedTo
    if (start + length > this.#bytes.length) start = 0
    this.#end = start + length
    return this.#bytes.subarray(start, start + length)
  }
}
