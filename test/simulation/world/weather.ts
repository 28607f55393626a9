import { setImmediate } from 'node:timers/promises'
import type { Delivery, Outcome } from '../../../src/core/model/delivery.ts'
import { secondMs } from '../../../src/core/model/units.ts'
import type { Receiver } from '../../../src/ports/receiver.ts'
import { PagerModel } from '../../support/pager-model.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'
import type { Chance } from './chance.ts'

/** What a pager does with a request; what it took although its answer was lost is the hard part. */
export const weathers = [
  'fine',
  'refuses',
  'limits',
  'hangs',
  'loses',
  'took-and-reset',
  'took-and-hangs',
  'throws',
] as const
export type Weather = (typeof weathers)[number]

/** A pager in changing weather, and everything it took. */
export class WeatheredPager {
  readonly model = new PagerModel()
  readonly taken: { readonly delivery: Delivery; readonly at: number }[] = []
  weather: Weather = 'fine'
  /** Told of every attempt. */
  onAttempt: (delivery: Delivery) => void = () => {}
  readonly #clock: VirtualClock
  readonly #chance: Chance
  readonly #tell: (line: string) => void
  readonly #name: string

  constructor(name: string, clock: VirtualClock, chance: Chance, tell: (line: string) => void) {
    this.#name = name
    this.#clock = clock
    this.#chance = chance
    this.#tell = tell
  }

  /** As a process sees it; `isDead` says whether that process is gone, so that nothing more leaves it. */
  receiver(isDead: () => boolean): Receiver {
    return {
      name: this.#name,
      kind: 'simulated',
      recipients: [''],
      send: (delivery, signal) => this.#send(delivery, signal, isDead),
    }
  }

  async #send(delivery: Delivery, signal: AbortSignal, isDead: () => boolean): Promise<Outcome> {
    await setImmediate()
    if (isDead()) return { kind: 'ambiguous', reason: 'dead' }
    const { weather } = this
    this.onAttempt(delivery)
    this.#tell(
      `${this.#name} ${weather}: ${delivery.notification.status} ${delivery.notification.key} rev ${delivery.notification.revision} attempt ${delivery.attempt}`,
    )
    if (weather === 'fine' || weather.startsWith('took')) this.#take(delivery)
    if (weather === 'fine') return { kind: 'delivered' }
    if (weather === 'refuses') return { kind: 'retry', reason: 'HTTP 503' }
    if (weather === 'limits')
      return { kind: 'retry', reason: 'HTTP 429', afterMs: (1 + this.#chance.below(30)) * secondMs }
    if (weather === 'throws') throw new TypeError('a bug')
    if (weather.endsWith('hangs')) {
      await this.#clock.sleepUntil(this.#clock.now() + 3_600_000, signal).catch(() => {})
      return { kind: 'ambiguous', reason: 'no answer' }
    }
    return { kind: 'ambiguous', reason: 'connection lost' }
  }

  #take(delivery: Delivery): void {
    const at = this.#clock.now()
    const { notification, episode } = delivery
    if (notification.kind !== 'digest') {
      this.taken.push({ delivery, at })
      this.model.take(notification, episode, at)
      return
    }
    for (const entry of notification.entries) {
      // One that is over by then is told in the digest alone.
      if (entry.status === 'resolved') this.model.take({ ...entry, status: 'firing' }, entry.firedAt, at)
      this.taken.push({ delivery: { ...delivery, notification: entry, episode: entry.firedAt }, at })
      this.model.take(entry, entry.firedAt, at)
    }
  }
}
