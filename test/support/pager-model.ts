import type { Message } from '../../src/core/model/notification.ts'

/** One incident as a pager keeps it. */
export interface PagerIncident {
  readonly key: string
  readonly openedAt: number
  /** The incident that opened it, by when that opened. */
  readonly episode: number
  triggers: number
  resolvedAt: number | undefined
}

/** A pager that de-duplicates by key as PagerDuty does: a trigger of an open key adds to it, one of a closed key opens anew. */
export class PagerModel {
  readonly incidents: PagerIncident[] = []
  readonly #open = new Map<string, PagerIncident>()

  take({ key, status }: Pick<Message, 'key' | 'status'>, episode: number, at: number): void {
    const known = this.#open.get(key)
    if (status === 'resolved') {
      if (known !== undefined) known.resolvedAt = at
      this.#open.delete(key)
    } else if (known === undefined) {
      const opened = { key, openedAt: at, episode, triggers: 1, resolvedAt: undefined }
      this.incidents.push(opened)
      this.#open.set(key, opened)
    } else {
      known.triggers++
    }
  }

  get open(): readonly string[] {
    return [...this.#open.keys()]
  }
}
