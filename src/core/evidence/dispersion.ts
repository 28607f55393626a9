import type { DispersionSettings } from '../model/evidence-settings.ts'
import type { EpochMs } from '../model/units.ts'

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
    if (at > this.#newUntil) this.#settle()
    return Math.min(this.#settings.max, Math.max(1, this.#squares / this.#steps))
  }

  /** What was learned, for a checkpoint. */
  snapshot(): readonly number[] {
    const until = Number.isFinite(this.#newUntil) ? this.#newUntil : 0
    return [this.#squares, this.#steps, this.#blocks, this.#newSquares, this.#newSteps, until]
  }

  /** Puts back what a checkpoint holds. */
  restore([squares, steps, blocks, newSquares, newSteps, newUntil]: readonly number[]): void {
    this.#squares = squares
    this.#steps = steps
    this.#blocks = blocks
    this.#newSquares = newSquares
    this.#newSteps = newSteps
    this.#newUntil = newUntil === 0 ? Number.NEGATIVE_INFINITY : newUntil
  }

  #settle(): void {
    this.#squares += this.#newSquares
    this.#steps += this.#newSteps
    this.#newSquares = 0
    this.#newSteps = 0
  }
}
