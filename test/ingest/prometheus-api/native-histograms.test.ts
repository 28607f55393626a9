import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { labelsOf } from '../../../src/core/model/labels.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { httpClient } from '../../../src/ingest/http-exchange.ts'
import { startBackfill } from '../../../src/ingest/prometheus-api/backfill.ts'
import { askPrometheus } from '../../../src/ingest/prometheus-api/client.ts'
import { startCounterPull } from '../../../src/ingest/prometheus-api/counter-pull.ts'
import { remoteWriteRoute } from '../../../src/ingest/remote-write/receiver.ts'
import { silentLog } from '../../../src/ports/log.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import { foreignTool } from '../../support/debian.ts'
import { recordingLog } from '../../support/delivery-recorders.ts'
import { anEngine } from '../../support/engine-world.ts'
import { compress, encodeWriteRequest, labelList, type WrittenHistogram } from '../../support/ingest-write-requests.ts'
import { newFolder, startPrometheus } from '../../support/started-peers.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const prometheus = foreignTool('prometheus')

const rules = ['exact', 'cut'].map((name) => {
  // 500 ms is a bound of buckets in every schema, 300 ms lies inside one.
  const below = name === 'exact' ? '500ms' : '300ms'
  return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: ${name} }
spec: { service: shop, objective: 99, window: 7d, indicator: { latency: { histogram: 'lat_seconds{job="shop"}', below: ${below} } } }
`
})
const { slos } = await parseRules([{ name: 'rules.yaml', text: rules.join('---\n') }])
assert.equal(slos?.length, 2)

const step = 15_000
const rounds = 160
const halfway = 80
/** Prometheus takes no samples of long ago, so that the world ends now. */
const lastMs = Math.floor(Date.now() / step) * step - step
const timeOf = (round: number) => lastMs - (rounds - 1 - round) * step

/** Latencies that two processes measure in a round: the same in each run, on bounds of buckets and between them. */
function measured(process: number, round: number): readonly number[] {
  return Array.from({ length: 7 }, (_, index) => {
    const place = (round * 31 + index * 17 + process * 7) % 97
    return place === 0 ? 0 : place / 80
  })
}

/** What a process tells after a round: one starts anew, the other halves its resolution twice. */
function histogramOf(process: number, round: number): WrittenHistogram {
  const since = process === 0 && round >= 60 ? 60 : 0
  const all = Array.from({ length: round - since + 1 }, (_, index) => measured(process, since + index)).flat()
  const schema = process === 0 || round < 50 ? 3 : round < 110 ? 2 : 1
  const places = all.filter((seconds) => seconds > 0).map((seconds) => Math.ceil(Math.log2(seconds) * 2 ** schema))
  const first = Math.min(...places)
  const counts = Array.from({ length: Math.max(...places) - first + 1 }, (_, index) => {
    return places.filter((place) => place === first + index).length
  })
  return {
    countInt: all.length,
    sum: all.reduce((sum, seconds) => sum + seconds, 0),
    schema,
    zeroThreshold: 0.001,
    zeroCountInt: all.length - places.length,
    positiveSpans: [{ offset: first, length: counts.length }],
    positiveDeltas: counts.map((count, index) => count - (counts[index - 1] ?? 0)),
    timestamp: timeOf(round),
  }
}

const requests = Array.from({ length: rounds }, (_, round) => {
  const timeseries = [0, 1].map((process) => ({
    labels: labelList({ __name__: 'lat_seconds', job: 'shop', instance: `p${process}` }),
    histograms: [histogramOf(process, round)],
  }))
  return compress(encodeWriteRequest({ timeseries }))
})

const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }

/** An engine that was pushed the rounds from one on: the way that is held against the others. */
async function pushed(from: number): Promise<Engine> {
  const engine = anEngine({ slos: slos ?? [], now: () => lastMs + step })
  const clock = new VirtualClock(lastMs + step)
  const sources = [{ name: 'push', region: 'eu' }]
  const route = remoteWriteRoute({ sources, sink: engine.sink, clock, meter: silentMeter, log: silentLog })
  for (const body of requests.slice(from)) {
    const answer = route.handle({ params: {}, query: new URLSearchParams(), headers, body })
    assert.ok(!(answer instanceof Promise))
    assert.equal(answer.status, 204)
  }
  return engine
}

/** Debian's Prometheus with native histograms, which was written all of the world. */
async function peer(t: TestContext): Promise<string> {
  const { url } = await startPrometheus(t, prometheus.path, {
    folder: await newFolder(t),
    config: 'global: {}\n',
    flags: ['--enable-feature=native-histograms'],
  })
  for (const body of requests) {
    const response = await fetch(`${url}/api/v1/write`, { method: 'POST', headers, body: Buffer.from(body) })
    assert.equal(response.status, 204, await response.text())
  }
  return url
}

/** Bad and all events of both SLOs, whole and over windows. */
function counted(engine: Engine) {
  const region = engine.counting.regions.get('eu')
  assert.ok(region !== undefined)
  return ['exact', 'cut'].map((name) => {
    const own = region.slos.get(name)
    assert.ok(own !== undefined)
    const windows = [5, 15, 30].map((minutes) => region.windowCounts(own, lastMs, minutes * 60_000))
    return { ever: region.countsEver(own), windows }
  })
}

const asked = { region: 'eu', madeLabels: new Set<string>(), normalized: labelsOf, meter: silentMeter }

test("native histograms of Debian's Prometheus count to the event when they are read back or pulled, as when they are pushed", {
  skip: prometheus.skip,
  timeout: 60_000,
}, async (t) => {
  const url = await peer(t)
  const settings = { url, headers: new Map(), tls: undefined, intervalMs: 60_000, timeoutMs: 3_600_000 }

  await t.test('history', async (part) => {
    const clock = new VirtualClock(lastMs + step)
    const engine = anEngine({ slos: slos ?? [], now: () => clock.now() })
    const log = recordingLog()
    const backfill = { reachMs: 3_600_000, waitMs: 0, pauseMs: 0, timeoutMs: 3_600_000, concurrency: 1 }
    const { history } = engine
    const reading = startBackfill({
      ...asked,
      source: 'past',
      settings: { ...settings, backfill },
      history,
      clock,
      log,
    })
    part.after(() => reading.stop())
    await until(() => log.lines.some(({ message }) => message === 'history is read'))
    const whole = await pushed(0)
    assert.deepEqual(counted(engine), counted(whole))
    // What was there with the first sample is not new.
    const all = [0, 1].flatMap((process) =>
      Array.from({ length: rounds - 1 }, (_, round) => measured(process, round + 1)).flat(),
    )
    const [exact, cut] = counted(engine)
    assert.deepEqual(exact?.ever, { bad: all.filter((seconds) => seconds > 0.5).length, total: all.length })
    assert.equal(cut?.ever.total, all.length)
    const uncertain = all.filter((seconds) => seconds > 2 ** -2 && seconds <= 2 ** -1.5).length
    assert.ok(Math.abs((cut?.ever.bad ?? 0) - all.filter((seconds) => seconds > 0.3).length) <= uncertain)
  })

  await t.test('pull', async (part) => {
    const clock = new VirtualClock(timeOf(halfway) + 2 * step)
    const engine = anEngine({ slos: slos ?? [], now: () => clock.now() })
    const pull = startCounterPull({
      ...asked,
      source: 'api',
      settings,
      intervalMs: step,
      delayMs: step,
      history: engine.history,
      sink: engine.sink,
      clock,
      log: silentLog,
    })
    part.after(() => pull.stop())
    for (let at = timeOf(halfway) + step; at <= lastMs; at += step) {
      await until(() => pull.readUntil() === at)
      await clock.advance(step)
    }
    // An answer reaches back by the delay: its first samples are those of a step before the first moment asked for.
    assert.deepEqual(counted(engine), counted(await pushed(halfway)))
  })

  await t.test('query indicators', async () => {
    const api = { url, client: httpClient({ headers: new Map(), tls: undefined }) }
    const ask = (query: string) => askPrometheus(api, query, lastMs, AbortSignal.timeout(30_000))
    const refused = await ask('sum(rate(lat_seconds[10m]))')
    assert.match(refused.kind === 'unknown' ? refused.reason : '', /histogram_count\(…\) or histogram_fraction\(…\)/)
    const share = await ask('histogram_fraction(0, 0.5, sum(rate(lat_seconds[10m])))')
    assert.ok(share.kind === 'number' && share.value > 0.3 && share.value < 0.6)
    assert.equal((await ask('histogram_count(sum(rate(lat_seconds[10m])))')).kind, 'number')
    api.client.close()
  })
})

/** Waits for the socket. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2))
}
