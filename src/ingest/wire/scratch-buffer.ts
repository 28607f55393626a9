/** A buffer that decoders write into again and again, so that requests cost no memory. */
export class ScratchBuffer {
  readonly #keptBytesMax: number
  #bytes = new Uint8Array(0)

  /** Larger buffers are handed out too, but not kept. */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax
  }

  /** A buffer of at least so many bytes, with whatever was written into it before; the last one taken is void. */
  take(length: number): Uint8Array {
    if (length <= this.#bytes.length) return this.#bytes
    if (length > this.#keptBytesMax) return new Uint8Array(length)
    this.#bytes = new Uint8Array(Math.min(this.#keptBytesMax, Math.ceil(length * 1.25)))
    return this.#bytes
  }
}
