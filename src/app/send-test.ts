import { randomUUID } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { Delivery, Outcome } from '../core/model/delivery.ts'
import { attemptTimeoutMs } from '../core/model/limits.ts'
import type { Notification } from '../core/model/notification.ts'
import { hourMs, minuteMs } from '../core/model/units.ts'
import { buildReceiver } from '../delivery/receivers/registry.ts'
import { silentLog } from '../ports/log.ts'
import { silentMeter } from '../ports/meter.ts'
import type { Receiver } from '../ports/receiver.ts'
import { guardOf } from './outputs.ts'
import { systemClock } from './system-clock.ts'

/** What became of a test message to one address. */
export interface SentTest {
  readonly receiver: string
  readonly kind: string
  /** "" where the receiver has only one address. */
  readonly recipient: string
  /** Of the opening, and of the end that follows where the opening arrived. */
  readonly outcomes: readonly Outcome[]
  /** Templates of the receiver that failed, so that the built-in text went out. */
  readonly failedTemplates: number
}

/**
 * Sends a message that says that it is a test, and then its end, to every address of the receivers named: one attempt each, over
 * the same code as any page. It is a ticket, so that nobody is mentioned or woken.
 */
export async function sendTest(config: Config, names: readonly string[]): Promise<readonly SentTest[]> {
  const sent: SentTest[] = []
  for (const one of config.receivers.filter(({ name }) => names.includes(name))) {
    let failedTemplates = 0
    const meter = {
      ...silentMeter,
      count: (name: string) => void (failedTemplates += name === 'sloburn_template_failures_total' ? 1 : 0),
    }
    const { listen, delivery, externalUrl = `http://${listen.http.host}:${listen.http.port}` } = config
    const guard = guardOf(delivery)
    const receiver = buildReceiver(one, { clock: systemClock, log: silentLog, meter, externalUrl, guard })
    for (const recipient of receiver.recipients) {
      const outcomes = await openAndEnd(receiver, recipient)
      sent.push({ receiver: one.name, kind: one.kind, recipient, outcomes, failedTemplates })
    }
  }
  return sent
}

async function openAndEnd(receiver: Receiver, recipient: string): Promise<readonly Outcome[]> {
  const now = systemClock.now()
  const id = randomUUID()
  const open = deliveryOf(receiver, recipient, id, aTest(id, now, null))
  const opened = await sendOnce(receiver, open)
  if (opened.kind !== 'delivered') return [opened]
  const end = deliveryOf(receiver, recipient, id, aTest(id, now, now + 1))
  return [opened, await sendOnce(receiver, { ...end, opens: false, openReference: opened.reference ?? null })]
}

async function sendOnce(receiver: Receiver, delivery: Delivery): Promise<Outcome> {
  try {
    return await receiver.send(delivery, AbortSignal.timeout(receiver.attemptTimeoutMs ?? attemptTimeoutMs))
  } catch (error) {
    return { kind: 'ambiguous', reason: `the receiver failed with ${error instanceof Error ? error.name : 'an error'}` }
  }
}

function deliveryOf(receiver: Receiver, recipient: string, id: string, notification: Notification): Delivery {
  return {
    id: `${id}-${notification.revision}`,
    receiver: receiver.name,
    recipient,
    episode: notification.firedAt,
    notification,
    attempt: 1,
    createdAt: notification.at,
    maybeSent: false,
    opens: true,
    openReference: null,
  }
}

const aTestScope = 'nothing is wrong'

/** The numbers of a quiet service: nobody should take them for an outage. */
function aTest(id: string, firedAt: number, resolvedAt: number | null): Notification {
  const reading = { bad: 0, total: 1_000, errorRatio: 0, burnRate: 0 }
  const isOver = resolvedAt !== null
  return {
    kind: 'incident',
    status: isOver ? 'resolved' : 'firing',
    change: isOver ? 'resolved' : 'opened',
    wakes: !isOver,
    key: `sloburn-test-${id}`,
    incidentId: id,
    revision: isOver ? 2 : 1,
    severity: 'ticket',
    sev: 'SEV4',
    slo: 'sloburn-test',
    service: 'sloburn',
    // Where a message has no room for the description, its title says it.
    scope: aTestScope,
    description: 'This is a test of a receiver: nothing is wrong, and nobody has to do anything.',
    labels: {},
    runbook: null,
    dashboard: null,
    objective: 0.999,
    window: '30d',
    firedAt,
    resolvedAt,
    at: resolvedAt ?? firedAt,
    rule: { longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 1 },
    long: reading,
    short: reading,
    budget: { bad: 0, total: 1_000, remaining: 1, timeToExhaustionMs: null },
    regions: [],
    data: null,
    alerts: [{ slo: 'sloburn-test', scope: aTestScope, severity: 'ticket', firedAt, resolvedAt, hushedBy: null }],
    members: [],
    annotations: [],
    exemplars: [],
    acknowledgement: null,
    flapping: null,
  }
}
