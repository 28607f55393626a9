interface Kept<Answer> {
  readonly key: string
  readonly at: number
  readonly answer: Promise<Answer | undefined>
}

/** The answer to a question that is not worth asking at every turn; undefined where the engine has none to give. */
export class KeptAnswer<Answer> {
  readonly #freshMs: number
  #kept: Kept<Answer> | undefined

  constructor(freshMs: number) {
    this.#freshMs = freshMs
  }

  /** Whether this is another question than the last one. */
  isOther(key: string): boolean {
    return this.#kept?.key !== key
  }

  /** The last answer while it is fresh and to the same question; a question that fails is asked again when it has aged. */
  get(key: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    const clock = document.timeline.currentTime
    const at = typeof clock === 'number' ? clock : 0
    if (this.#kept === undefined || this.isOther(key) || at - this.#kept.at > this.#freshMs) {
      this.#kept = { key, at, answer: ask().catch(() => undefined) }
    }
    return this.#kept.answer
  }
}
