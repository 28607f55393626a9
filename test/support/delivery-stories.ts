import type { Delivery } from '../../src/core/model/delivery.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { aDelivery, aNotification, aResolve, firedAt } from './delivery-messages.ts'

/** Six quiet hours, then a burn that begins at 02:41, and ends after so many of the last steps where it is over. */
function burnedSince(at: number, calmSteps: number): Pick<Notification, 'history' | 'traffic'> {
  const from = at - 6 * hourMs
  const burnRates = Array.from({ length: 72 }, (_, index) => {
    const end = from + (index + 1) * 5 * minuteMs
    if (index >= 8 && index < 11) return null
    if (index >= 72 - calmSteps) return 0.049
    const burning = Math.min(5 * minuteMs, Math.max(0, end - firedAt)) / (5 * minuteMs)
    return 91 * burning + 0.3 + 0.2 * Math.sin(index)
  })
  return { history: { from, stepMs: 5 * minuteMs, burnRates }, traffic: { perSecond: 812, usualPerSecond: 790 } }
}

/** What stands around a page on a bad night. */
const around = {
  ...burnedSince(firedAt + 12 * minuteMs, 0),
  budget: {
    bad: 812_000,
    total: 2_098_000_000,
    remaining: 0.613,
    timeToExhaustionMs: 17_460_900,
    exhaustion: { lowMs: 4 * hourMs, highMs: 6.5 * hourMs },
  },
  spent: { since: firedAt, bad: 53_200, ofBudget: 0.0254 },
  annotations: [
    {
      kind: 'deploy',
      text: '4f2c1a9',
      region: 'eu-west-1',
      at: firedAt - 4 * minuteMs,
      beforeMs: 4 * minuteMs,
      url: 'https://ci.example.com/runs/4711',
    },
  ],
  exemplars: [
    {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      region: 'eu-west-1',
      at: firedAt + 11 * minuteMs,
      value: 0.734,
      url: 'https://traces.example.com/trace/4bf92f3577b34da6a3ce929d0e0e4736',
    },
    {
      traceId: '7d1c2b9a0e4f4c5b8a6d3e2f1a0b9c8d',
      spanId: null,
      region: 'eu-west-1',
      at: firedAt + 10 * minuteMs,
      value: null,
      url: null,
    },
  ],
} as const

const alert = { slo: 'checkout-availability', firedAt, resolvedAt: null, hushedBy: null }

/** A value that is out of bounds for half of five minutes: its events are milliseconds, and nobody sends requests to it. */
const lagging: Partial<Notification> = {
  slo: 'orders-replication-lag',
  service: 'orders-db',
  description: 'Orders are no more than three seconds behind in every region.',
  measure: { kind: 'time' },
  short: { bad: 150_000, total: 300_000, errorRatio: 0.5, burnRate: 500 },
  long: { bad: 150_000, total: 3_600_000, errorRatio: 0.0417, burnRate: 41.7 },
  budget: { bad: 1_150_000, total: 2_592_000_000, remaining: 0.5563, timeToExhaustionMs: 2_884_000 },
  spent: { since: firedAt, bad: 150_000, ofBudget: 0.0579 },
  traffic: { perSecond: 1_000, usualPerSecond: 1_000 },
  regions: [{ region: 'eu-west-1', burnRate: 500, state: 'ok', share: 1 }],
}

/** The messages that every kind of receiver is looked at with, by name. */
export const stories: Readonly<Record<string, Delivery>> = {
  firing: aDelivery(aNotification(around)),
  escalated: later({
    ...around,
    change: 'escalated',
    sev: 'SEV1',
    scope: 'global',
    revision: 3,
    alerts: [
      { ...alert, scope: 'global', severity: 'page' },
      { ...alert, scope: 'eu-west-1', severity: 'page' },
      { ...alert, scope: 'eu-west-1', severity: 'ticket', firedAt: firedAt - hourMs },
    ],
    rule: {
      longMs: hourMs,
      shortMs: 5 * minuteMs,
      burnRate: 14.4,
      because: 'burn',
      evidence: {
        since: firedAt,
        bad: 22_168,
        total: 243_600,
        unit: 'events',
        allowed: 243.6,
        odds: null,
        chanceOnceInMs: 1_000 * 365 * 24 * hourMs,
        again: 1,
      },
    },
  }),
  grouped: later({
    ...around,
    change: 'updated',
    wakes: false,
    revision: 4,
    alerts: [
      { ...alert, scope: 'eu-west-1', severity: 'page' },
      { ...alert, slo: 'checkout-latency', scope: 'eu-west-1', severity: 'page', firedAt: firedAt + minuteMs },
      { ...alert, slo: 'checkout-freshness', scope: 'eu-west-1', severity: 'ticket', hushedBy: 'silence 3f1c' },
    ],
    members: [
      {
        slo: 'checkout-latency',
        service: 'checkout',
        severity: 'page',
        scopes: ['eu-west-1'],
        since: firedAt + minuteMs,
        resolvedAt: null,
      },
      {
        slo: 'checkout-freshness',
        service: 'checkout',
        severity: 'ticket',
        scopes: ['eu-west-1', 'us-east-1'],
        since: firedAt + 2 * minuteMs,
        resolvedAt: firedAt + 9 * minuteMs,
      },
    ],
    acknowledgement: { by: 'ana', at: firedAt + 5 * minuteMs, until: firedAt + 4 * hourMs },
    flapping: { openings: 4 },
  }),
  ticket: aDelivery(aNotification({ ...around, severity: 'ticket' })),
  lagging: aDelivery(aNotification(lagging)),
  resolved: {
    ...later({}),
    ...aDelivery(
      aResolve({
        ...around,
        ...burnedSince(firedAt + 38 * minuteMs, 1),
        budget: { bad: 927_300, total: 2_098_200_000, remaining: 0.558, timeToExhaustionMs: null },
        spent: { since: firedAt, bad: 168_500, ofBudget: 0.0803 },
      }),
    ),
    opens: false,
    openReference: 'C0INCIDENTS:1795228860.000100',
  },
  blind: aDelivery(
    aNotification({
      scope: 'ap-south-1',
      data: {
        cause: 'blind',
        state: 'no-data',
        since: firedAt - 10 * minuteMs,
        events: null,
        usualEvents: null,
        overMs: null,
      },
      regions: [
        { region: 'us-east-1', burnRate: 0.4, state: 'ok', share: 0.9 },
        { region: 'eu-west-1', burnRate: 0.049, state: 'ok', share: 0.1 },
        { region: 'ap-south-1', burnRate: null, state: 'no-data', share: null },
      ],
      short: { bad: 0, total: 0, errorRatio: null, burnRate: null },
      long: { bad: 40, total: 812_000, errorRatio: 0.000049, burnRate: 0.049 },
      budget: { bad: 812_000, total: 2_098_000_000, remaining: 0.613, timeToExhaustionMs: null },
    }),
  ),
}

function later(changes: Partial<Notification>): Delivery {
  return aDelivery(aNotification(changes), { opens: false, openReference: 'C0INCIDENTS:1795228860.000100' })
}
