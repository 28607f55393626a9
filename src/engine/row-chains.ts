/** Nothing more in a chain. */
export const endOfChain = -1

/** The rows of each SLO in one chain per SLO, in typed arrays: going through those of all SLOs fetches nothing else. */
export class RowChains {
  /** By place: where the row begins, which scope it is of, and the place of the SLO's next one. */
  bases = new Int32Array(0)
  scopes = new Int32Array(0)
  next = new Int32Array(0)
  /** By the number of an SLO: the place of its first row. */
  first = new Int32Array(0)
  readonly #names: string[] = []
  readonly #numbers = new Map<string, number>()
  #length = 0
  readonly #free: number[] = []

  /** The names of all scopes by their numbers. */
  get scopeNames(): readonly string[] {
    return this.#names
  }

  /** The number of a scope; `endOfChain` where it has no rows. */
  scopeNumber(scope: string): number {
    return this.#numbers.get(scope) ?? endOfChain
  }

  /** Adds a row behind the others of an SLO. */
  add(number: number, scope: string, base: number): void {
    this.#reserve(number)
    const place = this.#free.pop() ?? this.#length++
    this.bases[place] = base
    this.scopes[place] = this.#numberOf(scope)
    this.next[place] = endOfChain
    let last = this.first[number]
    if (last === endOfChain) {
      this.first[number] = place
      return
    }
    while (this.next[last] !== endOfChain) last = this.next[last]
    this.next[last] = place
  }

  /** An SLO is gone. */
  remove(number: number): void {
    let place = this.first[number] ?? endOfChain
    if (place !== endOfChain) this.first[number] = endOfChain
    for (; place !== endOfChain; place = this.next[place]) this.#free.push(place)
  }

  #numberOf(scope: string): number {
    const known = this.#numbers.get(scope)
    if (known !== undefined) return known
    this.#numbers.set(scope, this.#names.length)
    return this.#names.push(scope) - 1
  }

  #reserve(number: number): void {
    if (this.#length === this.bases.length) {
      const length = Math.max(64, 2 * this.#length)
      this.bases = grown(this.bases, length)
      this.scopes = grown(this.scopes, length)
      this.next = grown(this.next, length)
    }
    if (number < this.first.length) return
    const { length } = this.first
    this.first = grown(this.first, Math.max(64, 2 * number)).fill(endOfChain, length)
  }
}

function grown(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(numbers)
  return larger
}
