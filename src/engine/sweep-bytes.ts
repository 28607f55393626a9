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
export const bytesPerWord = 4

/** The bytes of `sweepBytes` in words: a word of 0 says that nothing is set for any of those SLOs. */
export function wordsOf({ buffer }: Uint8Array<ArrayBuffer>): Int32Array {
  return new Int32Array(buffer)
}
