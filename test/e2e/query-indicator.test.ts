import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'
import { lastFirst } from '../support/cleanup.ts'
import { foreignTool } from '../support/debian.ts'
import { secondsPolicy } from '../support/seconds-policy.ts'
import { newFolder, scrapingConfig, startEngine, startExporter, startPrometheus } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')

/** The same process seen twice: counted from our own scrapes, and asked of a Prometheus that scrapes it too. */
const rules = `${secondsPolicy('30s', { short: '10s' })}---
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
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const { target, setTraffic } = await startExporter(cleanup)
  const hook = await webhook()
  cleanup.after(() => hook.close())
  const peer = await startPrometheus(cleanup, prometheus.path, { folder, config: scrapingConfig('shop', target) })

  // A rate over a time of which Prometheus knows only a part is too small.
  await eventually(async () => {
    const query = encodeURIComponent('sum(count_over_time(http_requests_total{code="200"}[10s]))')
    const answer = await ask(`${peer.url}/api/v1/query?query=${query}`)
    return /"(9|10)"/.test(answer) || undefined
  }, 'Prometheus has scraped for a while')

  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 2s }
sources:
  - { name: direct, region: eu-west-1, scrape: { targets: ['http://${target}/metrics'], interval: 1s } }
  - { name: prom, region: eu-west-1, prometheus: { url: '${peer.url}', interval: 5s } }
receivers:
  - { name: oncall, webhook: { url: '${hook.url}' } }
incidents: { resolveAfter: 0s }
routes:
  - { match: { severity: page }, receivers: [oncall] }
store: { sqlite: { path: sloburn.db } }
`
  const { started: sloburn, url: sloburnUrl } = await startEngine(cleanup, { folder, config, rules })

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
  await peer.started.stop('SIGKILL')
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
