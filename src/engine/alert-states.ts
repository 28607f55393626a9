import { type AlertId, type AlertRecord, type AlertState, alertKey } from '../core/model/alert.ts'

const inactive: AlertState = { kind: 'inactive' }

/**
 * The state of every alert: what is stored, and what the tick under way has decided on top of it. A decision counts
 * only once it is stored; when storing fails it is dropped, and the next tick decides again from the same state.
 */
export class AlertStates {
  readonly #stored = new Map<string, AlertRecord>()
  readonly #drafts = new Map<string, AlertRecord>()
  #version = 0

  constructor(records: Iterable<AlertRecord> = []) {
    for (const record of records) this.#stored.set(alertKey(record.id), record)
  }

  /** True while no alert is open and none is being changed: most ticks of most days. */
  get isQuiet(): boolean {
    return this.#stored.size === 0 && this.#drafts.size === 0
  }

  /** Another number once any alert is in another state. */
  get version(): number {
    return this.#version
  }

  /** Every alert that is not inactive, and those that this tick made so; of two records of one alert the later one holds. */
  *records(): Iterable<AlertRecord> {
    yield* this.#stored.values()
    yield* this.#drafts.values()
  }

  stateOf(id: AlertId): AlertState {
    const key = alertKey(id)
    return (this.#drafts.get(key) ?? this.#stored.get(key))?.state ?? inactive
  }

  /** Open alerts as stored. */
  open(): Iterable<AlertRecord> {
    return this.#stored.values()
  }

  draft(record: AlertRecord): void {
    this.#drafts.set(alertKey(record.id), record)
    this.#version++
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
    this.#clearDrafts()
  }

  dropDrafts(): void {
    this.#clearDrafts()
  }

  #clearDrafts(): void {
    if (this.#drafts.size > 0) this.#version++
    this.#drafts.clear()
  }
}
