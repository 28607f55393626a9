import type { AlertState, Episode, FiredRule } from '../../src/core/model/alert.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../src/core/model/units.ts'
import { formatDuration } from '../../src/core/time/duration.ts'
import type { InboxMessage } from '../../src/ports/inbox.ts'
import type { BurnRateStatus, ScopeStatus, SloStatus } from '../../src/ports/slo-status.ts'
import type { CardinalityReport, SourceStatus, StatusView } from '../../src/ports/status-view.ts'

export const now: EpochMs = Date.UTC(2026, 10, 21, 12, 0, 15)

export const alertWindowsMs = [5 * minuteMs, 30 * minuteMs, hourMs, 2 * hourMs, 6 * hourMs, dayMs, 3 * dayMs]

export const fastBurn: FiredRule = {
  longMs: hourMs,
  shortMs: 5 * minuteMs,
  burnRate: 14.4,
  longBurnRate: 16.2,
  shortBurnRate: 1000,
}

export function aScope(scope: string, overrides: Partial<ScopeStatus> = {}): ScopeStatus {
  const { consumed = 900 / 8640, remaining = 1 - 900 / 8640 } = overrides
  return {
    scope,
    state: 'ok',
    problem: null,
    counts: { bad: 900, total: 8_640_000 },
    countedSinceStart: { bad: 12, total: 120_000 },
    sli: 1 - 900 / 8_640_000,
    consumed,
    remaining,
    projected: { consumed, remaining },
    coverage: 1,
    at: now - 15_000,
    burnRates: alertWindowsMs.map((windowMs) => aBurnRate(windowMs, 3, 30_000)),
    alerts: [
      { severity: 'page', state: { kind: 'inactive' } },
      { severity: 'ticket', state: { kind: 'inactive' } },
    ],
    ...overrides,
  }
}

export function aBurnRate(windowMs: number, bad: number, total: number): BurnRateStatus {
  const errorRatio = total === 0 ? null : bad / total
  return { windowMs, bad, total, errorRatio, burnRate: errorRatio === null ? null : errorRatio / 0.001 }
}

/** A scope of which nothing is known but its name. */
export function anUnknownScope(scope: string): ScopeStatus {
  const unknown = { counts: null, countedSinceStart: null, sli: null, consumed: null, remaining: null, coverage: null }
  return aScope(scope, { ...unknown, state: 'no-data', at: null, burnRates: [] })
}

export function anSlo(name: string, overrides: Partial<SloStatus> = {}): SloStatus {
  return {
    name,
    service: 'checkout',
    description: 'Orders that were taken',
    group: {},
    labels: { team: 'payments' },
    runbook: 'https://wiki.example.com/checkout',
    dashboard: null,
    objective: 0.999,
    unit: 'events',
    secondsEach: null,
    window: '30d',
    rules: [
      { severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 14.4 },
      { severity: 'page', longMs: 6 * hourMs, shortMs: 30 * minuteMs, burnRate: 6 },
      { severity: 'ticket', longMs: dayMs, shortMs: 2 * hourMs, burnRate: 3 },
      { severity: 'ticket', longMs: 3 * dayMs, shortMs: 6 * hourMs, burnRate: 1 },
    ],
    scopes: [aScope('global'), aScope('eu-west-1'), aScope('us-east-1')],
    ...overrides,
  }
}

/** A region whose page is open. */
export function aBurningScope(scope: string): ScopeStatus {
  const firing: AlertState = { kind: 'firing', since: now - 4 * minuteMs, rule: fastBurn }
  return aScope(scope, {
    counts: { bad: 10_100, total: 8_640_000 },
    sli: 1 - 10_100 / 8_640_000,
    consumed: 10_100 / 8640,
    remaining: 1 - 10_100 / 8640,
    burnRates: [
      aBurnRate(5 * minuteMs, 1000, 1000),
      aBurnRate(30 * minuteMs, 1000, 30_000),
      aBurnRate(hourMs, 1000, 61_728),
      aBurnRate(2 * hourMs, 1000, 123_000),
      aBurnRate(6 * hourMs, 1000, 370_000),
      aBurnRate(dayMs, 1000, 1_480_000),
      aBurnRate(3 * dayMs, 1100, 4_440_000),
    ],
    alerts: [
      { severity: 'page', state: firing },
      { severity: 'ticket', state: { kind: 'inactive' } },
    ],
  })
}

export function anEpisode(slo: string, overrides: Partial<Episode> = {}): Episode {
  const id = { slo, scope: 'eu-west-1', severity: 'page' } as const
  return { id, service: 'checkout', firedAt: now - 4 * minuteMs, resolvedAt: null, rule: fastBurn, ...overrides }
}

/** One SLO of one metric from one source. */
export const aCardinality: CardinalityReport = {
  series: 24,
  targets: 4,
  refused: 0,
  slos: [{ name: 'checkout-availability', series: 24 }],
  metrics: [{ name: 'http_requests_total', series: 24 }],
  sources: [{ name: 'eu', series: 24 }],
}

export interface ViewParts {
  readonly slos?: readonly SloStatus[]
  readonly episodes?: readonly Episode[]
  readonly sources?: readonly SourceStatus[]
  readonly notReady?: readonly string[]
}

export function aView({ slos = [], episodes = [], sources = [], notReady = [] }: ViewParts = {}): StatusView {
  return {
    slos: () => slos,
    slo: (name) => slos.find((slo) => slo.name === name),
    episodes: async ({ activeOnly, limit }) =>
      episodes.filter(({ resolvedAt }) => !activeOnly || resolvedAt === null).slice(0, limit),
    cardinality: () => aCardinality,
    sources: () => sources,
    notReadyReasons: () => notReady,
  }
}

/** One region burns, one is dark, one is idle, one has just begun: everything the page must be able to say. */
export function anIncident(): StatusView {
  const idle = alertWindowsMs.map((windowMs) => aBurnRate(windowMs, 0, 0))
  return aView({
    slos: [
      anSlo('catalogue-availability', { service: 'catalogue', objective: 0.9995, window: formatDuration(7 * dayMs) }),
      anSlo('checkout-availability', {
        scopes: [
          aScope('global', { remaining: 0.18, state: 'partial' }),
          aBurningScope('eu-west-1'),
          aScope('us-east-1'),
        ],
      }),
      anSlo('search-latency', {
        service: 'search',
        description: '',
        runbook: null,
        scopes: [
          aScope('global', { state: 'stale', coverage: 0.62 }),
          aScope('ap-south-1', {
            state: 'no-traffic',
            counts: { bad: 0, total: 0 },
            sli: null,
            consumed: null,
            remaining: null,
            burnRates: idle,
          }),
          anUnknownScope('sa-east-1'),
        ],
      }),
    ],
    episodes: [
      anEpisode('checkout-availability'),
      anEpisode('search-latency', { service: 'search', firedAt: now - 3 * hourMs, resolvedAt: now - 2 * hourMs }),
    ],
    sources: [
      { name: 'eu', kind: 'scrape', region: 'eu-west-1', watermark: now - 4_000, problem: null },
      {
        name: 'us',
        kind: 'scrape',
        region: 'us-east-1',
        watermark: now - hourMs,
        problem: 'connect ECONNREFUSED 127.0.0.1:9100',
      },
      { name: 'push', kind: 'remoteWrite', region: null, watermark: null, problem: null },
    ],
  })
}

export const messages: readonly InboxMessage[] = [
  {
    at: now - 3 * minuteMs,
    status: 'firing',
    severity: 'page',
    title: 'checkout-availability burns its error budget 16 times too fast in eu-west-1',
    text: '1 h: 16.2×, 5 min: 1000×.\nBudget left: −16.9 % of 30d.',
  },
  {
    at: now - 2 * hourMs,
    status: 'resolved',
    severity: 'page',
    title: 'search-latency is resolved in global',
    text: 'It fired for 1 h.',
  },
]

/** What an engine tells whose disk is full, and that lost a receiver. */
export const inTrouble: Pick<StatusView, 'storeOutage' | 'deadLetters'> = {
  storeOutage: () => ({ since: now, reason: 'database or disk is full', held: 7 }),
  deadLetters: async () => [
    {
      id: 'd1',
      receiver: 'pager',
      recipient: '',
      key: 'checkout',
      episode: now,
      revision: 2,
      messageStatus: 'resolved',
      change: 'resolved',
      status: 'dead',
      attempts: 1,
      createdAt: now,
      settledAt: Date.UTC(2026, 10, 21, 2, 41),
      reason: 'the receiver "pager" is not in the config any more',
    },
  ],
}
