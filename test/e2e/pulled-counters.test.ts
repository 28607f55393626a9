import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { foreignTool } from '../support/debian.ts'
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

/** A process that exposes counters, and what it is asked to count. */
async function shop(t: TestContext) {
  const script = fileURLToPath(new URL('../support/exporter-process.ts', import.meta.url))
  const exporter = startProcess(process.execPath, [script])
  t.after(() => exporter.stop())
  const target = `127.0.0.1:${(await exporter.line(/^(\d+)$/))[1]}`
  const setTraffic = async (good: number, bad: number): Promise<{ good: number; bad: number }> => {
    const response = await fetch(`http://${target}/traffic`, { method: 'POST', body: JSON.stringify({ good, bad }) })
    return JSON.parse(await response.text())
  }
  return { target, setTraffic }
}

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-e2e-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The value of a counter in the API at the first moment that it has any. */
async function firstValueIn(api: string, selector: string): Promise<number> {
  const url = `${api}/api/v1/query?query=${encodeURIComponent(`${selector}[1h]`)}`
  return await eventually(async () => {
    const { data }: { data: { result: { values: [number, string][] }[] } } = JSON.parse(await (await fetch(url)).text())
    const value = data.result[0]?.values[0]?.[1]
    return value === undefined ? undefined : Number(value)
  }, `${api} has ${selector}`)
}

/** Lets sloburn read all it knows from an API, and compares what it counted with what happened. */
async function countsThrough(t: TestContext, api: string, { setTraffic }: Awaited<ReturnType<typeof shop>>) {
  // What the API shows only after its history was read would be missing, and be no fault of whoever reads.
  const before = [await firstValueIn(api, '{code="200"}'), await firstValueIn(api, '{code="500"}')]
  const folder = await newFolder(t)
  await writeFile(join(folder, 'rules.yaml'), rules)
  await writeFile(
    join(folder, 'sloburn.yaml'),
    `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 3s }
sources:
  - { name: us, region: us-east-1, prometheus: { url: '${api}', tenant: shop, backfill: { wait: 2s, pause: 0s } } }
store: { sqlite: { path: sloburn.db } }
`,
  )
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const sloburn = startProcess(process.execPath, [main, 'run', '--config', join(folder, 'sloburn.yaml')])
  t.after(() => sloburn.stop())
  const url = (await sloburn.line(/"url":"([^"]+)"/))[1]
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
  const world = await shop(t)
  const folder = await newFolder(t)
  const scrape = `  - { job_name: shop, static_configs: [{ targets: ['${world.target}'] }] }`
  await writeFile(join(folder, 'prometheus.yml'), `global: { scrape_interval: 1s }\nscrape_configs:\n${scrape}\n`)
  const peer = startProcess(prometheus.path, [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/tsdb`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=logfmt',
  ])
  t.after(() => peer.stop('SIGINT'))
  const port = (await peer.line(/Listening on.*address=127\.0\.0\.1:([1-9]\d*)/))[1]
  await countsThrough(t, `http://127.0.0.1:${port}`, world)
})

test("counters are read from Debian's VictoriaMetrics as they come, with all of their history, to the event", {
  skip: victoriaMetrics.skip,
  timeout: 120_000,
}, async (t) => {
  const world = await shop(t)
  const folder = await newFolder(t)
  const scrape = `  - { job_name: shop, static_configs: [{ targets: ['${world.target}'] }] }`
  await writeFile(join(folder, 'scrape.yml'), `global: { scrape_interval: 1s }\nscrape_configs:\n${scrape}\n`)
  const port = await freePort()
  const peer = startProcess(victoriaMetrics.path, [
    `-promscrape.config=${folder}/scrape.yml`,
    `-storageDataPath=${folder}/data`,
    `-httpListenAddr=127.0.0.1:${port}`,
  ])
  t.after(() => peer.stop('SIGINT'))
  const api = `http://127.0.0.1:${port}`
  await eventually(
    () =>
      fetch(`${api}/health`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      ),
    'VictoriaMetrics is up',
  )
  await countsThrough(t, api, world)
})

/** It does not say which port it got: one that was free a moment ago has to do. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
