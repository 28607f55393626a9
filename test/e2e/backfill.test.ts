import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { foreignTool } from '../support/debian.ts'
import { eventually, startProcess } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')

test("reads from Debian's Prometheus what happened before the start, to the event, and pages nobody for it", {
  skip: prometheus.skip,
  timeout: 180_000,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-e2e-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const exporter = startProcess(process.execPath, [
    fileURLToPath(new URL('../support/exporter-process.ts', import.meta.url)),
  ])
  t.after(() => exporter.stop())
  const target = `127.0.0.1:${(await exporter.line(/^(\d+)$/))[1]}`
  const setTraffic = async (good: number, bad: number): Promise<{ good: number; bad: number }> => {
    const response = await fetch(`http://${target}/traffic`, { method: 'POST', body: JSON.stringify({ good, bad }) })
    return JSON.parse(await response.text())
  }

  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s }\nscrape_configs:\n  - { job_name: shop, static_configs: [{ targets: ['${target}'] }] }\n`,
  )
  const peer = startProcess(prometheus.path, [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/tsdb`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=logfmt',
  ])
  t.after(() => peer.stop('SIGINT'))
  const peerPort = (await peer.line(/Listening on.*address=127\.0\.0\.1:([1-9]\d*)/))[1]
  const samples = async (): Promise<[number, string][][]> => {
    const url = `http://127.0.0.1:${peerPort}/api/v1/query?query=${encodeURIComponent('http_requests_total[1h]')}`
    const { data }: { data: { result: { values: [number, string][] }[] } } = JSON.parse(await (await fetch(url)).text())
    return data.result.map(({ values }) => values)
  }
  // All of the trouble is over before sloburn is started.
  await eventually(async () => ((await samples())[0]?.length >= 3 ? true : undefined), 'Prometheus scrapes')
  await setTraffic(5, 5)
  await eventually(async () => ((await samples())[0]?.length >= 15 ? true : undefined), 'Prometheus has seen it')
  await setTraffic(10, 0)

  await writeFile(
    join(folder, 'rules.yaml'),
    `apiVersion: sloburn/v1
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
apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: seconds }
spec:
  rules:
    - { severity: page, long: 20s, short: 5s, burnRate: 14.4 }
`,
  )
  await writeFile(
    join(folder, 'sloburn.yaml'),
    `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 2s }
sources:
  - { name: shop, region: eu-west-1, scrape: { targets: ['${target}'], interval: 1s, timeout: 1s } }
  - { name: past, region: eu-west-1, prometheus: { url: 'http://127.0.0.1:${peerPort}', backfill: { wait: 6s, pause: 0s } } }
store: { sqlite: { path: sloburn.db } }
`,
  )
  const sloburn = startProcess(process.execPath, [
    fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
    'run',
    '--config',
    join(folder, 'sloburn.yaml'),
  ])
  t.after(() => sloburn.stop())
  const url = (await sloburn.line(/"url":"([^"]+)"/))[1]
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
