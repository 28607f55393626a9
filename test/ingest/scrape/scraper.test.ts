import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { scrapeBodyBytesMax } from '../../../src/core/model/limits.ts'
import { minuteMs } from '../../../src/core/model/units.ts'
import { nextScrapeAt, scrapeOffset } from '../../../src/ingest/scrape/schedule.ts'
import { startScrapes } from '../../../src/ingest/scrape/scraper.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { type MetricsServer, metricsServer, openMetrics, page } from '../../support/ingest-metrics-server.ts'
import { type RecordedSample, RecordingSink } from '../../support/ingest-recording-sink.ts'
import { noDiscovery, scrapeSettings } from '../../support/ingest-scrape-settings.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const start = 1_767_225_600_000
/** As long as the timeout, so that to let one interval pass starts one scrape of each target and ends none by time. */
const intervalMs = minuteMs

/** Scrapes until it is disposed of; `round` lets every target be scraped once and answers the samples. */
function scraping(...servers: readonly MetricsServer[]) {
  const sink = new RecordingSink()
  const clock = new VirtualClock(start)
  const log = recordingLog()
  const meter = recordingMeter()
  const settings = scrapeSettings(servers, { interval: '1m', timeout: '1m', protobuf: false })
  const scrapes = startScrapes({
    source: 'shop',
    region: 'eu',
    settings,
    sink,
    clock,
    meter,
    log,
    discovery: noDiscovery,
  })
  const round = async (reports = servers.length): Promise<RecordedSample[]> => {
    await clock.advance(intervalMs)
    await sink.until((samples) => countOf(samples, 'scrape_samples_scraped') === reports)
    return sink.take()
  }
  return { sink, clock, log, meter, scrapes, round, [Symbol.asyncDispose]: () => scrapes.stop() }
}

function countOf(samples: readonly RecordedSample[], metric: string): number {
  return samples.filter(({ series, stale }) => series.startsWith(`${metric}{`) && !stale).length
}

/** Samples without the labels that all of them have, and without how long the scrape took. */
function brief(samples: readonly RecordedSample[], { instance }: MetricsServer): string[] {
  return samples
    .filter(({ series }) => !/^scrape_(duration|series_added|samples_post)/.test(series))
    .map(({ series, value, stale }) => {
      const shown = series.replace(`instance="${instance}",job="shop"`, '').replace('{}', '')
      return `${shown} ${stale ? 'ended' : value}`
    })
}

test('takes samples at the time of the scrape, with job and instance, and says how the scrape went', async () => {
  await using server = await metricsServer(page('requests_total{code="200"} 7\n'))
  await using world = scraping(server)
  const [sample, up, duration, count] = await world.round()
  const due = nextScrapeAt(start, scrapeOffset(server.url, intervalMs), intervalMs)
  const own = `instance="${server.instance}",job="shop"`
  assert.deepEqual(sample, { series: `requests_total{code="200",${own}}`, timeMs: due, value: 7, stale: false })
  assert.deepEqual(up, { series: `up{${own}}`, timeMs: due, value: 1, stale: false })
  assert.deepEqual(count, { series: `scrape_samples_scraped{${own}}`, timeMs: due, value: 1, stale: false })
  assert.deepEqual([duration.series, duration.timeMs], [`scrape_duration_seconds{${own}}`, due])
  assert.ok(duration.value >= 0 && duration.value <= intervalMs / 1_000)
  assert.deepEqual(world.sink.resolved[0].origin, { source: 'shop', region: 'eu' })
  assert.equal(world.meter.values.get('sloburn_scrapes_total{source="shop",outcome="succeeded"}'), 1)
  assert.equal(world.scrapes.problem(), undefined)
  assert.deepEqual(world.log.lines, [])
})

test('scrapes at the same place of each interval and decodes known labels once', async () => {
  await using server = await metricsServer(page('a 1\n'))
  await using world = scraping(server)
  const times = [...(await world.round()), ...(await world.round()), ...(await world.round())]
    .filter(({ series }) => series.startsWith('a{'))
    .map(({ timeMs }) => timeMs)
  assert.deepEqual(times, [times[0], times[0] + intervalMs, times[0] + 2 * intervalMs])
  assert.equal(world.sink.resolved.length, 6)
})

test('asks for OpenMetrics first, says how long it waits, and reads gzip', async () => {
  const zipped = gzipSync('a_total 2.0 1767225600.5 # {trace="x"} 1\n# EOF\n')
  await using server = await metricsServer((_, response) => {
    response.writeHead(200, { 'content-type': openMetrics, 'content-encoding': 'gzip' }).end(zipped)
  })
  await using world = scraping(server)
  const [sample] = await world.round()
  assert.deepEqual([sample.value, sample.timeMs], [2, 1_767_225_600_500])
  const { headers } = server.requests[0]
  assert.match(headers.accept ?? '', /^application\/openmetrics-text;version=1\.0\.0;.*text\/plain;version=0\.0\.4/)
  assert.match(String(headers['accept-encoding']), /gzip/)
  assert.equal(headers['x-prometheus-scrape-timeout-seconds'], '60')
})

test('says who asks from the first scrape on', async () => {
  await using server = await metricsServer(page('a 1\n'))
  const settings = scrapeSettings([server], { interval: '1m', timeout: '1m', protobuf: false, bearerToken: 'hush' })
  const [sink, clock] = [new RecordingSink(), new VirtualClock(start)]
  const world = { sink, clock, log: recordingLog(), meter: recordingMeter(), discovery: noDiscovery }
  const scrapes = startScrapes({ source: 'shop', region: 'eu', settings, ...world })
  await clock.advance(intervalMs)
  await sink.until((samples) => countOf(samples, 'scrape_samples_scraped') === 1)
  await scrapes.stop()
  assert.equal(server.requests[0].headers.authorization, 'Bearer hush')
})

test('keeps a job and an instance that the page gives as exported labels', async () => {
  await using server = await metricsServer(page('a{job="x",instance="y",exported_job="z"} 1\nb{job=""} 1\n'))
  await using world = scraping(server)
  const samples = await world.round()
  const own = `instance="${server.instance}",job="shop"`
  assert.equal(samples[0].series, `a{exported_exported_job="x",exported_instance="y",exported_job="z",${own}}`)
  assert.equal(samples[1].series, `b{${own}}`)
})

test('counts equal lines of two targets as two series', async () => {
  await using one = await metricsServer(page('a 1\n'))
  await using other = await metricsServer(page('a 2\n'))
  await using world = scraping(one, other)
  const samples = (await world.round()).filter(({ series }) => series.startsWith('a{'))
  assert.equal(new Set(samples.map(({ series }) => series)).size, 2)
  assert.deepEqual(
    samples.map(({ value }) => value).sort((a, b) => a - b),
    [1, 2],
  )
})

test('marks the end of series that vanish from the page, once', async () => {
  await using server = await metricsServer(page('a 1\nb 1\nold 1 1767225000000\n'))
  await using world = scraping(server)
  await world.round()
  server.answer = page('b 2\n')
  assert.deepEqual(brief(await world.round(), server), ['b 2', 'up 1', 'scrape_samples_scraped 1', 'a ended'])
  assert.deepEqual(brief(await world.round(), server), ['b 2', 'up 1', 'scrape_samples_scraped 1'])
  server.answer = page('a 3\n')
  assert.deepEqual(brief(await world.round(), server), ['a 3', 'up 1', 'scrape_samples_scraped 1', 'b ended'])
})

test('marks the end of all series of a target that fails, says so once, and takes it up again', async () => {
  await using server = await metricsServer(page('a 1\n'))
  await using world = scraping(server)
  await world.round()
  server.answer = (_, response) => response.writeHead(503).end('a 2\n')
  assert.deepEqual(brief(await world.round(), server), ['up 0', 'scrape_samples_scraped 0', 'a ended'])
  assert.deepEqual(brief(await world.round(), server), ['up 0', 'scrape_samples_scraped 0'])
  assert.equal(world.scrapes.problem(), `${server.url}: answered HTTP 503`)
  server.answer = page('a 3\n')
  assert.deepEqual(brief(await world.round(), server), ['a 3', 'up 1', 'scrape_samples_scraped 1'])
  assert.deepEqual(
    world.log.lines.map(({ level, message, fields }) => [level, message, fields.target]),
    [
      ['warn', 'scrape failed', server.url],
      ['info', 'scrape is fine again', server.url],
    ],
  )
  assert.equal(world.meter.values.get('sloburn_scrapes_total{source="shop",outcome="failed"}'), 2)
})

test('does not let a target that hangs delay another, and counts its silence as failure', async () => {
  await using hanging = await metricsServer(() => {})
  await using healthy = await metricsServer(page('a 1\n'))
  await using world = scraping(hanging, healthy)
  const first = await world.round(1)
  assert.deepEqual(brief(first, healthy), ['a 1', 'up 1', 'scrape_samples_scraped 1'])
  const second = await world.round(2)
  assert.ok(brief(second, hanging).includes('up 0'))
  assert.ok(brief(second, healthy).includes('a 1'))
  assert.equal(world.scrapes.problem(), `${hanging.url}: no answer within 1m`)
})

/** Answers that are no complete metrics page, and what is said about them. */
const failing: readonly (readonly [string, MetricsServer['answer'], RegExp])[] = [
  ['an OpenMetrics page without its end', page('a 1\n', openMetrics), /does not end with # EOF/],
  ['a page of HTML', page('<html>login</html>', 'text/html; charset=utf-8'), /text\/html, which is no metrics page/],
  ['a page of nothing but garbage', page('who\nare you\n'), /line 1: no metric name.*: who/],
  [
    'a connection that breaks in the middle',
    (_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('a 1\n', () => response.destroy())
    },
    /broke in the middle/,
  ],
  [
    'a page that never ends',
    (_, response) => {
      const piece = Buffer.alloc(1 << 20, 'a 1\n')
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      }
      response.writeHead(200).on('drain', more)
      more()
    },
    new RegExp(`more than ${scrapeBodyBytesMax} bytes`),
  ],
]

for (const [what, answer, problem] of failing) {
  test(`takes nothing of ${what}`, async () => {
    await using server = await metricsServer(answer)
    await using world = scraping(server)
    assert.deepEqual(brief(await world.round(), server), ['up 0', 'scrape_samples_scraped 0'])
    assert.match(world.scrapes.problem() ?? '', problem)
  })
}

test('says why a target cannot be reached', async () => {
  const server = await metricsServer(page(''))
  await server[Symbol.asyncDispose]()
  await using world = scraping(server)
  assert.deepEqual(brief(await world.round(), server), ['up 0', 'scrape_samples_scraped 0'])
  assert.match(world.scrapes.problem() ?? '', /ECONNREFUSED/)
})

test('keeps the good lines of a page with bad ones, and says where the first one stands', async () => {
  await using server = await metricsServer(page('a 1\nb{ 2\nc 3\nd 4 x'))
  await using world = scraping(server)
  const expected = ['a 1', 'c 3', 'up 1', 'scrape_samples_scraped 2']
  assert.deepEqual(brief(await world.round(), server), expected)
  assert.deepEqual(brief(await world.round(), server), expected)
  assert.equal(world.log.lines.length, 1)
  assert.match(String(world.log.lines[0].fields.problem), /^line 2: .*: b\{ 2$/)
  assert.equal(world.meter.values.get('sloburn_ingest_rejected_samples_total{source="shop",reason="malformed"}'), 4)
})

test('takes an empty page for a healthy one', async () => {
  await using server = await metricsServer(page(''))
  await using world = scraping(server)
  assert.deepEqual(brief(await world.round(), server), ['up 1', 'scrape_samples_scraped 0'])
})

test('cuts off a scrape under way when it stops, without calling it a failure', async () => {
  const asked = Promise.withResolvers<void>()
  await using server = await metricsServer(() => asked.resolve())
  const world = scraping(server)
  await world.clock.advance(intervalMs)
  await asked.promise
  const cut = once(server.requests[0].socket, 'close')
  await world.scrapes.stop()
  await cut
  await world.clock.advance(10 * intervalMs)
  assert.deepEqual(world.sink.samples, [])
  assert.deepEqual(world.log.lines, [])
  assert.equal(server.requests.length, 1)
})

test('spreads targets over the interval, each always at the same place', () => {
  const offsets = Array.from({ length: 1_000 }, (_, index) =>
    scrapeOffset(`http://10.0.0.${index}:9100/metrics`, 15_000),
  )
  assert.ok(offsets.every((offset) => offset >= 0 && offset < 15_000))
  const perSecond = Array.from({ length: 15 }, (_, second) => {
    return offsets.filter((offset) => Math.floor(offset / 1_000) === second).length
  })
  assert.ok(Math.min(...perSecond) > 40 && Math.max(...perSecond) < 100, perSecond.join(' '))
  assert.equal(scrapeOffset('http://a/', 15_000), scrapeOffset('http://a/', 15_000))
})

test('plans the next scrape after now, never now itself', () => {
  assert.equal(nextScrapeAt(100_000, 3_000, 15_000), 108_000)
  assert.equal(nextScrapeAt(107_999, 3_000, 15_000), 108_000)
  assert.equal(nextScrapeAt(108_000, 3_000, 15_000), 123_000)
})
