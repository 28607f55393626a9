import type { DispersionSettings } from '../model/evidence-settings.ts'
import type { EpochMs } from '../model/units.ts'
import { DispersionTable, learnedCell, learnedCells } from './dispersion-table.ts'
import { never } from './evidence-table.ts'

/** Numbers that hold what was learned of one SLO. */
export const dispersionWidth = 6

/**
 * How bursty the failures of one SLO are, pooled over its regions: the index of dispersion of the number of steps with bad
 * events per block, by differences of neighbouring blocks (von Neumann), which neither the time of day nor a long incident
 * moves. 1 is chance; one client's retries spread over steps raise it.
 *
 * Blocks that end together count together, for the steps after their end: what one region learns at a step is not known to
 * another at the same step, in whatever order they are evaluated.
 *
 * The numbers stand in a table, where they are read for many SLOs at once.
 */
export class Dispersion {
  readonly #table: DispersionTable
  #settings: DispersionSettings
  #base: number

  /** Of the SLO of this number, or of a new one. */
  constructor(settings: DispersionSettings, table = new DispersionTable(), number = table.add(settings)) {
    this.#settings = settings
    this.#table = table
    this.#base = number * learnedCells
    if (table.cells.length > 0) this.#noteIndex()
  }

  /** Goes by other constants from now on. */
  goBy(settings: DispersionSettings): void {
    this.#settings = settings
    this.#noteIndex()
  }

  /** Goes over to another SLO with the same constants. */
  moveTo(number: number): void {
    this.#base = number * learnedCells
  }

  /** The block of time that was begun last; −∞ before the first. */
  get block(): number {
    return this.#table.cells[this.#base + learnedCell.block]
  }

  set block(block: number) {
    this.#table.cells[this.#base + learnedCell.block] = block
  }

  /** Learns from two neighbouring blocks of one region, the later of which ended at `until`. */
  learn(stepsBefore: number, steps: number, until: EpochMs): void {
    const { cells } = this.#table
    const base = this.#base
    if (until > cells[base + learnedCell.newUntil]) {
      this.#settle()
      cells[base + learnedCell.newUntil] = until
    }
    // Nothing against nothing says nothing.
    if (steps === 0 && stepsBefore === 0) return
    cells[base + learnedCell.newSquares] += (steps - stepsBefore) ** 2 / 2
    cells[base + learnedCell.newSteps] += (steps + stepsBefore) / 2
    this.#noteIndex()
  }

  /** A block of time has passed for the SLO: old knowledge is forgotten by halves. */
  passBlock(): void {
    const { halvedEveryMs, blockMs, prior, priorWeight } = this.#settings
    const { cells } = this.#table
    const base = this.#base
    if (++cells[base + learnedCell.blocks] < halvedEveryMs / blockMs) return
    cells[base + learnedCell.blocks] = 0
    this.#settle()
    cells[base + learnedCell.squares] = (cells[base + learnedCell.squares] + prior * priorWeight) / 2
    cells[base + learnedCell.steps] = (cells[base + learnedCell.steps] + priorWeight) / 2
    this.#noteIndex()
  }

  /** The index of dispersion that holds for a step: at least 1. */
  at(at: EpochMs): number {
    const { cells } = this.#table
    const base = this.#base
    if (at > cells[base + learnedCell.newUntil]) return cells[base + learnedCell.index]
    return this.#within(cells[base + learnedCell.squares] / cells[base + learnedCell.steps])
  }

  /** Writes what was learned to `dispersionWidth` places of a list, for a checkpoint or to put it back. */
  copyTo(numbers: Float64Array, from: number): void {
    copyLearned(this.#table.cells, this.#base, numbers, from)
  }

  /** Puts back what `copyTo` wrote. */
  restore(numbers: Float64Array, from: number): void {
    const { cells } = this.#table
    const base = this.#base
    for (let place = 0; place < dispersionWidth; place++) cells[base + place] = numbers[from + place]
    if (numbers[from + learnedCell.newUntil] === 0) cells[base + learnedCell.newUntil] = never
    this.#noteIndex()
  }

  #settle(): void {
    const { cells } = this.#table
    const base = this.#base
    cells[base + learnedCell.squares] += cells[base + learnedCell.newSquares]
    cells[base + learnedCell.steps] += cells[base + learnedCell.newSteps]
    cells[base + learnedCell.newSquares] = 0
    cells[base + learnedCell.newSteps] = 0
  }

  #noteIndex(): void {
    const { cells } = this.#table
    const base = this.#base
    const squares = cells[base + learnedCell.squares] + cells[base + learnedCell.newSquares]
    const steps = cells[base + learnedCell.steps] + cells[base + learnedCell.newSteps]
    cells[base + learnedCell.index] = this.#within(squares / steps)
  }

  #within(index: number): number {
    return Math.min(this.#settings.max, Math.max(1, index))
  }
}

/** The same of any SLO, whose numbers begin at `base` in the cells of a table. */
export function copyLearned(cells: Float64Array, base: number, numbers: Float64Array, from: number): void {
  for (let place = 0; place < dispersionWidth; place++) numbers[from + place] = cells[base + place]
  if (!Number.isFinite(numbers[from + learnedCell.newUntil])) numbers[from + learnedCell.newUntil] = 0
}
