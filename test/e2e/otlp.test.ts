import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { type SdkSender, type SdkTransport, sdkSender } from '../support/ingest-otlp-sdk.ts'
import { secondsPolicy } from '../support/seconds-policy.ts'
import { newFolder, startEngine } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'
import { openWebhookRecorder } from '../support/webhook-recorder.ts'

/** What a web framework measures by OpenTelemetry's semantic conventions, and nothing else. */
const rules = `${secondsPolicy('20s', { evidence: '' })}---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: availability }
spec:
  service: checkout
  objective: 99.9
  window: 5m
  indicator:
    ratio:
      bad: http_server_request_duration_seconds_count{service="checkout",http_response_status_code=~"5.."}
      total: http_server_request_duration_seconds_count{service="checkout"}
  alerting: { policy: seconds }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: latency }
spec:
  service: checkout
  objective: 99
  window: 5m
  indicator:
    latency: { histogram: 'http_server_request_duration_seconds{service="checkout"}', below: 250ms }
  alerting: { policy: seconds }
`

test('SDKs that send over HTTP and gRPC, delta and cumulative, are counted to the event, and a burst of errors pages', {
  timeout: 180_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const hook = await openWebhookRecorder()
  cleanup.after(() => hook.close())
  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0, otlpGrpc: 127.0.0.1:0, otlpHttp: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 1s }
sources:
  - { name: otel, otlp: {} }
receivers:
  - { name: oncall, webhook: { url: '${hook.url}' } }
routes:
  - { match: { severity: page }, receivers: [oncall] }
store: { sqlite: { path: sloburn.db } }
`
  const { started: sloburn, url } = await startEngine(cleanup, { folder, config, rules })
  const grpcAddress = (await sloburn.line(/"address":"([^"]+)"/))[1]
  const secondUrl = (await sloburn.line(/"url":"([^"]+\/v1\/metrics)"/))[1]

  /** One process per way of sending, in two regions. */
  const shops: readonly Shop[] = [
    startShop({ transport: 'http/protobuf', url: `${url}/v1/metrics`, temporality: 'cumulative', region: 'eu-west-1' }),
    startShop({ transport: 'http/json', url: secondUrl ?? '', temporality: 'delta', region: 'eu-west-1' }),
    startShop({ transport: 'grpc', url: `http://${grpcAddress}`, temporality: 'cumulative', region: 'us-east-1' }),
    startShop({ transport: 'grpc', url: `http://${grpcAddress}`, temporality: 'delta', region: 'us-east-1' }),
  ]
  cleanup.after(async () => {
    for (const shop of shops) await shop.stop()
  })

  for (let second = 0; second < 3; second++) await serveOneSecond(shops, { status: '200', seconds: 0.05, requests: 50 })
  assert.deepEqual(hook.received(), [], 'nobody is paged while all is well')
  await eventually(async () => {
    await serveOneSecond(shops, { status: '500', seconds: 0.3, requests: 25 })
    return hook.count('firing') > 0 ? true : undefined
  }, 'errors page')
  await serveOneSecond(shops, { status: '200', seconds: 0.25, requests: 50 })

  const served = (region: string) => shops.filter((shop) => shop.region === region)
  for (const region of ['eu-west-1', 'us-east-1']) {
    const bad = sum(served(region).map((shop) => shop.bad))
    const total = sum(served(region).map((shop) => shop.total))
    for (const slo of ['availability', 'latency']) {
      await eventually(async () => {
        for (const shop of shops) await shop.flush()
        const scope = await scopeOf(`${url}/api/v1/slos/${slo}`, region)
        return scope?.total === total && scope.bad === bad ? true : undefined
      }, `${slo} in ${region} counts ${bad} bad of ${total}`)
    }
  }
  for (const shop of shops) await shop.stop()
  assert.equal(await sloburn.stop(), 0, `sloburn ends cleanly:\n${sloburn.output()}`)
})

interface Shop {
  readonly region: string
  bad: number
  total: number
  serve(traffic: Traffic): void
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Traffic {
  readonly status: string
  readonly seconds: number
  readonly requests: number
}

let started = 0

function startShop({
  transport,
  url,
  temporality,
  region,
}: {
  readonly transport: SdkTransport
  readonly url: string
  readonly temporality: 'delta' | 'cumulative'
  readonly region: string
}): Shop {
  const resource = { 'service.name': 'checkout', 'service.instance.id': `shop-${++started}`, 'cloud.region': region }
  const sdk: SdkSender = sdkSender({ transport, url, temporality, compression: 'gzip', resource })
  const duration = sdk.histogram('http.server.request.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  })
  const shop: Shop = {
    region,
    bad: 0,
    total: 0,
    serve: ({ status, seconds, requests }) => {
      for (let request = 0; request < requests; request++) {
        duration.record(seconds, { 'http.response.status_code': status, 'http.route': '/pay' })
      }
      shop.total += requests
      if (status === '500') shop.bad += requests
    },
    flush: () => sdk.flush(),
    stop: () => sdk.stop(),
  }
  return shop
}

/** Exports follow a second after what happened: a series that is exported within the millisecond it starts in has no known start. */
async function serveOneSecond(shops: readonly Shop[], traffic: Traffic): Promise<void> {
  for (const shop of shops) shop.serve(traffic)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await Promise.all(shops.map((shop) => shop.flush()))
}

async function scopeOf(url: string, region: string): Promise<{ bad: number; total: number } | undefined> {
  const response = await fetch(url)
  const body: { data: { scopes: { scope: string; bad: number; total: number }[] } } = JSON.parse(await response.text())
  return body.data.scopes.find(({ scope }) => scope === region)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
