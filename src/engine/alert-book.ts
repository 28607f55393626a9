import { type Address, type AlertId, type AlertRecord, type AlertState, alertKey } from '../core/model/alert.ts'
import type { Notification } from '../core/model/notification.ts'

const inactive: AlertState = { kind: 'inactive' }

/**
 * The state of every alert: what is stored, and what the tick under way has decided on top of it. A decision counts
 * only once it is stored; when storing fails it is dropped, and the next tick decides again from the same state.
 */
export class AlertBook {
  readonly #stored = new Map<string, AlertRecord>()
  readonly #drafts = new Map<string, AlertRecord>()

  constructor(records: Iterable<AlertRecord> = []) {
    for (const record of records) this.#stored.set(alertKey(record.id), record)
  }

  /** True while no alert is open and none is being changed: most ticks of most days. */
  get isQuiet(): boolean {
    return this.#stored.size === 0 && this.#drafts.size === 0
  }

  stateOf(id: AlertId): AlertState {
    return this.#recordOf(id)?.state ?? inactive
  }

  toldOf(id: AlertId): readonly Address[] {
    return this.#recordOf(id)?.told ?? []
  }

  openedOf(id: AlertId): Notification | null {
    return this.#recordOf(id)?.opened ?? null
  }

  /** Open alerts as stored. */
  open(): Iterable<AlertRecord> {
    return this.#stored.values()
  }

  draft(record: AlertRecord): void {
    this.#drafts.set(alertKey(record.id), record)
  }

  drafts(): readonly AlertRecord[] {
    return [...this.#drafts.values()]
  }

  /** The drafts were stored. */
  applyDrafts(): void {
    for (const [key, record] of this.#drafts) {
      if (record.state.kind === 'inactive') this.#stored.delete(key)
      else this.#stored.set(key, record)
    }
    this.#drafts.clear()
  }

  dropDrafts(): void {
    this.#drafts.clear()
  }

  #recordOf(id: AlertId): AlertRecord | undefined {
    const key = alertKey(id)
    return this.#drafts.get(key) ?? this.#stored.get(key)
  }
}
