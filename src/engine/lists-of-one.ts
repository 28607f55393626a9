/** Lists of a single thing, one for each: what hundreds of thousands hold a list of is often the same few. */
export class ListsOfOne<T> {
  readonly #lists = new Map<T, readonly T[]>()

  /** A list that says the same; one of several things as it is. */
  shared(list: readonly T[]): readonly T[] {
    if (list.length !== 1) return list
    const [only] = list
    const known = this.#lists.get(only) ?? list
    this.#lists.set(only, known)
    return known
  }
}
