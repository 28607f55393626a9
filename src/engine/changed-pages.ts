/** Series whose names are saved together: a new one rewrites one such page, which takes a few milliseconds. */
export const seriesPerPage = 4_096

/** The pages of `seriesPerPage` numbers each of which some were given or taken since they were saved. */
export class ChangedPages {
  readonly #changed = new Set<number>()
  #areAll = false

  /** A number was given or taken. */
  note(series: number): void {
    this.#changed.add(Math.floor(series / seriesPerPage))
  }

  /** All pages count as changed. */
  noteAll(): void {
    this.#areAll = true
  }

  /** The numbers are those that were saved. */
  clear(): void {
    this.#changed.clear()
  }

  /** Those changed since the last call, of so many numbers. */
  take(length: number): readonly number[] {
    const all = Array.from({ length: Math.ceil(length / seriesPerPage) }, (_, page) => page)
    const pages = this.#areAll ? all : [...this.#changed]
    this.#changed.clear()
    this.#areAll = false
    return pages
  }
}
