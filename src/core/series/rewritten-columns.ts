/** So many columns are told apart; where more are rewritten at once, all of them may be. */
const toldApartMax = 1_024

/**
 * Columns whose counts did more than grow: some were taken back or replaced. Whoever concluded something from earlier counts has to
 * look at those again.
 */
export class RewrittenColumns {
  #columns: number[] | undefined = []

  add(column: number): void {
    if (this.#columns === undefined) return
    if (this.#columns.length < toldApartMax) this.#columns.push(column)
    else this.#columns = undefined
  }

  /** Any column may be rewritten. */
  addAll(): void {
    this.#columns = undefined
  }

  /** Those since the last call; undefined where that may be any. */
  take(): readonly number[] | undefined {
    const taken = this.#columns
    if (taken?.length !== 0) this.#columns = []
    return taken
  }
}
