import type { WindowLayout } from './window-layout.ts'

const second = 1_000
const hour = 3_600 * second
const day = 24 * hour

/** Width and number of the buckets of each ring, two of them spare. */
const rings = [
  { width: 15 * second, buckets: 242 },
  { width: 60 * second, buckets: 362 },
  { width: 900 * second, buckets: 290 },
  { width: 2 * hour, buckets: 362 },
]

/** Each window is answered from one ring. */
const windows = [
  { length: 300 * second, ring: 0 },
  { length: 1_800 * second, ring: 0 },
  { length: hour, ring: 0 },
  { length: 2 * hour, ring: 1 },
  { length: 6 * hour, ring: 1 },
  { length: day, ring: 2 },
  { length: 3 * day, ring: 2 },
  { length: 30 * day, ring: 3 },
]

/**
 * Rings of increments with one running sum per window: what happened in each bucket, and for each window the sum of the
 * buckets wholly inside it; the bucket that it covers in part is interpolated. A moment before the head cannot be asked.
 */
export class IncrementLayout implements WindowLayout {
  readonly name = 'increments + running sums'
  readonly columns: number
  readonly #counts: Uint32Array[]
  readonly #sums: Float64Array[]
  /** The oldest bucket whole inside each window. */
  readonly #inside: number[]
  #head: number

  constructor(columns: number, start: number) {
    this.columns = columns
    this.#head = start
    this.#counts = rings.map(({ buckets }) => new Uint32Array(buckets * columns))
    this.#sums = windows.map(() => new Float64Array(columns))
    this.#inside = windows.map(({ length, ring }) => Math.ceil((start - length) / rings[ring].width))
  }

  add(column: number, from: number, to: number, amount: number): void {
    const { width } = rings[0]
    let done = 0
    for (let end = Math.floor(from / width) * width + width; done < amount; end += width) {
      const upTo = end >= to ? amount : Math.floor((amount * (end - from)) / (to - from))
      if (upTo > done) this.#addAt(column, end - width, upTo - done)
      done = upTo
    }
  }

  advanceTo(at: number): void {
    while (this.#head < at) this.#advance()
  }

  windowCounts(at: number, windowMs: number, out: Float64Array): void {
    if (at !== this.#head) throw new Error('running sums answer for the head alone')
    const window = windows.findIndex(({ length }) => length === windowMs)
    const { width, buckets } = rings[windows[window].ring]
    const sums = this.#sums[window]
    const share = (this.#inside[window] * width - (at - windowMs)) / width
    if (share === 0) {
      out.set(sums)
      return
    }
    const counts = this.#counts[windows[window].ring]
    const tail = ((this.#inside[window] - 1) % buckets) * this.columns
    for (let column = 0; column < this.columns; column++) out[column] = sums[column] + share * counts[tail + column]
  }

  bytes(): number {
    return [...this.#counts, ...this.#sums].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  #addAt(column: number, time: number, amount: number): void {
    for (let ring = 0; ring < rings.length; ring++) {
      const { width, buckets } = rings[ring]
      const bucket = Math.floor(time / width)
      if (bucket > Math.floor((this.#head - 1) / width) - buckets) {
        this.#counts[ring][(bucket % buckets) * this.columns + column] += amount
      }
    }
    for (let window = 0; window < windows.length; window++) {
      const { width } = rings[windows[window].ring]
      if (Math.floor(time / width) >= this.#inside[window]) this.#sums[window][column] += amount
    }
  }

  #advance(): void {
    const before = this.#head
    this.#head = before + rings[0].width
    for (const [ring, { width, buckets }] of rings.entries()) {
      if (before % width !== 0) continue
      const fresh = ((before / width) % buckets) * this.columns
      this.#counts[ring].fill(0, fresh, fresh + this.columns)
    }
    for (let window = 0; window < windows.length; window++) {
      const { length, ring } = windows[window]
      const inside = Math.ceil((this.#head - length) / rings[ring].width)
      if (inside > this.#inside[window]) this.#leave(window, inside)
    }
  }

  #leave(window: number, inside: number): void {
    const { buckets } = rings[windows[window].ring]
    const counts = this.#counts[windows[window].ring]
    const sums = this.#sums[window]
    for (let bucket = this.#inside[window]; bucket < inside; bucket++) {
      const start = (bucket % buckets) * this.columns
      for (let column = 0; column < this.columns; column++) sums[column] -= counts[start + column]
    }
    this.#inside[window] = inside
  }
}
