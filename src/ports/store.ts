import type { AlertRecord, Episode } from '../core/model/alert.ts'
import type { Delivery, DeliveryRecord, NewDelivery, Outcome } from '../core/model/delivery.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Durable state. What `commit` and `settle` have acknowledged survives the process being killed. */
export interface Store {
  /** Open alerts and how far each scope was evaluated. */
  load(): Promise<StoredState>
  /** Everything one tick decided, in one transaction. */
  commit(tick: TickCommit): Promise<void>
  /** Alert episodes, newest first. */
  episodes(query: EpisodeQuery): Promise<readonly Episode[]>
  readonly outbox: Outbox
  readonly checkpoints: Checkpoints
  close(): Promise<void>
}

export interface StoredState {
  readonly alerts: readonly AlertRecord[]
  /** The last step evaluated, by scope. */
  readonly progress: ReadonlyMap<string, EpochMs>
}

export interface TickCommit {
  readonly progress: ReadonlyMap<string, EpochMs>
  /** Alerts whose state changed. */
  readonly alerts: readonly AlertRecord[]
  /** Episodes opened or resolved. */
  readonly episodes: readonly Episode[]
  readonly deliveries: readonly NewDelivery[]
  readonly at: EpochMs
}

export interface EpisodeQuery {
  readonly activeOnly?: boolean
  readonly slo?: string
  readonly limit: number
}

/**
 * The durable queue of messages. Everything one recipient of one receiver is told of one alert is a chain: it goes out by
 * episode, the open before the resolve, one message at a time. Each method is one transaction.
 *
 * What `commit` puts in is kept: the same id twice makes one message, and a ticket that opens while
 * `outboxRowsPerReceiverMax` messages wait for its receiver is kept as dead, with the reason. Pages and resolves always go in.
 */
export interface Outbox {
  /**
   * Takes the next message of a receiver that is due and durably marks it in flight before answering: pages before
   * tickets, then the one due longest. It takes none whose chain has another in flight or one unsettled before it.
   *
   * On the way it settles as superseded what must not go out any more: a resolve whose open is not known here or died
   * without ever having been sent (one that may have arrived counts as sent), and an open that is older than a resolve
   * this recipient was given.
   */
  claim(receiver: string, now: EpochMs): Promise<Delivery | undefined>
  /**
   * Records what became of an attempt. `retryAt` puts it back into the queue after `retry` and `ambiguous`; without it those
   * are given up: dead. An attempt that is not the one in flight changes nothing, so a late answer does no harm.
   */
  settle(id: string, attempt: number, outcome: Outcome, at: EpochMs, retryAt: EpochMs | undefined): Promise<void>
  /** When the next message of a receiver can be claimed, perhaps in the past; undefined when none waits for time alone. */
  nextDueAt(receiver: string): Promise<EpochMs | undefined>
  /** At start: attempts in flight when the process died are due again, with `maybeSent` set. Answers how many. */
  recover(now: EpochMs): Promise<number>
  /** Newest first. */
  list(query: {
    readonly limit: number
    readonly status?: DeliveryRecord['status']
  }): Promise<readonly DeliveryRecord[]>
  /** Unsettled messages by receiver; receivers without any are left out. */
  depths(): Promise<ReadonlyMap<string, number>>
  /** Removes messages settled before the time given, except opens whose resolve is still to come. Answers how many. */
  prune(settledBefore: EpochMs): Promise<number>
}

/** Named blobs, replaced and removed together in one transaction: the snapshot of windows and last counter values. */
export interface Checkpoints {
  save(parts: ReadonlyMap<string, Uint8Array>, removed: Iterable<string>): Promise<void>
  load(): Promise<ReadonlyMap<string, Uint8Array>>
}
