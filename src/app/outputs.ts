import { hash } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { IncidentPolicy } from '../core/incidents/incident-policy.ts'
import type { Route } from '../core/paging/route.ts'
import type { Routing } from '../core/paging/routing.ts'
import type { ProxySettings } from '../delivery/config.ts'
import { type TargetGuard, targetGuard } from '../delivery/guard.ts'
import { type RunningDelivery, startDelivery } from '../delivery/outbox-worker.ts'
import { proxyRules } from '../delivery/proxy.ts'
import type { ReceiverConfig } from '../delivery/receivers/config.ts'
import { buildReceiver } from '../delivery/receivers/registry.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Receiver } from '../ports/receiver.ts'
import type { Store } from '../ports/store.ts'

/** What delivery works with. */
export interface OutputWorld {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
}

/** Who is told, as the config says now. */
export interface OutputConfig extends Pick<Routing, 'fallback' | 'heartbeat'> {
  readonly receivers: readonly ReceiverConfig[]
  readonly routes: readonly Route[]
  readonly incidents: IncidentPolicy
  readonly externalUrl: string
  /** Internal names, addresses and networks that messages may go to. */
  readonly allowInternal?: readonly string[]
  /** The way out for messages over HTTP; straight where it is not given. */
  readonly proxy?: ProxySettings
}

/** The part of the config that says who is told. */
export function outputConfigOf(config: Config): OutputConfig {
  const { receivers, routes, incidents, fallback, heartbeat, externalUrl, listen, delivery } = config
  const { host, port } = listen.http
  return {
    receivers,
    routes,
    incidents,
    allowInternal: delivery.allowInternal,
    ...(delivery.proxy === undefined ? {} : { proxy: delivery.proxy }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
    externalUrl: externalUrl ?? `http://${host}:${port}`,
  }
}

/** Receivers and the delivery to them. */
export interface Outputs extends Addressees {
  /** There is something new in the outbox. */
  notify(): void
  /**
   * Goes on by another config at once, while attempts under way end by themselves. A receiver that was taken out gets no new
   * incident, but hears of the end of those it was told of.
   */
  change(config: OutputConfig): void
  /** Lets attempts under way finish. */
  stop(): Promise<void>
}

/** Who is told by one config. */
interface Addressees {
  readonly routing: Routing
  /** Everybody who is delivered to, also those that the config no longer names. */
  readonly receivers: readonly Receiver[]
}

/** Starts delivery. */
export function startOutputs(config: OutputConfig, world: OutputWorld): Outputs {
  let told = addresseesOf(config, world, [])
  const delivery: RunningDelivery = startDelivery({ ...world, receivers: told.receivers, random: Math.random })
  return {
    get routing() {
      return told.routing
    },
    get receivers() {
      return told.receivers
    },
    notify: () => delivery.notify(),
    change(next) {
      told = addresseesOf(next, world, told.receivers)
      delivery.change(told.receivers)
    },
    stop: () => delivery.stop(),
  }
}

function addresseesOf(config: OutputConfig, world: OutputWorld, earlier: readonly Receiver[]): Addressees {
  const { routes, incidents, externalUrl, fallback, heartbeat } = config
  const guard = guardOf(config)
  const named = config.receivers.map((one) => buildReceiver(one, { ...world, externalUrl, guard }))
  const byName = new Map(named.map((receiver) => [receiver.name, receiver]))
  const routing: Routing = {
    routes,
    recipientsOf: (name) => byName.get(name)?.recipients ?? [],
    traitsOf: (name) => {
      const { takesUpdates = false, takesDigests = false, refreshEveryMs } = byName.get(name) ?? {}
      return { takesUpdates, takesDigests, ...(refreshEveryMs === undefined ? {} : { refreshEveryMs }) }
    },
    ...(fallback === undefined ? {} : { fallback }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
    policy: incidents,
    digest: sha256,
    // Eighty bits: no two incidents ever meet.
    shortDigest: (text) => sha256(text).slice(0, 20),
  }
  return { routing, receivers: [...named, ...earlier.filter(({ name }) => !byName.has(name))] }
}

/** Where messages may go, and which way. */
export function guardOf({ allowInternal = [], proxy }: Pick<OutputConfig, 'allowInternal' | 'proxy'>): TargetGuard {
  return targetGuard(allowInternal, undefined, proxy === undefined ? undefined : proxyRules(proxy))
}

function sha256(text: string): string {
  return hash('sha256', text)
}
