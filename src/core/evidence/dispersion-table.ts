import type { DispersionSettings } from '../model/evidence-settings.ts'
import { never } from './evidence-table.ts'
import { RowsBefore } from './rows-before.ts'

/** Where each number of an SLO stands, from its base on. */
export const learnedCell = {
  squares: 0,
  steps: 1,
  /** Blocks since old knowledge was halved. */
  blocks: 2,
  /** What counts for steps that end after `newUntil`. */
  newSquares: 3,
  newSteps: 4,
  newUntil: 5,
  /** The index of dispersion for such steps. */
  index: 6,
  /** The block of time that was begun last. */
  block: 7,
} as const

/** The numbers of one SLO: as many as the machine fetches at once. */
export const learnedCells = 8

/**
 * What was learned of how the failures of each SLO clump, in one typed array. What was touched since `commit` can be put back: what a
 * tick learned that could not be stored has not been learned.
 */
export class DispersionTable {
  #cells: Float64Array = new Float64Array(0)
  #length = 0
  readonly #free: number[] = []
  readonly #before = new RowsBefore(learnedCells, 1)
  /** By number: the commit since which it was touched. */
  #touchedIn = new Int32Array(0)
  #commit = 1

  /** The numbers of all SLOs; another array once one was added. */
  get cells(): Float64Array {
    return this.#cells
  }

  /** Makes room for an SLO of which nothing is known yet, and answers its number: of no other that is there at the same time. */
  add({ prior, priorWeight }: DispersionSettings): number {
    const number = this.#free.pop() ?? this.#length++
    if (this.#length * learnedCells > this.#cells.length) this.#grow()
    const base = number * learnedCells
    this.#cells.fill(0, base, base + learnedCells)
    this.#cells[base + learnedCell.squares] = prior * priorWeight
    this.#cells[base + learnedCell.steps] = priorWeight
    this.#cells[base + learnedCell.newUntil] = never
    this.#cells[base + learnedCell.block] = never
    return number
  }

  /** The SLO is gone. Not within a tick. */
  remove(number: number): void {
    this.#free.push(number)
  }

  /** To be told before anything of an SLO is changed. */
  touch(number: number): void {
    if (this.#touchedIn[number] === this.#commit) return
    this.#touchedIn[number] = this.#commit
    this.#before.note(this.#cells, number * learnedCells)
  }

  /** What was learned stays. */
  commit(): void {
    this.#before.clear()
    this.#commit++
  }

  /** All is as it was at the last commit. */
  rollBack(): void {
    this.#before.putBack(this.#cells)
    this.commit()
  }

  #grow(): void {
    const length = Math.max(1, Math.ceil(1.5 * (this.#length - 1)))
    const larger = new Float64Array(length * learnedCells)
    larger.set(this.#cells)
    this.#cells = larger
    const touched = new Int32Array(length)
    touched.set(this.#touchedIn)
    this.#touchedIn = touched
  }
}
