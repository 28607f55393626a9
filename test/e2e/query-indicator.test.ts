import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'
import { foreignTool } from '../support/debian.ts'
import { eventually, startProcess } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')

/** The same process seen twice: counted from our own scrapes, and asked of a Prometheus that scrapes it too. */
const rules = `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: seconds }
spec:
  evidence: off
  rules:
    - { severity: page, long: 30s, short: 10s, burnRate: 14.4 }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: streamed }
spec:
  service: shop
  objective: 99.9
  window: 5m
  regions: { global: none }
  indicator:
    ratio:
      bad: http_requests_total{job="direct",code="500"}
      total: http_requests_total{job="direct"}
  alerting: { policy: seconds }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: asked }
spec:
  service: shop-asked
  objective: 99.9
  window: 5m
  regions: { global: none }
  indicator:
    query:
      bad: sum(rate(http_requests_total{job="shop",code="500"}[$window]))
      total: sum(increase(http_requests_total{job="shop"}[$window]))
  alerting: { policy: seconds }
`

test('a query asked of Prometheus counts what streaming counts, pages and resolves, and knows when it knows nothing', {
  skip: prometheus.skip,
  timeout: 240_000,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-e2e-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const exporter = startProcess(process.execPath, [
    fileURLToPath(new URL('../support/exporter-process.ts', import.meta.url)),
  ])
  t.after(() => exporter.stop())
  const exporterPort = (await exporter.line(/^(\d+)$/))[1]
  const hook = await webhook()
  t.after(() => hook.close())

  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ['127.0.0.1:${exporterPort}'] }]
`,
  )
  const peer = startProcess(prometheus.path, [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/tsdb`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=logfmt',
  ])
  t.after(() => peer.stop('SIGINT'))
  // It names the port it was told first, and the one it got once it listens.
  const peerPort = (await peer.line(/Listening on.*address=127\.0\.0\.1:([1-9]\d*)/))[1]

  // A rate over a time of which Prometheus knows only a part is too small.
  await eventually(async () => {
    const query = encodeURIComponent('sum(count_over_time(http_requests_total{code="200"}[10s]))')
    const answer = await ask(`http://127.0.0.1:${peerPort}/api/v1/query?query=${query}`)
    return /"(9|10)"/.test(answer) || undefined
  }, 'Prometheus has scraped for a while')

  await writeFile(join(folder, 'rules.yaml'), rules)
  await writeFile(
    join(folder, 'sloburn.yaml'),
    `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 2s }
sources:
  - { name: direct, region: eu-west-1, scrape: { targets: ['http://127.0.0.1:${exporterPort}/metrics'], interval: 1s } }
  - { name: prom, region: eu-west-1, prometheus: { url: 'http://127.0.0.1:${peerPort}', interval: 5s } }
receivers:
  - { name: oncall, webhook: { url: '${hook.url}' } }
incidents: { resolveAfter: 0s }
routes:
  - { match: { severity: page }, receivers: [oncall] }
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
  const sloburnUrl = (await sloburn.line(/"url":"([^"]+)"/))[1]

  const setTraffic = async (good: number, bad: number): Promise<{ readonly bad: number }> => {
    const response = await fetch(`http://127.0.0.1:${exporterPort}/traffic`, {
      method: 'POST',
      body: JSON.stringify({ good, bad }),
    })
    return JSON.parse(await response.text())
  }
  const slo = async (name: string): Promise<Scope> => {
    const body: { data: { scopes: Scope[] } } = JSON.parse(await ask(`${sloburnUrl}/api/v1/slos/${name}`))
    return body.data.scopes[0]
  }
  const over30s = async (name: string): Promise<Counts> => {
    const { burnRates } = await slo(name)
    return burnRates.find(({ window }) => window === '30s') ?? { bad: 0, total: 0 }
  }

  // Both know a whole window of good traffic before anything breaks: a hundred events a second.
  const steady = await eventually(async () => {
    const [streamed, asked] = [await over30s('streamed'), await over30s('asked')]
    return streamed.total > 2_700 && asked.total > 2_400 ? { streamed, asked } : undefined
  }, 'both cover the window')
  t.diagnostic(`in 30 s: streamed ${steady.streamed.total}, asked ${steady.asked.total}`)
  assert.deepEqual(hook.messages, [], 'nobody is paged while all is well')

  await setTraffic(5, 5)
  await eventually(async () => (hook.of('firing').size >= 2 ? true : undefined), 'both page')
  await setTraffic(10, 0)
  await eventually(async () => (hook.of('resolved').size >= 2 ? true : undefined), 'both resolve')
  assert.deepEqual(hook.messages.length, 4)

  // After the incident both have counted it: ours to the event, Prometheus but for what its rates extrapolate at the
  // ends of the spans in which the errors began and ended, one scrape interval each.
  const { bad } = await setTraffic(10, 0)
  assert.ok(bad > 100)
  const incident = await eventually(async () => {
    const [streamed, asked] = [await slo('streamed'), await slo('asked')]
    return streamed.bad === bad ? { streamed, asked } : undefined
  }, 'our own scrapes have all errors, to the event')
  t.diagnostic(`errors: ${bad}, asked ${incident.asked.bad}`)
  const perScrape = 50
  assert.ok(Math.abs(incident.asked.bad - bad) <= 2 * perScrape, `${incident.asked.bad} errors asked, ${bad} counted`)
  const { streamed, asked } = incident
  // Streaming knows of time up to the last scrape, queries up to the last answer: by what each knows they agree, but for
  // half a scrape interval at one end of a span of five, which is not extrapolated where a scrape came late.
  const [perKnown, askedPerKnown] = [streamed.total / streamed.coverage, asked.total / asked.coverage]
  assert.ok(Math.abs(askedPerKnown - perKnown) <= 0.1 * perKnown, `${askedPerKnown} and ${perKnown} events a window`)
  assert.ok(asked.coverage * 300 > 30)

  // A Prometheus that is gone while errors burn: what it would have said is unknown, and resolves nothing.
  await setTraffic(5, 5)
  await eventually(async () => (hook.messages.length >= 6 ? true : undefined), 'both page again')
  await peer.stop('SIGKILL')
  await setTraffic(10, 0)
  await eventually(async () => (hook.messages.length >= 7 ? true : undefined), 'one of them resolves')
  assert.deepEqual(hook.messages.at(-1), ['resolved', 'streamed'])
  await eventually(async () => {
    const { data }: { data: { sources: { name: string; problem: string | null }[] } } = JSON.parse(
      await ask(`${sloburnUrl}/api/v1/sources`),
    )
    return data.sources.find(({ name }) => name === 'prom')?.problem?.includes('asked: ')
  }, 'the source says what is wrong')
  const metrics = await ask(`${sloburnUrl}/metrics`)
  assert.match(metrics, /sloburn_queries_total\{source="prom",outcome="answered"\} [1-9]/)
  assert.match(metrics, /sloburn_queries_total\{source="prom",outcome="no-answer"\} [1-9]/)
  const stillFiring = await slo('asked')
  assert.ok(
    stillFiring.alerts.some(({ firing }) => firing),
    'its alert stays open',
  )
  assert.equal(await sloburn.stop(), 0, `sloburn ends cleanly:\n${sloburn.output()}`)
  assert.equal(hook.messages.length, 7)
})

interface Counts {
  readonly bad: number
  readonly total: number
}

interface Scope extends Counts {
  readonly coverage: number
  readonly burnRates: readonly (Counts & { readonly window: string })[]
  readonly alerts: readonly { readonly firing: boolean }[]
}

async function ask(url: string): Promise<string> {
  return (await fetch(url)).text()
}

/** A receiver on a real socket that keeps the status and the SLO of what it is sent. */
async function webhook() {
  const messages: [status: string, slo: string][] = []
  const server = await openLoopbackServer((request, response) => {
    void take(request).finally(() => response.end())
  })
  async function take(request: IncomingMessage): Promise<void> {
    const message: { status: string; commonLabels: Record<string, string> } = JSON.parse(await text(request))
    messages.push([message.status, message.commonLabels['slo']])
  }
  return {
    url: `${server.url}/hook`,
    messages,
    of: (status: string) => new Set(messages.filter(([each]) => each === status).map(([, slo]) => slo)),
    close: () => server.close(),
  }
}
