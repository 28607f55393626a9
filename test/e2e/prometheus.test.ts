import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { foreignTool } from '../support/debian.ts'
import { secondsPolicy } from '../support/seconds-policy.ts'
import { newFolder, startEngine, startExporter, startPrometheus } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'
import { openWebhookRecorder } from '../support/webhook-recorder.ts'

const prometheus = foreignTool('prometheus')

/** One SLO per path: they select by the job that each path gives its series. */
const rules = ['direct', 'via-prometheus'].map(
  (job) => `apiVersion: sloburn/v1
kind: SLO
metadata: { name: ${job} }
spec:
  service: shop-${job}
  objective: 99.9
  window: 5m
  indicator:
    ratio:
      bad: http_requests_total{job="${job}",code="500"}
      total: http_requests_total{job="${job}"}
  alerting: { policy: seconds }
`,
)

test('Prometheus that remote-writes, and a scrape of our own, count the same as increase(), and a burst pages and resolves', {
  skip: prometheus.skip,
  timeout: 180_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const { target, setTraffic } = await startExporter(cleanup)
  const hook = await openWebhookRecorder()
  cleanup.after(() => hook.close())

  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 2s }
sources:
  - { name: direct, region: eu-west-1, scrape: { targets: ['http://${target}/metrics'], interval: 1s } }
  - { name: push, remoteWrite: {} }
receivers:
  - { name: oncall, webhook: { url: '${hook.url}' } }
incidents: { resolveAfter: 0s }
routes:
  - { match: { severity: page }, receivers: [oncall] }
store: { sqlite: { path: sloburn.db } }
`
  const engine = { folder, config, rules: [secondsPolicy('20s'), ...rules].join('---\n') }
  const { started: sloburn, url: sloburnUrl } = await startEngine(cleanup, engine)

  const peerConfig = `global: { scrape_interval: 1s, external_labels: { region: us-east-1 } }
scrape_configs:
  - job_name: via-prometheus
    static_configs: [{ targets: ['${target}'] }]
remote_write:
  - url: ${sloburnUrl}/api/v1/write
    queue_config: { batch_send_deadline: 500ms }
`
  const peer = await startPrometheus(cleanup, prometheus.path, { folder, config: peerConfig })

  const slo = async (name: string, scope: string): Promise<Scope | undefined> => {
    const body: { data: { scopes: Scope[] } } = JSON.parse(await ask(`${sloburnUrl}/api/v1/slos/${name}`))
    return body.data.scopes.find((each) => each.scope === scope)
  }

  // Both paths count for a while before anything breaks.
  for (const [name, scope] of [
    ['direct', 'eu-west-1'],
    ['via-prometheus', 'us-east-1'],
  ] as const) {
    await eventually(async () => ((await slo(name, scope))?.total ?? 0) > 1_500 || undefined, `${name} counts`)
  }
  assert.deepEqual(hook.received(), [], 'nobody is paged while all is well')

  await setTraffic(5, 5)
  t.diagnostic(`counting at ${Math.round(performance.now())} ms`)
  await eventually(
    async () => (hook.incidents('firing') >= 2 ? true : undefined),
    'both SLOs page, each once for its region and all regions',
  )
  await setTraffic(10, 0)
  t.diagnostic(`paged at ${Math.round(performance.now())} ms`)
  await eventually(async () => (hook.incidents('resolved') >= 2 ? true : undefined), 'both incidents end')
  t.diagnostic(`resolved at ${Math.round(performance.now())} ms`)
  assert.equal(hook.incidents('firing'), 2)
  assert.equal(hook.count('resolved'), 2)

  // Counts over the same span of event time: ours are exact, Prometheus extrapolates to the ends of the window, which is
  // off by at most one scrape interval at each end.
  for (const [name, region] of [
    ['direct', 'eu-west-1'],
    ['via-prometheus', 'us-east-1'],
  ] as const) {
    const { at, total } = await eventually(async () => {
      const scope = await slo(name, region)
      const window = scope?.burnRates.find((each) => each.window === `${windowSeconds}s`)
      return scope !== undefined && window !== undefined && scope.coverage * 300 > windowSeconds + 2
        ? { at: scope.at, total: window.total }
        : undefined
    }, `${name} covers the window`)
    const theirs = await eventually(() => increase(peer.url, at), 'Prometheus knows that window')
    t.diagnostic(`${name}: ${total} events in ${windowSeconds} s, increase() says ${theirs}`)
    assert.ok(Math.abs(total - theirs) <= (2 / windowSeconds) * theirs, `${name} counts ${total}, Prometheus ${theirs}`)
  }
  // The two paths saw the same process: over all of the incident they count the same bad events, to the event.
  await eventually(async () => {
    const [a, b] = [await slo('direct', 'eu-west-1'), await slo('via-prometheus', 'us-east-1')]
    return a !== undefined && b !== undefined && a.bad === b.bad && a.bad > 0 ? true : undefined
  }, 'both paths count the same bad events')

  assert.equal(await sloburn.stop(), 0, `sloburn ends cleanly:\n${sloburn.output()}`)
})

const windowSeconds = 20

/** What Prometheus makes of the same window; undefined until it has scraped beyond its end. */
async function increase(api: string, at: number): Promise<number | undefined> {
  const value = async (query: string): Promise<number | undefined> => {
    const url = `${api}/api/v1/query?query=${encodeURIComponent(query)}`
    const { data }: { data: { result: { value: [number, string] }[] } } = JSON.parse(await ask(url))
    return data.result[0] === undefined ? undefined : Number(data.result[0].value[1])
  }
  const newest = await value('min(timestamp(http_requests_total{job="via-prometheus"}))')
  if (newest === undefined || newest < at) return undefined
  return value(`sum(increase(http_requests_total{job="via-prometheus"}[${windowSeconds}s] @ ${at}))`)
}

interface Scope {
  readonly scope: string
  readonly at: number
  readonly total: number
  readonly bad: number
  readonly coverage: number
  readonly burnRates: readonly { readonly window: string; readonly total: number }[]
}

async function ask(url: string): Promise<string> {
  return (await fetch(url)).text()
}
