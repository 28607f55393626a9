import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openShop } from '../../src/app/demo/shop.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import { type Cleanup, lastFirst } from './cleanup.ts'
import { openSurroundings } from './dashboard-exporter.ts'
import { type Listening, newFolder, startEngine, startPrometheus } from './started-peers.ts'
import { openWebhookRecorder } from './webhook-recorder.ts'

/** Demo regions, an engine that watches them, and two Prometheus servers: one scrapes the engine, the other is sent its series. */
export interface DashboardWorld {
  /** The folder with the engine config and its rules. */
  readonly folder: string
  readonly engineUrl: string
  readonly scraping: string
  readonly sentTo: string
  /** Everything that the engine printed. */
  readonly engineOutput: () => string
}

/** The rules of the demo, and one of each kind that has panels of its own. */
const moreRules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout-latency }
spec:
  service: checkout
  objective: 94
  window: 1d
  runbook: https://runbooks.example.com/latency
  indicator: { latency: { histogram: 'shop_request_duration_seconds{service="checkout"}', below: 300ms } }
  alerting: { policy: demo }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: replication-lag }
spec:
  service: checkout
  objective: 99
  window: 1d
  indicator: { threshold: { metric: replication_lag_seconds, good: value < 3 } }
  alerting: { policy: demo }
`

/** Names every metric for which there is a panel. */
export const everyMetric = `
  requests: { total: shop_requests_total, duration: shop_request_duration_seconds, by: [code] }
  cost: { perHour: cloud_cost_per_hour, currency: EUR }
  replication:
    lag: replication_lag_seconds
    conflicts: replication_conflicts_total
    backlogBytes: replication_backlog_bytes
    backlogOperations: replication_backlog_operations
    applied: replication_applied_total
    oldestAge: replication_oldest_age_seconds
  deployments: { timestamp: deployment_timestamp_seconds }
  health: { checks: probe_success, endpoint: endpoint, weights: routing_weight, failovers: failovers_total }
  infrastructure: { nodes: '{job="surroundings"}', pods: '{namespace="shop"}' }
`

/** The checkout fails from its fifth second on, and goes on failing. */
const broken = { job: 'checkout', fromMs: 5_000, toMs: 3_600_000, errorRatio: 0.4 }
const regions = [
  { region: 'eu-west-1', size: 1, breakages: [broken] },
  { region: 'us-east-1', size: 0.7, breakages: [] },
  { region: 'ap-south-1', size: 0.25, breakages: [] },
]

/** Starts all of it; whatever was started is ended by `after`. */
export async function openDashboardWorld(t: Cleanup, prometheus: string): Promise<DashboardWorld> {
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const hook = await openWebhookRecorder()
  cleanup.after(() => hook.close())
  const places: Place[] = []
  for (const settings of regions) {
    const shop = await openShop({ ...settings, periodMs: 7_200_000, clock: systemClock })
    cleanup.after(() => shop.close())
    const surroundings = await openSurroundings(settings.region)
    cleanup.after(() => surroundings.close())
    places.push({ region: settings.region, shop: shop.metricsUrl, surroundings: `${surroundings.url}/metrics` })
  }

  const sentTo = await startPrometheus(cleanup, prometheus, {
    folder,
    config: scraping(scrapeJobs(places)),
    name: 'sent-to',
  })
  const engine = await openEngine(cleanup, folder, places, { hook: hook.url, sentTo: sentTo.url })
  // By two names, as if there were two replicas.
  const { port } = new URL(engine.url)
  const job = `  - { job_name: sloburn, static_configs: [{ targets: ['127.0.0.1:${port}', 'localhost:${port}'] }] }\n`
  const config = scraping(scrapeJobs(places) + job)
  const { url } = await startPrometheus(cleanup, prometheus, { folder, config, name: 'scraping' })
  return {
    folder,
    engineUrl: engine.url,
    scraping: url,
    sentTo: sentTo.url,
    engineOutput: () => engine.started.output(),
  }
}

interface Place {
  readonly region: string
  readonly shop: string
  readonly surroundings: string
}

function scrapeJobs(places: readonly Place[]): string {
  const job = (name: 'shop' | 'surroundings'): string => {
    const targets = places.map((place) => {
      return `{ targets: ['${new URL(place[name]).host}'], labels: { region: ${place.region} } }`
    })
    return `  - { job_name: ${name}, static_configs: [${targets.join(', ')}] }\n`
  }
  return job('shop') + job('surroundings')
}

function scraping(jobs: string): string {
  return `global: { scrape_interval: 2s }\nscrape_configs:\n${jobs}`
}

async function openEngine(
  cleanup: Cleanup,
  folder: string,
  places: readonly Place[],
  { hook, sentTo }: { readonly hook: string; readonly sentTo: string },
): Promise<Listening> {
  const sources = places.map(({ region, shop, surroundings }) => {
    return `  - { name: ${region}, region: ${region}, scrape: { targets: ['${shop}', '${surroundings}'], interval: 2s } }\n`
  })
  await writeFile(join(folder, 'more.yaml'), moreRules)
  const config = `rules: [more.yaml, ${JSON.stringify(fileURLToPath(new URL('../../rules/demo', import.meta.url)))}]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 2s, delay: 1s }
sources:
${sources.join('')}receivers:
  - { name: oncall, webhook: { url: '${hook}' } }
routes:
  - { receivers: [oncall] }
export:
  - { name: peer, remoteWrite: { url: '${sentTo}/api/v1/write', interval: 2s, series: all } }
dashboards:${everyMetric}
store: { sqlite: { path: sloburn.db } }
`
  return await startEngine(cleanup, { folder, config })
}
