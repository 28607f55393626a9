/** An unsigned number of eight bytes; exact up to 2^53. */
export function unsignedAt(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true)
}

/** A signed number of eight bytes; exact up to ±2^53. */
export function signedAt(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true)
}

/** Whole milliseconds of a time in nanoseconds, exactly: 2^32 ns are 4294 ms and 967296 ns. */
export function millisAt(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true)
  return high * 4_294 + Math.floor((high * 967_296 + view.getUint32(at, true)) / 1_000_000)
}

/** Whether one unsigned number of eight bytes is less than another, exactly. */
export function isBefore(view: DataView, a: number, b: number): boolean {
  const highA = view.getUint32(a + 4, true)
  const highB = view.getUint32(b + 4, true)
  return highA < highB || (highA === highB && view.getUint32(a, true) < view.getUint32(b, true))
}

/** Reads times in milliseconds, and remembers the last one. */
export class TimeReader {
  #low = 0
  #high = 0
  #millis = 0

  read(view: DataView, at: number): number {
    const low = view.getInt32(at, true)
    const high = view.getInt32(at + 4, true)
    if (low !== this.#low || high !== this.#high) {
      this.#low = low
      this.#high = high
      this.#millis = millisAt(view, at)
    }
    return this.#millis
  }
}
