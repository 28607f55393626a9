import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { foreignTool } from '../support/debian.ts'
import { secondsPolicy } from '../support/seconds-policy.ts'
import {
  newFolder,
  samplesIn,
  scrapingConfig,
  startEngine,
  startExporter,
  startPrometheus,
} from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')

test("reads from Debian's Prometheus what happened before the start, to the event, and pages nobody for it", {
  skip: prometheus.skip,
  timeout: 180_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const { target, setTraffic } = await startExporter(cleanup)
  const peer = await startPrometheus(cleanup, prometheus.path, { folder, config: scrapingConfig('shop', target) })
  const samples = () => samplesIn(peer.url, 'http_requests_total')
  // All of the trouble is over before sloburn is started.
  await eventually(async () => ((await samples())[0]?.length >= 3 ? true : undefined), 'Prometheus scrapes')
  await setTraffic(5, 5)
  await eventually(async () => ((await samples())[0]?.length >= 15 ? true : undefined), 'Prometheus has seen it')
  await setTraffic(10, 0)

  const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: shop }
spec:
  service: shop
  objective: 99.9
  window: 5m
  indicator:
    ratio:
      bad: http_requests_total{service="shop",code="500"}
      total: http_requests_total{service="shop"}
  alerting: { policy: seconds }
---
${secondsPolicy('20s', { evidence: '' })}`
  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 2s }
sources:
  - { name: shop, region: eu-west-1, scrape: { targets: ['${target}'], interval: 1s, timeout: 1s } }
  - { name: past, region: eu-west-1, prometheus: { url: '${peer.url}', backfill: { wait: 6s, pause: 0s } } }
store: { sqlite: { path: sloburn.db } }
`
  const { started: sloburn, url } = await startEngine(cleanup, { folder, config, rules })
  await sloburn.line(/history is read/)
  const counted = await setTraffic(0, 0)
  interface Scope {
    readonly scope: string
    readonly total: number
    readonly bad: number
    readonly alerts?: readonly { readonly state: { readonly kind?: string } | string }[]
  }
  const first = await samples()
  const before = first.map(([[, value]]) => Number(value)).reduce((sum, value) => sum + value, 0)
  const expected = counted.good + counted.bad - before
  const scope = await eventually(async () => {
    const body: { data: { scopes: Scope[] } } = JSON.parse(await (await fetch(`${url}/api/v1/slos/shop`)).text())
    const found = body.data.scopes.find((each) => each.scope === 'eu-west-1')
    return found?.total === expected ? found : undefined
  }, `${expected} events are counted`).catch(async (error: unknown) => {
    t.diagnostic(await (await fetch(`${url}/api/v1/slos/shop`)).text())
    throw error
  })
  t.diagnostic(`${scope.total} events, ${scope.bad} of them bad`)
  assert.ok(scope.bad > 100, 'the trouble before the start is known')
  const metrics = await (await fetch(`${url}/metrics`)).text()
  assert.match(metrics, /sloburn_backfill_progress_ratio\{source="past"\} 1/)
  assert.equal(await sloburn.stop(), 0, sloburn.output())
})
