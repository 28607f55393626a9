/** Byte strings one after the other in one buffer, known by their number from 0 on. */
export class KeyArena {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  /** Where each key starts, and behind the last one where it ends. */
  #starts = new Uint32Array(16)
  #length = 0
  /** The buffer last compared with, so that its view is made once per request. */
  #other: Uint8Array = this.#bytes
  #otherView: DataView = this.#view

  /** How many keys there are. */
  get length(): number {
    return this.#length
  }

  get byteLength(): number {
    return this.#bytes.byteLength + this.#starts.byteLength
  }

  lengthOf(key: number): number {
    return this.#starts[key + 1] - this.#starts[key]
  }

  /** The bytes of a key; void as soon as another is added. */
  bytesOf(key: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[key], this.#starts[key + 1])
  }

  /** Copies bytes in as a new key; answers its number. */
  push(bytes: Uint8Array, start: number, end: number): number {
    const key = this.#length
    const at = this.#starts[key]
    this.#reserve(at + end - start)
    this.#bytes.set(bytes.subarray(start, end), at)
    this.#length = key + 1
    this.#starts[key + 1] = at + end - start
    return key
  }

  /** Copies a key of another arena. */
  pushFrom(other: KeyArena, key: number): number {
    return this.push(other.#bytes, other.#starts[key], other.#starts[key + 1])
  }

  /** Whether the bytes from `at` on begin with a key; as many as it has must be there. */
  equals(key: number, bytes: Uint8Array, at: number): boolean {
    // As signed numbers, which the buffer is far too short for to matter, positions stay integers in compiled code.
    const start = this.#starts[key] | 0
    const length = ((this.#starts[key + 1] | 0) - start) | 0
    const view = this.#view
    const other = this.#viewOf(bytes)
    const shift = (at - start) | 0
    const end = (start + length) | 0
    let index = start
    // Words compare four times as fast as bytes, and four without a branch in between faster still.
    for (; index + 16 <= end; index += 16) {
      const there = (index + shift) | 0
      const first = view.getInt32(index, true) ^ other.getInt32(there, true)
      const second = view.getInt32(index + 4, true) ^ other.getInt32(there + 4, true)
      const third = view.getInt32(index + 8, true) ^ other.getInt32(there + 8, true)
      const fourth = view.getInt32(index + 12, true) ^ other.getInt32(there + 12, true)
      if ((first | second | third | fourth) !== 0) return false
    }
    for (; index + 4 <= end; index += 4) {
      if (view.getInt32(index, true) !== other.getInt32(index + shift, true)) return false
    }
    for (; index < end; index++) if (this.#bytes[index] !== bytes[index + shift]) return false
    return true
  }

  /** A 32-bit hash of bytes, mixed word by word in the manner of FNV-1a and stirred at the end. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    const view = this.#viewOf(bytes)
    let hash = 0x811c_9dc5 ^ (end - start)
    let index = start
    for (; index + 4 <= end; index += 4) {
      hash = Math.imul(hash ^ view.getInt32(index, true), 0x9e37_79b1)
      hash ^= hash >>> 15
    }
    for (; index < end; index++) hash = Math.imul(hash ^ bytes[index], 0x0100_0193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
    return hash ^ (hash >>> 13)
  }

  /** Lets go of the buffer last compared with. */
  release(): void {
    this.#other = this.#bytes
    this.#otherView = this.#view
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#other) {
      this.#other = bytes
      this.#otherView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    return this.#otherView
  }

  #reserve(bytes: number): void {
    if (bytes > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(bytes, Math.ceil(this.#bytes.length * 1.5)))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    if (this.#length + 2 > this.#starts.length) {
      const starts = new Uint32Array(this.#starts.length * 2)
      starts.set(this.#starts)
      this.#starts = starts
    }
  }
}
