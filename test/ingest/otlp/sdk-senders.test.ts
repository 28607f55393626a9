import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../src/app/system-clock.ts'
import { sdkSender, sdkTransports } from '../../support/ingest-otlp-sdk.ts'
import { openOtlpServers } from '../../support/ingest-otlp-server.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'

const resource = {
  'service.name': 'checkout',
  'service.namespace': 'shop',
  'service.instance.id': 'pod-7',
  'cloud.region': 'eu-west-1',
}

for (const transport of sdkTransports) {
  for (const temporality of ['cumulative', 'delta'] as const) {
    for (const compression of ['none', 'gzip'] as const) {
      test(`counts what the OpenTelemetry SDK sends over ${transport}, ${temporality}, ${compression}`, async (t) => {
        const sink = new RecordingSink()
        sink.bounds = [0.25, 1]
        const servers = await openOtlpServers(sink, systemClock)
        const url = servers.urlOf(transport)
        const exponential = ['http.client.request.duration']
        const sdk = sdkSender({ transport, url, temporality, compression, resource, exponential })
        t.after(async () => {
          await sdk.stop()
          await servers.close()
        })
        const requests = sdk.counter('http.server.requests', { unit: '{request}' })
        const active = sdk.upDownCounter('http.server.active_requests', { unit: '{request}' })
        const served = sdk.histogram('http.server.request.duration', {
          unit: 's',
          advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1] },
        })
        const asked = sdk.histogram('http.client.request.duration', { unit: 's' })
        for (const round of [1, 2, 3]) {
          requests.add(10 * round, { 'http.response.status_code': '200' })
          requests.add(round, { 'http.response.status_code': '500' })
          active.add(round === 3 ? -4 : 5)
          for (const seconds of [0.05, 0.25, 0.3, 2]) {
            served.record(seconds)
            asked.record(seconds)
          }
          await sdk.flush()
        }

        const totals = totalsOf(sink)
        assert.deepEqual(
          {
            ok: totals('http_server_requests_total', 'http_response_status_code', '200'),
            bad: totals('http_server_requests_total', 'http_response_status_code', '500'),
            served: totals('http_server_request_duration_seconds_count'),
            servedFast: totals('http_server_request_duration_seconds_bucket', 'le', '0.25'),
            servedWithin: totals('http_server_request_duration_seconds_bucket', 'le', '1'),
            asked: totals('http_client_request_duration_seconds_count'),
            // 1 is a power of two, and so the end of a bucket at every resolution.
            askedWithin: totals('http_client_request_duration_seconds_bucket', 'le', '1'),
          },
          { ok: 60, bad: 6, served: 12, servedFast: 6, servedWithin: 9, asked: 12, askedWithin: 9 },
        )
        assert.equal(sink.samples.findLast(({ series }) => series.startsWith('http_server_active_requests'))?.value, 6)
        const [{ labels }] = sink.resolved
        assert.equal(labels.get('job'), 'shop/checkout')
        assert.equal(labels.get('instance'), 'pod-7')
        assert.equal(labels.get('cloud_region'), 'eu-west-1')
        assert.equal(labels.get('otel_scope_name'), 'shop')
        assert.equal(labels.get('otel_scope_version'), '1.2.3')
        assert.ok(sink.deltas.every(({ startMs, timeMs }) => startMs > 0 && startMs < timeMs))
        assert.deepEqual(servers.log.lines, [])
      })
    }
  }
}

/** What the series of a name count in the end: the last total of each, or the sum of its intervals. */
function totalsOf(sink: RecordingSink): (name: string, label?: string, value?: string) => number {
  return (name, label, value) => {
    let total = 0
    const wanted = label === undefined ? `${name}{` : `${label}="${value}"`
    const last = new Map<string, number>()
    for (const { series, value: seen } of sink.samples)
      if (series.startsWith(`${name}{`) && series.includes(wanted)) last.set(series, seen)
    for (const { series, value: events } of sink.deltas)
      if (series.startsWith(`${name}{`) && series.includes(wanted)) total += events
    for (const seen of last.values()) total += seen
    return total
  }
}
