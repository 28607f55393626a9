import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { httpClient } from '../../../src/ingest/http-exchange.ts'
import { SampleWriter } from '../../../src/ingest/sample-writer.ts'
import { fetchExposition, type PageFormat } from '../../../src/ingest/scrape/fetch-exposition.ts'
import { readPage } from '../../../src/ingest/scrape/read-page.ts'
import { targetLabels } from '../../../src/ingest/scrape/target-labels.ts'
import { seriesAllowance } from '../../../src/ingest/series-allowance.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import { foreignTool } from '../../support/debian.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { scrapeSettings } from '../../support/ingest-scrape-settings.ts'
import { startProcess } from '../../support/started-process.ts'

const at = 1_767_225_600_000

/** Scrapes a page once, as text or as protobuf where the target has it. */
async function scraped(t: TestContext, url: string, protobuf: boolean) {
  const client = httpClient({ headers: new Map(), tls: undefined })
  t.after(() => client.close())
  const settings = scrapeSettings([{ url }])
  const { signal } = new AbortController()
  const fetched = await fetchExposition({ client, url, timeoutMs: 10_000, settings, protobuf, signal })
  assert.ok(fetched.kind === 'fetched', JSON.stringify(fetched))
  const sink = new RecordingSink()
  const writer = new SampleWriter({
    origin: { source: 'real', region: undefined },
    sink,
    meter: silentMeter,
    decodeKey: targetLabels(labelsOf([]), false),
    allowance: seriesAllowance(),
  })
  const page = readPage(writer, fetched, at, Number.NEGATIVE_INFINITY, settings)
  assert.deepEqual([...page.summary.details.values()], [])
  fetched.release()
  const values = new Map(sink.samples.map(({ series, value }) => [series, value]))
  return { format: fetched.format, values, exemplars: sink.exemplars, count: page.summary.received }
}

const nodeExporter = foreignTool('prometheus-node-exporter')

test("reads Debian's node exporter in text and in protobuf, series for series", {
  skip: nodeExporter.skip,
  timeout: 60_000,
}, async (t) => {
  const exporter = startProcess(nodeExporter.path, ['--web.listen-address=127.0.0.1:0'])
  t.after(() => exporter.stop())
  const [, address] = await exporter.line(/Listening on.*address=(127\.0\.0\.1:[1-9]\d*)/)
  const url = `http://${address}/metrics`
  // The first page tells of itself what the others know already.
  await scraped(t, url, false)
  const text = await scraped(t, url, false)
  const binary = await scraped(t, url, true)
  assert.deepEqual([text.format === 'protobuf', binary.format], [false, 'protobuf'])
  assert.ok(text.count > 300, `${text.count} samples`)
  const names = (page: typeof text) =>
    [...page.values.keys()].filter((series) => !series.includes('_created')).toSorted()
  assert.deepEqual(names(binary), names(text))
  // What does not move between two looks is the same number.
  for (const series of text.values.keys()) {
    if (
      /^(node_uname_info|node_memory_MemTotal|node_boot_time|node_filesystem_size|node_cpu_guest|go_info)/.test(series)
    ) {
      assert.equal(binary.values.get(series), text.values.get(series), series)
    }
  }
})

test('reads prom-client with its examples, and the text it falls back to', async (t) => {
  const registry = new Registry<OpenMetricsContentType>()
  const registers = [registry]
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const requests = new Counter<'code' | 'trace_id'>({
    name: 'requests',
    help: 'a',
    labelNames: ['code'],
    registers,
    enableExemplars: true,
  })
  const load = new Gauge({ name: 'load', help: 'b\nc "d"', registers })
  const took = new Histogram<'traceId'>({
    name: 'took_seconds',
    help: 'e',
    buckets: [0.1, 1],
    registers,
    enableExemplars: true,
  })
  requests.inc({ labels: { code: '5"\\\n00' }, value: 3, exemplarLabels: { trace_id: 'abc' } })
  load.set(-1.5e-9)
  took.observe({ value: 0.05, exemplarLabels: { traceId: 'def' } })
  const server = createServer((_, response) => {
    response.setHeader('content-type', registry.contentType)
    void registry.metrics().then((page) => response.end(page))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const addressInfo = server.address()
  assert.ok(addressInfo !== null && typeof addressInfo === 'object')
  const url = `http://127.0.0.1:${addressInfo.port}/metrics`
  const expected = new Map([
    ['requests_total{code="5\\"\\\\\\n00"}', 3],
    ['load', -1.5e-9],
    ['took_seconds_bucket{le="0.1"}', 1],
    ['took_seconds_bucket{le="1"}', 1],
    ['took_seconds_bucket{le="+Inf"}', 1],
    ['took_seconds_sum', 0.05],
    ['took_seconds_count', 1],
  ])
  const page = await scraped(t, url, true)
  const openmetrics: PageFormat = 'openmetrics'
  assert.equal(page.format, openmetrics)
  assert.deepEqual(page.values, expected)
  assert.deepEqual(
    page.exemplars.map(({ exemplar }) => exemplar.traceId),
    ['abc', 'def'],
  )
})
