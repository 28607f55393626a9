import type { Delivery } from '../../core/model/delivery.ts'
import { attemptTimeoutMs, storeOutagePollMs } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Outbox, Store } from '../../ports/store.ts'
import type { PagesInMemory } from './pages-in-memory.ts'
import type { OutageWatch, OutageWorld } from './store-outage.ts'

/** The outbox of a store that may not be writable: then it hands out pages alone, from memory and from what it can read. */
export function emergencyOutbox(store: Store, watch: OutageWatch, pages: PagesInMemory, world: OutageWorld): Outbox {
  const { outbox, unclaimed } = store
  const { now: clock, meter } = world
  /** Pages that the store holds as in flight: what fails of them is tried again from memory when the store cannot be told. */
  const claimed = new Map<string, Delivery>()

  async function claim(receiver: string, now: EpochMs): Promise<Delivery | undefined> {
    for (;;) {
      const tried = await watch.attempt(() => outbox.claim(receiver, now))
      if (tried === undefined) return await claimUnwritten(receiver, now)
      const delivery = tried.result
      if (delivery === undefined) return undefined
      watch.wrote()
      if (pages.isUnderWay(delivery.id)) {
        const reason = 'an attempt that began while the store could not be written is under way'
        await outbox.settle(delivery.id, delivery.attempt, { kind: 'retry', reason }, now, now + attemptTimeoutMs)
        continue
      }
      if (delivery.notification.severity === 'page') claimed.set(delivery.id, delivery)
      return delivery
    }
  }

  async function claimUnwritten(receiver: string, now: EpochMs): Promise<Delivery | undefined> {
    for (let own = pages.claim(receiver, now); own !== undefined; own = pages.claim(receiver, now)) {
      const { delivery, attempt } = own
      const standing = await standingOf(delivery)
      const { reference, createdAt, maybeSent } = pages.particulars(delivery.id)
      if (standing === undefined) pages.drop(delivery.id)
      else if (reference === undefined) return { ...delivery, ...standing, attempt, createdAt, maybeSent }
      else return { ...delivery, opens: false, openReference: reference, attempt, createdAt, maybeSent }
    }
    return await adoptStored(receiver, now)
  }

  /** Nothing is known of it where the store cannot even be read: then it opens. */
  async function standingOf(delivery: Parameters<PagesInMemory['covers']>[0]) {
    const unknown = { opens: true, openReference: null }
    return unclaimed === undefined ? unknown : await unclaimed.standing(delivery).catch(() => unknown)
  }

  /** A page that was stored before, and of which the store cannot take down that it is in flight. */
  async function adoptStored(receiver: string, now: EpochMs): Promise<Delivery | undefined> {
    const known = new Set(pages.ids)
    for (;;) {
      const query = { receiver, now, except: known, lost: watch.held.isUnrecovered }
      const stored = await unclaimed?.next(query).catch(() => undefined)
      // Another lane may have been here meanwhile, or the outage be over.
      if (stored === undefined || watch.outage === undefined) return undefined
      known.add(stored.id)
      if (pages.covers(stored)) continue
      pages.adopt(stored, now)
      return stored
    }
  }

  async function settle(...parameters: Parameters<Outbox['settle']>): Promise<void> {
    const [id, attempt, outcome, at, retryAt] = parameters
    const startedAt = pages.underWaySince(id, attempt)
    if (startedAt !== undefined) {
      const own = { id, startedAt, outcome, at, retryAt }
      // Until it is written down it counts as under way, so that nobody else takes it up.
      const written = await watch.attempt(async () => await unclaimed?.record(own))
      if (written !== undefined) return pages.drop(id)
      pages.settle(id, outcome, retryAt)
      watch.hold({ kind: 'attempt', attempt: own })
      return
    }
    const delivery = claimed.get(id)
    claimed.delete(id)
    const written = await watch.attempt(() => outbox.settle(...parameters))
    if (written !== undefined) return watch.wrote()
    watch.hold({ kind: 'settle', id, attempt, outcome, at, retryAt })
    if (delivery === undefined) return
    if (outcome.kind === 'delivered') pages.arrived(delivery, delivery.createdAt, outcome.reference ?? null)
    else if (retryAt !== undefined) pages.retry(delivery, retryAt, outcome.kind === 'ambiguous')
  }

  /** Delivery goes on by what is in memory where the store cannot even be read. */
  async function unlessUnreadable<Answer>(read: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
    try {
      return await read()
    } catch (error) {
      if (!world.isOutage(error)) throw error
      return otherwise
    }
  }

  return {
    claim,
    async settle(id, attempt, outcome, at, retryAt) {
      const receiver = pages.receiverUnderWay(id)
      if (receiver !== undefined) meter.count('sloburn_unstored_attempts_total', { receiver, outcome: outcome.kind })
      await settle(id, attempt, outcome, at, retryAt)
    },
    async nextDueAt(receiver) {
      const stored = await unlessUnreadable(() => outbox.nextDueAt(receiver), undefined)
      if (watch.outage === undefined) return stored
      return Math.min(pages.nextDueAt(receiver) ?? Number.POSITIVE_INFINITY, clock() + storeOutagePollMs)
    },
    async recover(now) {
      const recovered = await watch.attempt(() => outbox.recover(now))
      if (recovered !== undefined) return recovered.result
      watch.hold({ kind: 'recover', now })
      return 0
    },
    list: (query) => outbox.list(query),
    async pageProgress(key, episode, since) {
      const own = pages.progress(key, episode, since)
      // Of what cannot be read nobody knows that it is lost.
      const unknown = { delivered: false, moving: true, waitingSince: null }
      const stored = await unlessUnreadable(() => outbox.pageProgress(key, episode, since), unknown)
      // Of what arrived out of memory the store does not know yet.
      const waiting = [own.waitingSince, own.delivered ? null : stored.waitingSince].filter((at) => at !== null)
      return {
        delivered: own.delivered || stored.delivered,
        moving: own.moving || stored.moving,
        waitingSince: waiting.length === 0 ? null : Math.min(...waiting),
      }
    },
    depths: () => unlessUnreadable(() => outbox.depths(), new Map()),
    prune: (settledBefore) => outbox.prune(settledBefore),
  }
}
