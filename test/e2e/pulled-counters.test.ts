import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Cleanup, lastFirst } from '../support/cleanup.ts'
import { foreignTool } from '../support/debian.ts'
import {
  newFolder,
  type StartedExporter,
  samplesIn,
  scrapingConfig,
  startEngine,
  startExporter,
  startPrometheus,
} from '../support/started-peers.ts'
import { eventually, startProcess } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')
const victoriaMetrics = foreignTool('victoria-metrics')

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: shop }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{service="shop",code="500"}
      total: http_requests_total{service="shop"}
`

/** The value of a counter in the API at the first moment that it has any. */
async function firstValueIn(api: string, selector: string): Promise<number> {
  return await eventually(async () => {
    const value = (await samplesIn(api, selector))[0]?.[0]?.[1]
    return value === undefined ? undefined : Number(value)
  }, `${api} has ${selector}`)
}

/** Lets sloburn read all it knows from an API, and compares what it counted with what happened. */
async function countsThrough(cleanup: Cleanup, api: string, { setTraffic }: StartedExporter) {
  // What the API shows only after its history was read would be missing, and be no fault of whoever reads.
  const before = [await firstValueIn(api, '{code="200"}'), await firstValueIn(api, '{code="500"}')]
  const folder = await newFolder(cleanup)
  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 3s }
sources:
  - { name: us, region: us-east-1, prometheus: { url: '${api}', tenant: shop, backfill: { wait: 2s, pause: 0s } } }
store: { sqlite: { path: sloburn.db } }
`
  const { started: sloburn, url } = await startEngine(cleanup, { folder, config, rules })
  await sloburn.line(/history is read/)
  await setTraffic(7, 3)
  // Several rounds of questions while failures go on.
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const counted = await setTraffic(0, 0)
  const expected = { good: counted.good - before[0], bad: counted.bad - before[1] }
  assert.ok(expected.bad > 50)
  await eventually(async () => {
    const response = await fetch(`${url}/api/v1/slos/shop`)
    const body: { data: { scopes: { scope: string; good: number; bad: number }[] } } = JSON.parse(await response.text())
    const scope = body.data.scopes.find((each) => each.scope === 'us-east-1')
    return scope?.bad === expected.bad && scope.good === expected.good ? true : undefined
  }, `${expected.bad} bad and ${expected.good} good ones are counted`)
  const { data }: { data: { sources: { watermark: unknown; problem: unknown }[] } } = JSON.parse(
    await (await fetch(`${url}/api/v1/sources`)).text(),
  )
  assert.equal(data.sources[0]?.problem, null)
  assert.notEqual(data.sources[0]?.watermark, null)
  assert.equal(await sloburn.stop(), 0, sloburn.output())
}

test("counters are read from Debian's Prometheus as they come, with all of their history, to the event", {
  skip: prometheus.skip,
  timeout: 120_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const shop = await startExporter(cleanup)
  const config = scrapingConfig('shop', shop.target)
  const folder = await newFolder(cleanup)
  const { url } = await startPrometheus(cleanup, prometheus.path, { folder, config })
  await countsThrough(cleanup, url, shop)
})

test("counters are read from Debian's VictoriaMetrics as they come, with all of their history, to the event", {
  skip: victoriaMetrics.skip,
  timeout: 120_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const shop = await startExporter(cleanup)
  const folder = await newFolder(cleanup)
  await writeFile(join(folder, 'scrape.yml'), scrapingConfig('shop', shop.target))
  const port = await freePort()
  const peer = startProcess(victoriaMetrics.path, [
    `-promscrape.config=${folder}/scrape.yml`,
    `-storageDataPath=${folder}/data`,
    `-httpListenAddr=127.0.0.1:${port}`,
  ])
  cleanup.after(() => peer.stop('SIGINT'))
  const api = `http://127.0.0.1:${port}`
  await eventually(
    () =>
      fetch(`${api}/health`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      ),
    'VictoriaMetrics is up',
  )
  await countsThrough(cleanup, api, shop)
})

/** It does not say which port it got: one that was free a moment ago has to do. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
