import { staleAfterMaxMs, staleAfterMinMs } from '../model/limits.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

interface Gap {
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Gaps kept per scope; beyond it the two oldest are joined, which can only understate coverage. */
const gapsMax = 256

const noGaps: SeenSnapshot['gaps'] = []

/** Since when, up to when and how often something was seen, three cells each, for many at once; NaN where nothing was. */
export class SeenTable {
  #cells: Float64Array = new Float64Array(0)
  #length = 0
  readonly #free: number[] = []

  /** Another array once a row was added. */
  get cells(): Float64Array {
    return this.#cells
  }

  /** Makes a row of which nothing was seen, and answers where it begins. */
  add(): number {
    const base = this.#free.pop() ?? this.#length
    if (base === this.#length) this.#length += rowWidth
    if (this.#length > this.#cells.length) {
      const larger = new Float64Array(Math.ceil((this.#length * 1.25) / rowWidth) * rowWidth)
      larger.set(this.#cells)
      this.#cells = larger
    }
    this.#cells.set([Number.NaN, Number.NaN, 0], base)
    return base
  }

  /** Gives a row back of which nobody speaks any more. */
  remove(base: number): void {
    this.#free.push(base)
  }
}

const rowWidth = 3

/** As it is stored in a checkpoint. */
export interface SeenSnapshot {
  readonly since: EpochMs
  readonly until: EpochMs
  readonly cadenceMs: DurationMs
  readonly gaps: readonly (readonly [EpochMs, EpochMs])[]
}

/**
 * The stretches of time for which the data of one SLO in one region was seen: one span with a few gaps. It answers
 * what part of a window is known, and whether data is still coming.
 */
export class SeenIntervals {
  readonly #table: SeenTable
  readonly #base: number
  #gaps: Gap[] = []

  /** What is seen stands in a row of the table, so that evaluation finds that of all SLOs side by side. */
  constructor(table: SeenTable = new SeenTable()) {
    this.#table = table
    this.#base = table.add()
  }

  /** Where its row begins in the cells of its table. */
  get base(): number {
    return this.#base
  }

  get #since(): EpochMs {
    return this.#table.cells[this.#base]
  }

  set #since(at: EpochMs) {
    this.#table.cells[this.#base] = at
  }

  get #until(): EpochMs {
    return this.#table.cells[this.#base + 1]
  }

  set #until(at: EpochMs) {
    this.#table.cells[this.#base + 1] = at
  }

  get #cadenceMs(): DurationMs {
    return this.#table.cells[this.#base + 2]
  }

  set #cadenceMs(lengthMs: DurationMs) {
    this.#table.cells[this.#base + 2] = lengthMs
  }

  /** Since when data was seen; undefined when none ever was. */
  get since(): EpochMs | undefined {
    return Number.isNaN(this.#since) ? undefined : this.#since
  }

  /** Up to when data was seen; undefined when none ever was. */
  get until(): EpochMs | undefined {
    return Number.isNaN(this.#until) ? undefined : this.#until
  }

  /** How long after the last sample nothing is known: two and a half of its usual intervals, within named bounds. */
  get staleAfterMs(): DurationMs {
    return staleAfter(this.#cadenceMs)
  }

  /** Records that the events of (from, to] are known. */
  see(from: EpochMs, to: EpochMs): void {
    // Most is known already: the first series of a scrape tells what all the others do.
    if (to <= this.#until && from >= this.#since && this.#gaps.length === 0) return
    if (from <= this.#until && to > this.#until) {
      this.#cadenceMs = to - from
      this.#until = to
    } else if (Number.isNaN(this.#until)) {
      this.#since = from
      this.#until = to
      this.#cadenceMs = to - from
    } else if (from > this.#until) {
      if (from - this.#until > this.staleAfterMs) this.#gaps.push({ from: this.#until, to: from })
      this.#until = to
    }
    if (from < this.#since) this.#extendBack(from, to)
    if (this.#gaps.length > 0 && from < this.#gaps[this.#gaps.length - 1].to) this.#fillGaps(from, to)
    this.#limitGaps()
  }

  /** Records data at a moment; what one of its series says had not been known since `lostAt`. */
  seeAgain(lostAt: EpochMs, at: EpochMs): void {
    if (Number.isNaN(this.#until)) return this.see(at, at)
    if (at <= this.#until) return
    const from = Math.max(this.#until, lostAt)
    if (from < at) this.#gaps.push({ from, to: at })
    this.#until = at
    this.#limitGaps()
  }

  /** How much of (from, to] is known. */
  seenMs(from: EpochMs, to: EpochMs): DurationMs {
    if (Number.isNaN(this.#until)) return 0
    let seen = overlapMs(from, to, this.#since, this.#until)
    for (const gap of this.#gaps) seen -= overlapMs(from, to, gap.from, gap.to)
    return seen
  }

  /** Writes since, until and cadence to three places of a list, NaN where nothing was seen; the gaps are what it answers. */
  copyTo(numbers: Float64Array, at: number): SeenSnapshot['gaps'] {
    const { cells } = this.#table
    for (let cell = 0; cell < rowWidth; cell++) numbers[at + cell] = cells[this.#base + cell]
    return this.#gaps.length === 0 ? noGaps : this.#gaps.map(({ from, to }) => [from, to] as const)
  }

  snapshot(): SeenSnapshot | undefined {
    if (Number.isNaN(this.#until)) return undefined
    const gaps = this.#gaps.map(({ from, to }) => [from, to] as const)
    return { since: this.#since, until: this.#until, cadenceMs: this.#cadenceMs, gaps }
  }

  restore({ since, until, cadenceMs, gaps }: SeenSnapshot): void {
    this.#since = since
    this.#until = until
    this.#cadenceMs = cadenceMs
    this.#gaps = gaps.map(([from, to]) => ({ from, to }))
  }

  #limitGaps(): void {
    while (this.#gaps.length > gapsMax) this.#gaps.splice(0, 2, { from: this.#gaps[0].from, to: this.#gaps[1].to })
  }

  /** Older data than any before: what lies between it and the span known so far is a gap. */
  #extendBack(from: EpochMs, to: EpochMs): void {
    if (this.#since - to > this.staleAfterMs) this.#gaps.unshift({ from: to, to: this.#since })
    this.#since = from
  }

  #fillGaps(from: EpochMs, to: EpochMs): void {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (to <= gap.from || from >= gap.to) return [gap]
      const rest: Gap[] = []
      if (from > gap.from) rest.push({ from: gap.from, to: from })
      if (to < gap.to) rest.push({ from: to, to: gap.to })
      return rest
    })
  }
}

/** How long data that comes at a pace tells anything once it stops. */
export function staleAfter(cadenceMs: DurationMs): DurationMs {
  return Math.min(staleAfterMaxMs, Math.max(staleAfterMinMs, 2.5 * cadenceMs))
}

function overlapMs(from: EpochMs, to: EpochMs, start: EpochMs, end: EpochMs): DurationMs {
  return Math.max(0, Math.min(to, end) - Math.max(from, start))
}
