import { createHash } from 'node:crypto'
import { systemClock } from '../../src/app/system-clock.ts'
import { standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import { startDelivery } from '../../src/delivery/outbox-worker.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { FaultDesk } from './fault-desk.ts'
import { aWebhook } from './faults-http.ts'
import type { AlertWords } from './incident-story.ts'
import { aMatcher } from './incident-story.ts'

/** What the replica is started with, as JSON on its command line. */
export interface ReplicaSettings {
  readonly store: string
  readonly hooks: readonly { readonly name: string; readonly url: string }[]
  /** A page inhibits tickets of the same region. */
  readonly inhibits: boolean
  readonly repeatEveryMs: number
  readonly attemptTimeoutMs: number
}

/** One order to the replica; each is answered once it is stored. */
export interface ReplicaOrder {
  readonly order: number
  readonly kind: 'fire' | 'resolve' | 'silence' | 'reload' | 'fail-once' | 'stop'
  readonly alerts: readonly AlertWords[]
  readonly firedAt?: number
  readonly minutes?: number
}

// Incidents, store, outbox and webhooks as the engine runs them, moved by alerts that a test names instead of samples.
const settings: ReplicaSettings = JSON.parse(process.argv[2])
const store = openSqliteStore(settings.store)
let failures = 0
const failing: typeof store = {
  ...store,
  commit: async (tick) => {
    if (failures > 0 && tick.incidents.length > 0) {
      failures--
      throw new Error('database or disk is full')
    }
    await store.commit(tick)
  },
}
const inhibition = {
  name: 'page',
  source: [aMatcher('severity="page"')],
  target: [aMatcher('severity="ticket"')],
  equal: ['region'],
}
const routing = () => ({
  routes: [{ match: {}, receivers: settings.hooks.map(({ name }) => name) }],
  // Where one receiver is compared with one, only what wakes somebody and the end are counted.
  traitsOf: () => ({ takesUpdates: settings.hooks.length > 1, takesDigests: false }),
  policy: {
    ...standardIncidentPolicy,
    groupWithinMs: 0,
    resolveAfterMs: 0,
    updateEveryMs: 0,
    repeatEveryMs: settings.repeatEveryMs,
    inhibitions: settings.inhibits ? [inhibition] : [],
    flapping: { ...standardIncidentPolicy.flapping, openings: 1_000 },
  },
  digest: (text: string) => createHash('sha256').update(text).digest('hex'),
})
const desk = await new FaultDesk(failing, () => Date.now(), routing()).restore()
const receivers = settings.hooks.map(({ name, url }) => aWebhook(url, settings.attemptTimeoutMs, name))
const delivery = startDelivery({
  store,
  receivers,
  clock: systemClock,
  random: Math.random,
  log: silentLog,
  meter: silentMeter,
})

/** One thing at a time, as in the engine's loop. */
let last: Promise<unknown> = Promise.resolve()
function inTurn(action: () => Promise<void>): Promise<void> {
  const done = last.then(action)
  last = done.catch(() => {})
  return done
}

const ticking = setInterval(() => void inTurn(turn).catch(() => {}), 100)
process.on('message', (order: ReplicaOrder) => {
  void inTurn(() => carryOut(order)).then(
    () => process.send?.({ order: order.order, error: null }),
    (error: unknown) => process.send?.({ order: order.order, error: String(error) }),
  )
})
process.on('SIGTERM', () => void inTurn(stop))
process.send?.({ order: 0, error: null })

async function turn(): Promise<void> {
  await desk.turn()
  delivery.notify()
}

async function carryOut({ kind, alerts, firedAt, minutes = 60 }: ReplicaOrder): Promise<void> {
  if (kind === 'stop') return await stop()
  if (kind === 'fail-once') failures = 1
  if (kind === 'reload') desk.routing = { ...desk.routing, ...routing() }
  desk.eventTime = kind === 'fire' ? firedAt : undefined
  try {
    if (kind === 'fire') await desk.fire(...alerts)
    if (kind === 'resolve') await desk.resolve(...alerts)
    const matchers = alerts.map((words) => `slo="${words.split(' ')[0]}"`)
    if (kind === 'silence') await desk.silence(`s${Date.now()}`, matchers, minutes)
  } finally {
    desk.eventTime = undefined
  }
  delivery.notify()
}

async function stop(): Promise<void> {
  clearInterval(ticking)
  await delivery.stop(100)
  await store.close()
  process.disconnect()
}
