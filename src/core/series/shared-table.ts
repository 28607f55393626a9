/** Values that many series share, each by a small number, with how many hold it. A value that nobody holds is forgotten. */
export class SharedTable<T> {
  readonly #values: (T | undefined)[] = []
  readonly #holders: number[] = []
  readonly #numbers = new Map<T, number>()
  readonly #free: number[] = []

  /** Takes hold of a value; answers its number. */
  hold(value: T): number {
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.#free.pop() ?? this.#values.length
      this.#values[number] = value
      this.#holders[number] = 0
      this.#numbers.set(value, number)
    }
    this.#holders[number]++
    return number
  }

  /** Lets go of a value; answers whether nobody holds it any more. */
  release(number: number): boolean {
    if (--this.#holders[number] > 0) return false
    const value = this.#values[number]
    if (value !== undefined) this.#numbers.delete(value)
    this.#values[number] = undefined
    this.#free.push(number)
    return true
  }

  /** The value with a number; throws where nobody holds it. */
  at(number: number): T {
    const value = this.#values[number]
    if (value === undefined) throw new RangeError(`nothing is held as ${number}`)
    return value
  }

  /** Every value with how many hold it. */
  *entries(): Iterable<readonly [T, number]> {
    for (const [value, number] of this.#numbers) yield [value, this.#holders[number]]
  }
}
