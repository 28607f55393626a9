import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { foreignTool } from '../support/debian.ts'
import { newFolder, startEngine, startExporter, startPrometheus } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{code="500"}
      total: http_requests_total
`

test('a Prometheus that is sent our own series holds what /metrics shows, and sees them end', {
  skip: prometheus.skip,
  timeout: 120_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const idle = 'global: { scrape_interval: 1h }\n'
  const store = await startPrometheus(cleanup, prometheus.path, { folder, config: idle })
  const exporter = await startExporter(cleanup)
  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 1s }
sources:
  - { name: direct, region: eu-west-1, scrape: { targets: ['http://${exporter.target}/metrics'], interval: 1s } }
export:
  - name: dashboards
    remoteWrite: { url: '${store.url}/api/v1/write', interval: 1s, labels: { job: sloburn, replica: a } }
store: { sqlite: { path: sloburn.db } }
`
  const { started: sloburn, url } = await startEngine(cleanup, { folder, config, rules })

  const held = async (query: string): Promise<readonly Sample[]> => {
    const response = await fetch(`${store.url}/api/v1/query?query=${encodeURIComponent(query)}`)
    const body: { data: { result: Sample[] } } = JSON.parse(await response.text())
    return body.data.result
  }
  const [burnRate] = await eventually(async () => {
    const found = await held('slo_burn_rate{window="1h",region="global"}')
    return found.length > 0 ? found : undefined
  }, 'the burn rate arrives')
  assert.deepEqual(burnRate?.metric, {
    __name__: 'slo_burn_rate',
    job: 'sloburn',
    region: 'global',
    replica: 'a',
    service: 'shop',
    slo: 'checkout',
    window: '1h',
  })
  assert.equal(burnRate?.value[1], '0')
  // What is shown on /metrics is there, name by name.
  const page = await (await fetch(`${url}/metrics`)).text()
  const shown = new Set([...page.matchAll(/^([a-z]\w*)[ {]/gm)].map(([, name = '']) => name))
  assert.ok(shown.has('slo_events_total') && shown.has('sloburn_evaluation_duration_seconds_bucket'))
  await eventually(async () => {
    const names = new Set((await held(nameOfEach)).map(({ metric }) => metric.name))
    return shown.isSubsetOf(names) || undefined
  }, `all of ${shown.size} metrics arrive`)
  await eventually(async () => {
    const [rate] = await held('rate(slo_events_total{kind="good",region="eu-west-1"}[10s])')
    return Number(rate?.value[1]) > 0 || undefined
  }, 'a rate can be taken of what was counted')

  assert.equal(await sloburn.stop(), 0)
  assert.deepEqual(await held('{job="sloburn"}'), [], 'every series has ended, five minutes before it would go stale')
})

const nameOfEach = `label_replace(count by (__name__) ({job="sloburn"}), "name", "$1", "__name__", "(.+)")`

interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}
