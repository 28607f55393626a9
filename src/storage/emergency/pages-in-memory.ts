import type { Delivery, NewDelivery, Outcome } from '../../core/model/delivery.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { PageProgress, Superseding } from '../../ports/store.ts'

/** A page that goes out of memory: it waits, or an attempt at it is under way. */
interface PageInMemory {
  readonly delivery: NewDelivery
  readonly chain: string
  readonly createdAt: EpochMs
  dueAt: EpochMs
  attempts: number
  maybeSent: boolean
  /** When the attempt under way began; undefined while it waits. */
  startedAt: EpochMs | undefined
  /** It was withdrawn while an attempt was under way: there is none after it. */
  isWithdrawn: boolean
}

/** What arrived at one address of one incident out of memory. */
interface Arrival {
  readonly key: string
  readonly episode: EpochMs
  readonly revision: number
  readonly createdAt: EpochMs
  readonly reference: string | null
}

/**
 * Pages that go out although the store cannot be written, by the rules of the outbox: one attempt at a time for each address of an
 * incident, the newest revision in place of an older one that waits. None is ever given up.
 */
export class PagesInMemory {
  readonly #pages = new Map<string, PageInMemory>()
  readonly #arrivals = new Map<string, Arrival>()
  /** The newest revision that was taken up for each address of an incident, whatever became of it. */
  readonly #newest = new Map<string, number>()
  /** What the store would have withdrawn. */
  #withdrawn: Superseding[] = []

  /** Ids of all that wait or are under way. */
  get ids(): ReadonlySet<string> {
    return new Set(this.#pages.keys())
  }

  get size(): number {
    return this.#pages.size
  }

  /** Takes up the pages of a turn that wake somebody; what it knows already stays as it is. */
  take(deliveries: readonly NewDelivery[], superseded: readonly Superseding[], at: EpochMs): void {
    for (const one of superseded) this.#withdraw(one)
    for (const delivery of deliveries) {
      if (isWakingPage(delivery)) this.#add(delivery, at, { dueAt: at, attempts: 0, maybeSent: false })
    }
  }

  /** A page the store holds as in flight has failed, and the store cannot be told: the next attempt is made from here. */
  retry(delivery: Delivery, dueAt: EpochMs, maybeSent: boolean): void {
    // The store handed it out before anything was withdrawn that it does not know of.
    if (!isWakingPage(delivery) || this.#withdrawn.some((one) => isWithdrawn(delivery, one))) return
    const { attempt: attempts, createdAt } = delivery
    this.#add(delivery, createdAt, { dueAt, attempts, maybeSent: maybeSent || delivery.maybeSent })
  }

  /** Whether a page of the store need not go out of memory as well: its address knows as much, or soon will. */
  covers(delivery: NewDelivery): boolean {
    const chain = chainOf(delivery)
    const { revision } = delivery.notification
    if ((this.#arrivals.get(chain)?.revision ?? 0) >= revision || (this.#newest.get(chain) ?? 0) > revision) return true
    if (this.#withdrawn.some((one) => isWithdrawn(delivery, one))) return true
    return [...this.#pages.values()].some((page) => page.chain === chain)
  }

  /** Begins an attempt at what is due at a receiver for the longest time; undefined when nothing is. */
  claim(receiver: string, now: EpochMs): { readonly delivery: NewDelivery; readonly attempt: number } | undefined {
    const busy = this.#busyChains()
    let next: PageInMemory | undefined
    for (const page of this.#pages.values()) {
      if (page.delivery.receiver !== receiver || page.dueAt > now || busy.has(page.chain)) continue
      if (next === undefined || page.dueAt < next.dueAt) next = page
    }
    return next === undefined ? undefined : begin(next, now)
  }

  /** Begins an attempt at a page that the store holds and nobody can claim. */
  adopt(delivery: Delivery, now: EpochMs): void {
    const page = { dueAt: now, attempts: delivery.attempt - 1, maybeSent: delivery.maybeSent }
    this.#add(delivery, delivery.createdAt, page)
    const added = this.#pages.get(delivery.id)
    if (added !== undefined) begin(added, now)
  }

  /** What an attempt needs to know beside the message. */
  particulars(
    id: string,
  ): Pick<Delivery, 'createdAt' | 'maybeSent'> & { readonly reference: string | null | undefined } {
    const page = this.#pages.get(id)
    const arrival = page === undefined ? undefined : this.#arrivals.get(page.chain)
    return {
      createdAt: page?.createdAt ?? 0,
      maybeSent: page?.maybeSent ?? false,
      reference: arrival === undefined ? undefined : arrival.reference,
    }
  }

  /** When the attempt under way began; undefined where none is of that number. */
  underWaySince(id: string, attempt: number): EpochMs | undefined {
    const page = this.#pages.get(id)
    return page?.attempts === attempt ? page.startedAt : undefined
  }

  isUnderWay(id: string): boolean {
    return this.receiverUnderWay(id) !== undefined
  }

  /** To whom an attempt is under way. */
  receiverUnderWay(id: string): string | undefined {
    const page = this.#pages.get(id)
    return page !== undefined && isUnderWay(page) ? page.delivery.receiver : undefined
  }

  /** It need not go out any more. */
  drop(id: string): void {
    this.#pages.delete(id)
  }

  settle(id: string, outcome: Outcome, retryAt: EpochMs | undefined): void {
    const page = this.#pages.get(id)
    if (page === undefined) return
    page.startedAt = undefined
    if (outcome.kind === 'ambiguous') page.maybeSent = true
    if (outcome.kind === 'delivered') this.arrived(page.delivery, page.createdAt, outcome.reference ?? null)
    const isOver = outcome.kind === 'delivered' || retryAt === undefined
    if (isOver || page.isWithdrawn || this.#isOvertaken(page)) this.#pages.delete(id)
    else page.dueAt = retryAt
  }

  /** A message is known to have arrived, and the store does not know it yet. */
  arrived(delivery: NewDelivery, createdAt: EpochMs, reference: string | null): void {
    const { episode, notification } = delivery
    const { key, revision } = notification
    const known = this.#arrivals.get(chainOf(delivery))
    this.#arrivals.set(chainOf(delivery), {
      key,
      episode,
      revision: Math.max(revision, known?.revision ?? 0),
      createdAt: Math.max(createdAt, known?.createdAt ?? 0),
      reference: known?.reference ?? reference,
    })
  }

  /** When the next page can be claimed at a receiver; undefined when none waits. */
  nextDueAt(receiver: string): EpochMs | undefined {
    const busy = this.#busyChains()
    const waiting = [...this.#pages.values()].filter(
      ({ delivery, chain }) => delivery.receiver === receiver && !busy.has(chain),
    )
    return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ dueAt }) => dueAt))
  }

  /** What the store cannot know of the pages of an incident. */
  progress(key: string, episode: EpochMs, since: EpochMs): PageProgress {
    const arrivals = [...this.#arrivals.values()]
    const own = [...this.#pages.values()].filter(
      ({ delivery, createdAt }) =>
        delivery.notification.key === key && delivery.episode === episode && createdAt >= since,
    )
    return {
      delivered: arrivals.some((one) => one.key === key && one.episode === episode && one.createdAt >= since),
      moving: own.length > 0,
      waitingSince: own.length === 0 ? null : Math.min(...own.map(({ createdAt }) => createdAt)),
    }
  }

  /** The store knows everything again: what waits is claimed there. Attempts under way come to their end. */
  handOver(): void {
    for (const [id, page] of this.#pages) if (!isUnderWay(page)) this.#pages.delete(id)
    this.#arrivals.clear()
    this.#newest.clear()
    this.#withdrawn = []
  }

  #add(delivery: NewDelivery, createdAt: EpochMs, own: Pick<PageInMemory, 'dueAt' | 'attempts' | 'maybeSent'>): void {
    const chain = chainOf(delivery)
    const { id, notification } = delivery
    if (this.#pages.has(id) || (this.#arrivals.get(chain)?.revision ?? 0) >= notification.revision) return
    let { dueAt, maybeSent } = own
    for (const page of this.#pages.values()) {
      if (page.chain !== chain) continue
      if (page.delivery.notification.revision > notification.revision) return
      if (isUnderWay(page)) continue
      dueAt = Math.min(dueAt, page.dueAt)
      maybeSent ||= page.maybeSent
      this.#pages.delete(page.delivery.id)
    }
    const { attempts } = own
    this.#newest.set(chain, notification.revision)
    this.#pages.set(id, {
      delivery,
      chain,
      createdAt,
      dueAt,
      attempts,
      maybeSent,
      startedAt: undefined,
      isWithdrawn: false,
    })
  }

  /** An address of an incident is told one thing at a time: what waits for that has no time at which it is due. */
  #busyChains(): ReadonlySet<string> {
    return new Set([...this.#pages.values()].filter(isUnderWay).map(({ chain }) => chain))
  }

  #isOvertaken({ chain, delivery }: PageInMemory): boolean {
    const { revision } = delivery.notification
    return [...this.#pages.values()].some(
      (page) => page.chain === chain && page.delivery.notification.revision > revision,
    )
  }

  #withdraw(superseding: Superseding): void {
    this.#withdrawn.push(superseding)
    for (const [id, page] of this.#pages) {
      if (!isWithdrawn(page.delivery, superseding)) continue
      if (isUnderWay(page)) page.isWithdrawn = true
      else this.#pages.delete(id)
    }
  }
}

function isWithdrawn({ notification, episode }: NewDelivery, superseding: Superseding): boolean {
  if (notification.key !== superseding.key || episode !== superseding.episode) return false
  return !superseding.remindersOnly || notification.change === 'repeated' || notification.change === 'handed-on'
}

function isWakingPage({ notification }: NewDelivery): boolean {
  const { kind, status, severity, wakes } = notification
  return kind === 'incident' && status === 'firing' && severity === 'page' && wakes
}

function begin(page: PageInMemory, now: EpochMs) {
  page.startedAt = now
  page.attempts++
  return { delivery: page.delivery, attempt: page.attempts }
}

function isUnderWay({ startedAt }: PageInMemory): boolean {
  return startedAt !== undefined
}

/** Everything one address is told of one incident. */
function chainOf({ receiver, recipient, episode, notification }: NewDelivery): string {
  return JSON.stringify([receiver, recipient, notification.key, episode])
}
