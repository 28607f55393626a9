/** Some neighbouring cells of rows as they were before they were changed; `apart` is the distance from one cell of a row to the next. */
export class RowsBefore {
  readonly #width: number
  readonly #apart: number
  #count = 0
  #bases = new Int32Array(0)
  #before = new Float64Array(0)

  constructor(width: number, apart: number) {
    this.#width = width
    this.#apart = apart
  }

  /** Keeps the cells from `base` on. */
  note(cells: Float64Array, base: number): void {
    if (this.#count === this.#bases.length) this.#grow()
    const width = this.#width
    const apart = this.#apart
    const before = this.#before
    const from = this.#count * width
    this.#bases[this.#count++] = base
    for (let cell = 0; cell < width; cell++) before[from + cell] = cells[base + cell * apart]
  }

  /** What was kept is not needed any more. */
  clear(): void {
    this.#count = 0
  }

  /** Writes all that was kept where it was: of cells that were kept twice, what was kept first. */
  putBack(cells: Float64Array): void {
    const width = this.#width
    for (let place = this.#count - 1; place >= 0; place--) {
      const base = this.#bases[place]
      for (let cell = 0; cell < width; cell++) cells[base + cell * this.#apart] = this.#before[place * width + cell]
    }
  }

  #grow(): void {
    const length = Math.max(64, 2 * this.#bases.length)
    const bases = new Int32Array(length)
    bases.set(this.#bases)
    this.#bases = bases
    const before = new Float64Array(length * this.#width)
    before.set(this.#before)
    this.#before = before
  }
}
