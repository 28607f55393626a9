import type { EpochMs } from '../core/model/units.ts'

/** Days that are noted, by when they begin. Nearly always there are none, and a set for every SLO and region would be dear. */
export class NotedDays {
  #days: Set<EpochMs> | undefined

  get areNone(): boolean {
    return this.#days === undefined
  }

  has(from: EpochMs): boolean {
    return this.#days?.has(from) === true
  }

  add(from: EpochMs): void {
    this.#days ??= new Set()
    this.#days.add(from)
  }

  delete(from: EpochMs): void {
    this.#days?.delete(from)
    if (this.#days?.size === 0) this.#days = undefined
  }
}
