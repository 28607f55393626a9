/** What a disk says that takes nothing any more. */
export const fullDisk = 'database or disk is full'

/** The operations of a store that need room. */
const writes: ReadonlySet<string> = new Set([
  'commit',
  'outbox.claim',
  'outbox.settle',
  'outbox.recover',
  'outbox.prune',
  'unclaimed.record',
  'checkpoints.save',
  'incidents.prune',
])

/** One life of a process: it ends before or after some operation on the store, and then nothing of it goes on. */
export class Life {
  /** Resolves when the process is dead. */
  readonly over: Promise<void>
  #end: () => void
  #operations = 0
  #dead = false
  #failing = 0
  #diesAt: number | undefined
  #afterwards = false
  /** Told what was done when it died. */
  lastOperation = ''

  constructor(isFull: () => boolean = () => false) {
    this.#isFull = isFull
    const { promise, resolve } = Promise.withResolvers<void>()
    this.over = promise
    this.#end = resolve
  }

  /** How many operations there were. */
  get operations(): number {
    return this.#operations
  }

  get isOver(): boolean {
    return this.#dead
  }

  /** It dies at the n-th operation from now, before it or once it is done. */
  dieAt(operations: number, afterwards: boolean): void {
    this.#diesAt = this.#operations + operations
    this.#afterwards = afterwards
  }

  kill(): void {
    this.#dead = true
    this.#end()
  }

  /** Whether the disk is full, which outlives every process on it: then whatever writes fails. */
  readonly #isFull: () => boolean

  /** So many of the next operations fail. */
  fail(operations: number): void {
    this.#failing = operations
  }

  heal(): void {
    this.#failing = 0
  }

  async run<Result>(name: string, operation: () => Promise<Result>): Promise<Result> {
    if (this.#dead) return await never()
    this.#operations++
    const isLast = this.#diesAt !== undefined && this.#operations >= this.#diesAt
    if (isLast && !this.#afterwards) return await this.#die(`before ${name}`)
    if (this.#failing > 0) {
      this.#failing--
      throw new Error(fullDisk)
    }
    if (this.#isFull() && writes.has(name)) throw new Error(fullDisk)
    const result = await operation()
    if (isLast) return await this.#die(`after ${name}`)
    // Whoever was killed meanwhile hears of nothing any more.
    return this.isOver ? await never() : result
  }

  async #die(where: string): Promise<never> {
    this.lastOperation = where
    this.kill()
    return await never()
  }
}

/** The same object, every method of which is an operation of a life; parts of it too. */
export function mortal<Target extends object>(target: Target, life: Life, path = ''): Target {
  return new Proxy(target, {
    get(inner, name) {
      const value: unknown = Reflect.get(inner, name)
      const place = `${path}${String(name)}`
      if (typeof value === 'function') {
        return (...parameters: unknown[]) => life.run(place, async () => Reflect.apply(value, inner, parameters))
      }
      return typeof value === 'object' && value !== null ? mortal(value, life, `${place}.`) : value
    },
  })
}

function never(): Promise<never> {
  return new Promise(() => {})
}
