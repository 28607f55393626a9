/** A byte for each of so many SLOs, behind which there is room up to a whole word. */
export function sweepBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(bytesPerWord * Math.ceil(length / bytesPerWord)), 0, length)
}

/** The same with what is known already. */
export function sweepBytesOf(bytes: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const made = sweepBytes(bytes.length)
  made.set(bytes)
  return made
}

/** SLOs whose bytes are looked at at once. */
const bytesPerWord = 4

/** Finds the SLOs for which any of three bytes is set, which are few: four of them are passed over at once. */
export class SetPlaces {
  readonly places: Int32Array
  readonly #bytes: readonly [Uint8Array, Uint8Array, Uint8Array]
  readonly #words: readonly [Int32Array, Int32Array, Int32Array]

  constructor(...bytes: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]) {
    this.#bytes = bytes
    const [a, b, c] = bytes
    this.#words = [new Int32Array(a.buffer), new Int32Array(b.buffer), new Int32Array(c.buffer)]
    this.places = new Int32Array(a.length)
  }

  /** Lists their places as of now, in order, and answers how many there are. */
  list(): number {
    const [a, b, c] = this.#bytes
    const [aWords, bWords, cWords] = this.#words
    const { places } = this
    let count = 0
    for (let word = 0; word < aWords.length; word++) {
      if ((aWords[word] | bWords[word] | cWords[word]) === 0) continue
      const from = word * bytesPerWord
      const to = Math.min(from + bytesPerWord, places.length)
      for (let place = from; place < to; place++) if ((a[place] | b[place] | c[place]) !== 0) places[count++] = place
    }
    return count
  }
}
