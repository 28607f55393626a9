import type { DispersionSettings } from '../model/evidence-settings.ts'
import type { EpochMs } from '../model/units.ts'

/** Numbers that hold what was learned of one SLO. */
export const dispersionWidth = 6

/**
 * How bursty the failures of one SLO are, pooled over its regions: the index of dispersion of the number of steps with bad
 * events per block, by differences of neighbouring blocks (von Neumann), which neither the time of day nor a long incident
 * moves. 1 is chance; one client's retries spread over steps raise it.
 *
 * Blocks that end together count together, for the steps after their end: what one region learns at a step is not known to
 * another at the same step, in whatever order they are evaluated.
 */
export class Dispersion {
  readonly #settings: DispersionSettings
  #squares: number
  #steps: number
  #blocks = 0
  #newSquares = 0
  #newSteps = 0
  #newUntil: EpochMs = Number.NEGATIVE_INFINITY

  constructor(settings: DispersionSettings) {
    this.#settings = settings
    this.#squares = settings.prior * settings.priorWeight
    this.#steps = settings.priorWeight
  }

  /** Learns from two neighbouring blocks of one region, the later of which ended at `until`. */
  learn(stepsBefore: number, steps: number, until: EpochMs): void {
    if (until > this.#newUntil) {
      this.#settle()
      this.#newUntil = until
    }
    this.#newSquares += (steps - stepsBefore) ** 2 / 2
    this.#newSteps += (steps + stepsBefore) / 2
  }

  /** A block of time has passed for the SLO: old knowledge is forgotten by halves. */
  passBlock(): void {
    const { halvedEveryMs, blockMs, prior, priorWeight } = this.#settings
    this.#blocks++
    if (this.#blocks < halvedEveryMs / blockMs) return
    this.#blocks = 0
    this.#settle()
    this.#squares = (this.#squares + prior * priorWeight) / 2
    this.#steps = (this.#steps + priorWeight) / 2
  }

  /** The index of dispersion that holds for a step: at least 1. */
  at(at: EpochMs): number {
    const isOver = at > this.#newUntil
    const squares = isOver ? this.#squares + this.#newSquares : this.#squares
    const steps = isOver ? this.#steps + this.#newSteps : this.#steps
    return Math.min(this.#settings.max, Math.max(1, squares / steps))
  }

  /** Whether what holds for a step holds for later ones as well, unless more is learned. */
  isSettled(at: EpochMs): boolean {
    return at > this.#newUntil
  }

  /** Writes what was learned to `dispersionWidth` places of a list, for a checkpoint or to put it back. */
  copyTo(numbers: Float64Array, from: number): void {
    numbers[from] = this.#squares
    numbers[from + 1] = this.#steps
    numbers[from + 2] = this.#blocks
    numbers[from + 3] = this.#newSquares
    numbers[from + 4] = this.#newSteps
    numbers[from + 5] = Number.isFinite(this.#newUntil) ? this.#newUntil : 0
  }

  /** Puts back what `copyTo` wrote. */
  restore(numbers: Float64Array, from: number): void {
    const newUntil = numbers[from + 5]
    this.#squares = numbers[from]
    this.#steps = numbers[from + 1]
    this.#blocks = numbers[from + 2]
    this.#newSquares = numbers[from + 3]
    this.#newSteps = numbers[from + 4]
    this.#newUntil = newUntil === 0 ? Number.NEGATIVE_INFINITY : newUntil
  }

  #settle(): void {
    this.#squares += this.#newSquares
    this.#steps += this.#newSteps
    this.#newSquares = 0
    this.#newSteps = 0
  }
}
