import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLabels, labelsOf, metricNameLabel } from '../../src/core/model/labels.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { startBackfill } from '../../src/ingest/prometheus-api/backfill.ts'
import { startCounterPull } from '../../src/ingest/prometheus-api/counter-pull.ts'
import { remoteWriteRoute } from '../../src/ingest/remote-write/receiver.ts'
import { SampleWriter } from '../../src/ingest/sample-writer.ts'
import type { PageFormat } from '../../src/ingest/scrape/fetch-exposition.ts'
import { readPage } from '../../src/ingest/scrape/read-page.ts'
import { targetLabels } from '../../src/ingest/scrape/target-labels.ts'
import { seriesAllowance } from '../../src/ingest/series-allowance.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { recordingLog } from '../support/delivery-recorders.ts'
import { pairs, protobufPage } from '../support/ingest-metric-families.ts'
import {
  countsWhatHappened,
  firstMs,
  roundMs,
  type ShopCounter,
  type ShopState,
  shopBuckets,
  shopCounters,
  shopHistogram,
  shopNative,
  shopProcess,
  shopStates,
  type WorldPath,
} from '../support/ingest-same-world.ts'
import { shopRoundMs } from '../support/ingest-shop-world.ts'
import {
  compress,
  encodeWriteRequest,
  labelList,
  type WrittenHistogram,
  written,
} from '../support/ingest-write-requests.ts'
import { encodeRequestV2, requestV2 } from '../support/ingest-write-requests-v2.ts'
import { type ApiSeries, rawSamplesApi } from '../support/query-api-raw-samples.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const clock = new VirtualClock(firstMs)

const paths: Readonly<Record<string, WorldPath>> = {
  'remote write 1.0': (world, engine) => {
    const post = writer(engine, 'application/x-protobuf')
    for (const state of inTime(shopStates(world, true))) {
      const counters = [...shopCounters(state), ...shopBuckets(state)]
      const timeseries = counters.map(({ labels, value }) => written(labels, value, state.timeMs))
      post(encodeWriteRequest({ timeseries }))
    }
  },
  'remote write 1.0 with native histograms': (world, engine) => {
    const post = writer(engine, 'application/x-protobuf')
    for (const state of inTime(shopStates(world, true))) {
      const counters = shopCounters(state).map(({ labels, value }) => written(labels, value, state.timeMs))
      post(
        encodeWriteRequest({
          timeseries: [...counters, { labels: histogramLabels(state), histograms: [sent(state)] }],
        }),
      )
    }
  },
  'remote write 2.0, which tells starts': (world, engine) => {
    const post = writer(engine, 'application/x-protobuf;proto=io.prometheus.write.v2.Request')
    for (const state of inTime(shopStates(world, false))) {
      const series = [...shopCounters(state), ...shopBuckets(state)].map((counter) => writtenV2(counter, state))
      post(encodeRequestV2(requestV2(series)))
    }
  },
  'remote write 2.0 with native histograms': (world, engine) => {
    const post = writer(engine, 'application/x-protobuf;proto=io.prometheus.write.v2.Request')
    for (const state of inTime(shopStates(world, false))) {
      const histogram = { ...sent(state), startTimestamp: state.totals.startMs }
      const counters = shopCounters(state).map((counter) => writtenV2(counter, state))
      post(encodeRequestV2(requestV2([...counters, { labels: histogramLabels(state), histograms: [histogram] }])))
    }
  },
  'a scrape of text': (world, engine) => {
    scrape(engine, 'text', inTime(shopStates(world, true)), (state) => text(pageLines(state)))
  },
  'a scrape of OpenMetrics, which tells starts': (world, engine) => {
    scrape(engine, 'openmetrics', inTime(shopStates(world, false)), (state) => {
      const seconds = state.totals.startMs / 1_000
      const lines = pageLines(state).flatMap((line) => {
        return line.includes('_total{') ? [line, line.replace(/_total(\{.*\}) .*/, `_created$1 ${seconds}`)] : [line]
      })
      return text([...lines, `${shopHistogram}_created ${seconds}`, '# EOF'])
    })
  },
  'a scrape of protobuf, which tells starts': (world, engine) => {
    scrape(engine, 'protobuf', inTime(shopStates(world, false)), (state) => {
      const bucket = shopBuckets(state).flatMap(({ labels: { le }, value }) => {
        return le === undefined ? [] : [{ upperBound: le === '+Inf' ? Infinity : Number(le), cumulativeCount: value }]
      })
      return families(state, { bucket })
    })
  },
  'a scrape of protobuf with native histograms': (world, engine) => {
    scrape(engine, 'protobuf', inTime(shopStates(world, false)), (state) => {
      const { schema, positive } = shopNative(state)
      const positiveSpan = [{ offset: positive.offset, length: positive.counts.length }]
      return families(state, { schema, zeroThreshold: 0, positiveSpan, positiveDelta: deltasOf(positive.counts) })
    })
  },
}

for (const [name, path] of Object.entries(paths)) {
  test(`the same world counts to the event by ${name}`, () => countsWhatHappened(path))
}

const readers = { 'counters pulled from a query API': pulled, 'history read from a query API': readBack }
for (const [name, read] of Object.entries(readers)) {
  for (const isNative of [false, true]) {
    test(`the same world counts to the event by ${name}${isNative ? ', with native histograms' : ''}`, () => {
      let now = firstMs
      return countsWhatHappened(
        async (world, engine) => {
          const own = new VirtualClock(roundMs(-1) + shopRoundMs)
          const states = inTime(shopStates(world, true))
          await using api = await rawSamplesApi(apiSeries(states, isNative))
          const until = roundMs(world.length - 1)
          await read({ engine, url: api.url, clock: own, until, setNow: (at) => (now = at) })
          // Nothing more happens, and a region is read once something of it is live.
          const post = writer(engine, 'application/x-protobuf')
          const last = states.slice(-2).flatMap((state) => [...shopCounters(state), ...shopBuckets(state)])
          const timeseries = last.map(({ labels, value }) => written(labels, value, roundMs(world.length)))
          post(encodeWriteRequest({ timeseries }))
        },
        12,
        () => now,
      )
    })
  }
}

interface ApiWorld {
  readonly engine: Engine
  readonly url: string
  readonly clock: VirtualClock
  readonly until: number
  readonly setNow: (at: number) => void
}

async function pulled({ engine, url, clock: own, until, setNow }: ApiWorld): Promise<void> {
  setNow(Number.POSITIVE_INFINITY)
  const { history, sink } = engine
  const delayMs = shopRoundMs
  const pull = startCounterPull({ ...asked(url), intervalMs: shopRoundMs, delayMs, history, sink, clock: own })
  for (let at = roundMs(-1); at <= until; at += shopRoundMs) {
    while (pull.readUntil() !== at) await new Promise((resolve) => setImmediate(resolve))
    await own.advance(shopRoundMs)
  }
  await pull.stop()
}

async function readBack({ engine, url, clock: own, until, setNow }: ApiWorld): Promise<void> {
  await own.advance(until - own.now())
  setNow(until)
  const { settings, ...rest } = asked(url)
  const reachMs = 3_600_000
  const backfill = { reachMs, waitMs: 0, pauseMs: 0, timeoutMs: settings.timeoutMs, concurrency: 2 }
  const log = recordingLog()
  const { history } = engine
  const reading = startBackfill({ ...rest, settings: { ...settings, backfill }, history, clock: own, log })
  const isRead = () => log.lines.some(({ message }) => message === 'history is read')
  while (!isRead()) await new Promise((resolve) => setImmediate(resolve))
  await reading.stop()
  setNow(Number.POSITIVE_INFINITY)
}

function asked(url: string) {
  const settings = { url, headers: new Map(), tls: undefined, intervalMs: 60_000, timeoutMs: 3_600_000 }
  const labels = { madeLabels: new Set<string>(), normalized: labelsOf }
  return { source: 'api', region: 'eu', settings, ...labels, meter: silentMeter, log: silentLog }
}

function apiSeries(states: readonly ShopState[], isNative: boolean): readonly ApiSeries[] {
  const all = new Map<string, ApiSeries>()
  const seriesOf = (labels: Readonly<Record<string, string>>): ApiSeries => {
    const known = all.get(JSON.stringify(labels)) ?? { labels, samples: [], histograms: [] }
    all.set(JSON.stringify(labels), known)
    return known
  }
  for (const state of states) {
    const counters = [...shopCounters(state), ...(isNative ? [] : shopBuckets(state))]
    for (const { labels, value } of counters) seriesOf(labels).samples.push([state.timeMs, value])
    if (!isNative) continue
    seriesOf({ __name__: shopHistogram, ...shopProcess(state.process) }).histograms.push([
      state.timeMs,
      shopNative(state),
    ])
  }
  return [...all.values()]
}

function inTime(states: readonly ShopState[]): readonly ShopState[] {
  return states.toSorted((a, b) => a.timeMs - b.timeMs)
}

/** Posts bodies to remote write, all of which is to be taken. */
function writer({ sink }: Engine, contentType: string) {
  const sources = [{ name: 'push', region: 'eu' }]
  const route = remoteWriteRoute({ sources, sink, clock, meter: silentMeter, log: silentLog })
  return (message: Uint8Array): void => {
    const headers = { 'content-type': contentType, 'content-encoding': 'snappy' }
    const answer = route.handle({ params: {}, query: new URLSearchParams(), headers, body: compress(message) })
    assert.ok(!(answer instanceof Promise))
    assert.equal(answer.status, 204, String(answer.body))
  }
}

function writtenV2({ labels, value }: ShopCounter, { timeMs, totals: { startMs } }: ShopState) {
  return { labels: labelList(labels), samples: [{ value, timestamp: timeMs, startTimestamp: startMs }] }
}

function histogramLabels({ process }: ShopState) {
  return labelList({ __name__: shopHistogram, ...shopProcess(process) })
}

function sent(state: ShopState): WrittenHistogram {
  const { schema, count, sum, positive } = shopNative(state)
  const positiveSpans = [{ offset: positive.offset, length: positive.counts.length }]
  const positiveDeltas = deltasOf(positive.counts)
  return { countInt: count, sum, schema, zeroThreshold: 0, positiveSpans, positiveDeltas, timestamp: state.timeMs }
}

function deltasOf(counts: readonly number[]): readonly number[] {
  return counts.map((count, index) => count - (counts[index - 1] ?? 0))
}

/** Reads a page of each state, as the target that its process is. */
function scrape(
  { sink }: Engine,
  format: PageFormat,
  states: readonly ShopState[],
  pageOf: (state: ShopState) => Uint8Array,
): void {
  const allowance = seriesAllowance()
  const writers = [0, 1].map((process) => {
    const decodeKey = targetLabels(labelsOf(Object.entries(shopProcess(process))), false)
    return new SampleWriter({
      origin: { source: 'shop', region: 'eu' },
      sink,
      meter: silentMeter,
      decodeKey,
      allowance,
    })
  })
  const settings = { honorTimestamps: true, samplesMax: Number.POSITIVE_INFINITY }
  for (const state of states) {
    const own = writers[state.process]
    assert.ok(own !== undefined)
    const read = readPage(own, { bytes: pageOf(state), format }, state.timeMs, Number.NEGATIVE_INFINITY, settings)
    assert.deepEqual([...read.summary.details.values()], [])
  }
}

/** What a process itself shows: its target has the labels of the process. */
function pageLines(state: ShopState): string[] {
  return [...shopCounters(state), ...shopBuckets(state)].map(({ labels, value }) => {
    const { job: _, instance: __, [metricNameLabel]: name = '', ...own } = labels
    return `${formatLabels(labelsOf(Object.entries({ ...own, [metricNameLabel]: name })))} ${value}`
  })
}

function text(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\n')}\n`)
}

function families(state: ShopState, buckets: object): Uint8Array {
  const { startMs, latencies } = state.totals
  const createdTimestamp = { seconds: Math.floor(startMs / 1_000), nanos: (startMs % 1_000) * 1e6 }
  const metric = shopCounters(state).map(({ labels, value }) => {
    const code = labels['http_response_status_code'] ?? ''
    return { label: pairs({ http_response_status_code: code }), counter: { value, createdTimestamp } }
  })
  const sampleSum = latencies.reduce((sum, seconds) => sum + seconds, 0)
  const histogram = { sampleCount: latencies.length, sampleSum, createdTimestamp, ...buckets }
  return protobufPage(
    { name: 'http_server_requests_total', type: 0, metric },
    { name: shopHistogram, type: 4, metric: [{ histogram }] },
  )
}
