import type { WindowLayout } from './window-layout.ts'

const second = 1_000
const hour = 3_600 * second

/** Distance and number of the rows of each ring: as far back as its longest window, and two spare. */
const rings = [
  { width: 15 * second, rows: 242 },
  { width: 60 * second, rows: 362 },
  { width: 900 * second, rows: 290 },
  { width: 2 * hour, rows: 362 },
]

/**
 * Rings of running totals: a window is the newest row minus the one at its start, snapped to the finest ring that
 * reaches back so far. Nothing is interpolated and nothing thinned: the barest form of the layout.
 */
export class CumulativeLayout implements WindowLayout {
  readonly name = 'cumulative rings, snapped'
  readonly columns: number
  readonly #rings: Float64Array[][]
  readonly #latest: Float64Array
  #head: number

  constructor(columns: number, start: number) {
    this.columns = columns
    this.#head = start
    this.#latest = new Float64Array(columns)
    this.#rings = rings.map(({ rows }) => Array.from({ length: rows }, () => new Float64Array(columns)))
  }

  add(column: number, from: number, to: number, amount: number): void {
    this.#latest[column] += amount
    for (let ring = 0; ring < rings.length; ring++) {
      const { width, rows } = rings[ring]
      const last = Math.floor(this.#head / width)
      for (let row = last; row > last - rows && row * width > from; row--) {
        const share = row * width >= to ? amount : Math.floor((amount * (row * width - from)) / (to - from))
        this.#rings[ring][row % rows][column] += share
      }
    }
  }

  advanceTo(at: number): void {
    while (this.#head < at) {
      this.#head += rings[0].width
      for (const [ring, { width, rows }] of rings.entries()) {
        if (this.#head % width === 0) this.#rings[ring][(this.#head / width) % rows].set(this.#latest)
      }
    }
  }

  windowCounts(at: number, windowMs: number, out: Float64Array): void {
    const end = this.#rowAt(at)
    const start = this.#rowAt(at - windowMs)
    for (let column = 0; column < this.columns; column++) out[column] = end[column] - start[column]
  }

  bytes(): number {
    return rings.reduce((sum, { rows }) => sum + 8 * rows * this.columns, 8 * this.columns)
  }

  #rowAt(at: number): Float64Array {
    const ring = rings.findIndex(({ width, rows }) => at > this.#head - (rows - 1) * width)
    const { width, rows } = rings[ring]
    return this.#rings[ring][Math.round(at / width) % rows]
  }
}
