import type { TestContext } from 'node:test'
import type { Annotation } from '../../src/core/model/annotation.ts'
import type { Incident } from '../../src/core/model/incident.ts'
import type { Silence } from '../../src/core/model/silence.ts'
import type { DefinitionView } from '../../src/ports/definition-view.ts'
import type { ExclusionBoard } from '../../src/ports/exclusion-board.ts'
import type { ExclusionRecord } from '../../src/ports/exclusions.ts'
import type { HistoryView } from '../../src/ports/history-view.ts'
import type { HttpRoute } from '../../src/ports/http-route.ts'
import type { IncidentBoard } from '../../src/ports/incident-board.ts'
import { type Log, silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import type { IncidentTimeline } from '../../src/ports/store.ts'
import { startServer } from '../../src/web/server.ts'
import { type WebOptions, webRoutes } from '../../src/web/web-routes.ts'
import { aNotification, anIncident as aStoredIncident } from '../support/delivery-messages.ts'
import { aView, now } from './status-fixture.ts'

/** One exclusion that was taken back, and one that can be. */
const someExclusions: ExclusionBoard = {
  list: async (withRemoved) =>
    withRemoved ? [anExclusion('a', now), anExclusion('b', null)] : [anExclusion('b', null)],
  add: async (wanted) => (wanted.reason === 'too many' ? 'there are too many' : anExclusion('c', null)),
  remove: async (id) => id === 'b',
  audit: async () => [{ exclusionId: 'a', action: 'removed', at: now, author: 'bob', reason: 'wrong day' }],
}

function anExclusion(id: string, removedAt: number | null): ExclusionRecord {
  return {
    exclusion: {
      id,
      matches: { slos: ['checkout-availability'], services: [], regions: [] },
      schedule: { kind: 'once', from: now - 7_200_000, to: now - 3_600_000 },
      mute: false,
      excludeFromBudget: true,
      author: 'ada',
      reason: 'load test',
      at: null,
    },
    createdAt: now - 60_000,
    removed: removedAt === null ? null : { at: removedAt, author: 'bob', reason: 'wrong day' },
  }
}

/** One incident with everything that an incident can have, and things to silence and annotate. */
export const someIncidents: IncidentBoard = {
  incidents: async () => [knownIncident],
  timeline: async (id) => (id === knownIncident.id ? { ...knownTimeline } : undefined),
  acknowledge: async (id) => (id === knownIncident.id ? knownIncident : undefined),
  silences: () => [silenceOf({})],
  silence: async (wanted) => silenceOf({ ...wanted, startsAt: wanted.startsAt ?? now }),
  endSilence: async (id) => id === 's1',
  annotations: () => [annotationOf({})],
  annotate: async (wanted) => annotationOf({ ...wanted, at: wanted.at ?? now }),
  withdrawAnnotation: async (id) => id === 'a1',
}

const knownIncident: Incident = aStoredIncident({
  acknowledgement: { by: 'ana', at: now, until: now + 60_000, note: '' },
  words: aNotification(),
})

const knownTimeline: IncidentTimeline = {
  incident: knownIncident,
  events: [{ incidentId: knownIncident.id, sequence: 1, at: now, kind: 'opened', about: null, reason: 'it burns' }],
  deliveries: [
    {
      id: 'd1',
      receiver: 'oncall',
      recipient: '',
      key: knownIncident.key,
      episode: knownIncident.openedAt,
      revision: 1,
      messageStatus: 'firing',
      change: 'opened',
      status: 'delivered',
      attempts: 1,
      createdAt: now,
      settledAt: now,
      reason: null,
    },
  ],
  attempts: [{ deliveryId: 'd1', attempt: 1, startedAt: now, endedAt: now, outcome: 'delivered', reason: null }],
  burnRates: [
    {
      incidentId: knownIncident.id,
      at: now,
      readings: [{ slo: 'checkout-availability', scope: 'eu-west-1', windowMs: 300_000, burnRate: 91 }],
    },
  ],
}

function silenceOf(changes: Partial<Silence>): Silence {
  return {
    id: 's1',
    matchers: [{ label: 'slo', operator: '=~', value: 'check.*' }],
    startsAt: now,
    endsAt: now + 60_000,
    createdBy: 'ana',
    createdAt: now,
    comment: 'migration',
    endedBy: null,
    ...changes,
  }
}

function annotationOf(changes: Partial<Annotation>): Annotation {
  return {
    id: 'a1',
    kind: 'deploy',
    text: '4f2c1a9',
    service: null,
    region: null,
    at: now,
    url: null,
    createdBy: 'ci',
    ...changes,
  }
}

/** Starts a server with these routes on a free port of loopback; it is closed when the test ends. */
export async function serving(t: TestContext, routes: readonly HttpRoute[], log: Log = silentLog): Promise<string> {
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes, log })
  t.after(() => server.close())
  return server.url
}

/** Only a receiver called phone is posted to, and takes everything for genuine that is not empty. */
const someCallbacks: NonNullable<WebOptions['callbacks']> = {
  callbackOf: (name) => {
    if (name !== 'phone') return undefined
    return ({ body }) => (body.length <= 2 ? { kind: 'refused', reason: 'not signed' } : { kind: 'nothing' })
  },
  log: silentLog,
  meter: silentMeter,
}

/** Half an hour of one SLO, of which nothing was seen for ten minutes. */
const someHistory: HistoryView = {
  history: ({ slo, scope, points }) => {
    if (slo !== 'checkout-availability' || scope === 'mars') return undefined
    const unseen = { seen: 0, bad: null, total: null, sli: null, remaining: null, burnRates: [null, null] }
    const seen = { seen: 1, bad: 3, total: 30_000, sli: 0.9999, remaining: 0.9, burnRates: [0.1, 0.1] }
    const moments = Array.from({ length: Math.min(points, 3) }, (_, index) => index)
    return {
      scope,
      objective: 0.999,
      stepMs: 600_000,
      windowsMs: [300_000, 3_600_000],
      points: moments.map((index) => ({ at: now - (2 - index) * 600_000, ...(index === 1 ? unseen : seen) })),
    }
  },
  trend: (slo, days) => {
    if (slo !== 'checkout-availability') return undefined
    return Array.from({ length: days }, (_, index) => ({
      from: index * 86_400_000,
      burnRate: index === 0 ? null : 0.4,
    }))
  },
}

/** A latency SLO that one Prometheus can be asked about. */
export const someDefinitions: DefinitionView = {
  definition: (name) => {
    if (name !== 'checkout-availability') return undefined
    const bucket = 'http_request_duration_seconds_bucket{job="checkout",le="0.3"}'
    const all = 'http_request_duration_seconds_count{job="checkout"}'
    return {
      at: { file: 'rules/checkout.yaml', line: 4, column: 9 },
      source: '# what buyers feel\napiVersion: sloburn/v1\nkind: SLO\nmetadata:\n  name: checkout-availability\n',
      isCut: false,
      indicator: {
        kind: 'latency',
        below: '300ms',
        signals: [
          { name: 'good', selector: bucket, query: `sum(increase(${bucket}[5m]))` },
          { name: 'total', selector: all, query: `sum(increase(${all}[5m]))` },
        ],
        formulas: [
          { name: 'bad', text: 'total - good' },
          { name: 'total', text: 'total' },
        ],
      },
      consoles: [{ source: 'eu', region: 'eu-west-1', url: 'http://prometheus.eu.example.com:9090' }],
      rules: { hash: '4b825dc642cb6eb9a060e54bf8d69288fbee4904b1f5c1a2d3e4f5061728394a', readAt: now, changedAt: null },
    }
  },
}

/** The engine's own routes around a view. */
export function engineRoutes(options: Partial<WebOptions> = {}): readonly HttpRoute[] {
  return webRoutes({
    view: aView(),
    history: someHistory,
    definitions: someDefinitions,
    workingHours: () => ({ name: 'office', timeZone: 'UTC', days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_020 }),
    clock: { now: () => now },
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: '' }),
    reload: async () => [],
    exclusions: someExclusions,
    incidents: someIncidents,
    callbacks: someCallbacks,
    access: () => ({ token: undefined, isLocal: true }),
    ...options,
  })
}
