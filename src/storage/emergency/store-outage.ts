import { storeOutageSaidEveryMs, storeRetryMs } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { StoreOutage } from '../../ports/status-view.ts'
import type { Store } from '../../ports/store.ts'
import { type HeldWrite, HeldWrites } from './held-writes.ts'

/** What an outage is said with. */
export interface OutageWorld {
  readonly now: () => EpochMs
  readonly log: Log
  readonly meter: Meter
  /** Whether an error says that the store cannot be used for now, through no fault of what was to be written. */
  readonly isOutage: (error: unknown) => boolean
}

/**
 * Whether a store can be written, and what it is told once it can again, in the order in which it was decided. While anything is
 * held nothing is written past it.
 */
export class OutageWatch {
  readonly held = new HeldWrites()
  readonly #store: Store
  readonly #world: OutageWorld
  readonly #onOver: () => void
  #outage: { readonly since: EpochMs; readonly reason: string } | undefined
  #saidAt: EpochMs = Number.NEGATIVE_INFINITY
  #triedAt: EpochMs = Number.NEGATIVE_INFINITY
  #flushing: Promise<void> | undefined

  constructor(store: Store, world: OutageWorld, onOver: () => void) {
    this.#store = store
    this.#world = world
    this.#onOver = onOver
    world.meter.set('sloburn_store_writable', {}, 1)
  }

  /** undefined while the store can be written. */
  get outage(): StoreOutage | undefined {
    return this.#outage === undefined ? undefined : { ...this.#outage, held: this.held.size }
  }

  /** Runs a write, unless something is held that must go first; undefined where the store cannot take it for now. */
  async attempt<Result>(write: () => Promise<Result>): Promise<{ readonly result: Result } | undefined> {
    if (this.held.size > 0) await this.flush()
    if (this.held.size > 0) return undefined
    try {
      return { result: await write() }
    } catch (error) {
      if (!this.#world.isOutage(error)) throw error
      this.#began(error)
      return undefined
    }
  }

  /** What the store could not take; false where there is no room for more. */
  hold(write: HeldWrite): boolean {
    const hasRoom = this.held.add(write)
    const { meter } = this.#world
    if (!hasRoom) meter.count('sloburn_limit_hits_total', { limit: 'heldCommitsMax' })
    meter.set('sloburn_held_decisions', {}, this.held.size)
    return hasRoom
  }

  /** Something was written: the outage is over if nothing is held. */
  wrote(): void {
    if (this.#outage === undefined || this.held.size > 0) return
    const { since } = this.#outage
    const { log, meter, now } = this.#world
    this.#outage = undefined
    this.#saidAt = Number.NEGATIVE_INFINITY
    meter.set('sloburn_store_writable', {}, 1)
    meter.set('sloburn_held_decisions', {}, 0)
    log.warn({ since, forMs: now() - since }, 'the store can be written again: all that was held is stored')
    this.#onOver()
  }

  /** Tries to write what is held, once in a while. */
  async flush(atOnce = false): Promise<void> {
    const now = this.#world.now()
    if (!atOnce && now >= this.#triedAt && now - this.#triedAt < storeRetryMs) return await this.#flushing
    this.#triedAt = now
    this.#flushing ??= this.#writeHeld().finally(() => {
      this.#flushing = undefined
    })
    await this.#flushing
  }

  async #writeHeld(): Promise<void> {
    for (let first = this.held.first; first !== undefined; first = this.held.first) {
      try {
        await this.#write(first)
      } catch (error) {
        // Whatever it is by now: what was decided is kept until it is stored.
        this.#began(error)
        return
      }
      this.held.removeFirst()
      this.#world.meter.set('sloburn_held_decisions', {}, this.held.size)
    }
    this.wrote()
  }

  async #write(write: HeldWrite): Promise<void> {
    const { outbox, unclaimed } = this.#store
    if (write.kind === 'commit') return await this.#store.commit(write.tick)
    if (write.kind === 'attempt') return await unclaimed?.record(write.attempt)
    if (write.kind === 'recover') return void (await outbox.recover(write.now))
    const { id, attempt, outcome, at, retryAt } = write
    await outbox.settle(id, attempt, outcome, at, retryAt)
  }

  #began(error: unknown): void {
    const { log, meter, now } = this.#world
    const reason = error instanceof Error ? error.message : String(error)
    this.#outage ??= { since: now(), reason }
    meter.set('sloburn_store_writable', {}, 0)
    if (Math.abs(now() - this.#saidAt) < storeOutageSaidEveryMs) return
    this.#saidAt = now()
    const said = { reason, since: this.#outage.since, held: this.held.size }
    log.error(said, 'the store cannot be written: what is decided is held in memory, and pages go out from there')
  }
}
