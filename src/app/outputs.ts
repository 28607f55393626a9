import { createHash } from 'node:crypto'
import type { Routing } from '../core/paging/plan.ts'
import type { Route } from '../core/paging/route.ts'
import { type RunningDelivery, startDelivery } from '../delivery/outbox-worker.ts'
import type { ReceiverConfig } from '../delivery/receivers/config.ts'
import { buildReceiver } from '../delivery/receivers/registry.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Store } from '../ports/store.ts'

export interface OutputWorld {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
}

/** Who is told, as the config says now. */
export interface OutputConfig {
  readonly receivers: readonly ReceiverConfig[]
  readonly routes: readonly Route[]
  readonly externalUrl: string
}

/** Receivers and the delivery to them. */
export interface Outputs {
  readonly routing: Routing
  /** There is something new in the outbox. */
  notify(): void
  /** Lets attempts under way finish. */
  stop(): Promise<void>
}

export function startOutputs({ receivers: configs, routes, externalUrl }: OutputConfig, world: OutputWorld): Outputs {
  const receivers = configs.map((config) => buildReceiver(config, { clock: world.clock, externalUrl }))
  const recipients = new Map(receivers.map((receiver) => [receiver.name, receiver.recipients]))
  const delivery: RunningDelivery = startDelivery({ ...world, receivers, random: Math.random })
  return {
    routing: { routes, recipientsOf: (name) => recipients.get(name) ?? [], digest: sha256 },
    notify: () => delivery.notify(),
    stop: () => delivery.stop(),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
