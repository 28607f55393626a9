import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { formatLabels, labelsOf, metricNameLabel } from '../../../src/core/model/labels.ts'
import { SampleWriter } from '../../../src/ingest/sample-writer.ts'
import { readPage } from '../../../src/ingest/scrape/read-page.ts'
import { targetLabels } from '../../../src/ingest/scrape/target-labels.ts'
import { seriesAllowance } from '../../../src/ingest/series-allowance.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import { foreignTool } from '../../support/debian.ts'
import { type FixturePage, fixturePages, withoutFixturePages } from '../../support/ingest-fixture-pages.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { slowExposition } from '../../support/ingest-slow-exposition.ts'
import { newFolder, startPrometheus } from '../../support/started-peers.ts'
import { eventually } from '../../support/started-process.ts'

const prometheus = foreignTool('prometheus')
const at = 1_767_225_600_000
/** Pages whose series say when they started. */
const pagesWithStarts = ['alltypes.5mfs.om.txt']

/** What a scrape hands on of a page: values, starts and examples by series. */
function scraped({ bytes, format }: FixturePage) {
  const sink = new RecordingSink()
  const writer = new SampleWriter({
    origin: { source: 'shop', region: undefined },
    sink,
    meter: silentMeter,
    decodeKey: targetLabels(labelsOf([]), false),
    allowance: seriesAllowance(),
  })
  const settings = { honorTimestamps: true, samplesMax: Number.POSITIVE_INFINITY }
  const { summary } = readPage(writer, { bytes, format }, at, Number.NEGATIVE_INFINITY, settings)
  assert.deepEqual([...summary.details.values()], [])
  const series = sink.samples.map(({ series: name }) => name)
  const starts = series.map((name, index) => [name, sink.starts[index] ?? Number.NaN] as const)
  return {
    values: new Map(sink.samples.map(({ series: name, value }) => [name, value])),
    starts: new Map(starts.filter(([, startMs]) => !Number.isNaN(startMs))),
    exemplars: sink.exemplars.map(({ series: name, exemplar: { value, atMs } }) => `${name} ${value} ${atMs}`),
  }
}

for (const page of fixturePages().filter(({ format }) => format === 'openmetrics')) {
  const text = page.bytes.toString()

  test(`takes from ${page.name} since when each counter counts`, () => {
    // All series of a metric share its labels, and the time of its _created; that of a quantile nobody reads.
    const own = slowExposition(text).map(({ labels, value }) => {
      const name = labels.get(metricNameLabel) ?? ''
      const family = name.replace(/_(total|bucket|count|sum|created)$/, '')
      const others = [...labels].filter(([label]) => !['__name__', 'le', 'quantile'].includes(label))
      return {
        name,
        value,
        series: formatLabels(labelsOf(labels)),
        key: `${family} ${others.map(String).toSorted().join(' ')}`,
      }
    })
    const created = new Map(
      own.filter(({ name }) => name.endsWith('_created')).map(({ key, value }) => [key, Math.round(value * 1_000)]),
    )
    const counting = own.filter(({ name }) => !name.endsWith('_created'))
    const expected = new Map(
      counting.flatMap(({ series, key }) => {
        const startMs = created.get(key)
        return startMs === undefined ? [] : [[series, startMs] as const]
      }),
    )
    assert.deepEqual(scraped(page).starts, expected)
    assert.equal(expected.size > 0, pagesWithStarts.includes(page.name))
  })

  test(`takes every example of ${page.name}`, () => {
    const lines = text.split('\n').filter((line) => !line.startsWith('#') && line.includes(' # {'))
    const expected = lines.map((line) => {
      const [sample = '', exemplar = ''] = line.split(' # ')
      const [{ labels }] = slowExposition(sample)
      const [, value, seconds] = exemplar.split(' ')
      return `${formatLabels(labelsOf(labels))} ${Number(value)} ${Math.round(Number(seconds) * 1_000)}`
    })
    assert.deepEqual(scraped(page).exemplars, expected)
    assert.equal(expected.length > 0, pagesWithStarts.includes(page.name))
  })
}

test("Debian's Prometheus reads the same values from each page of Prometheus' own tests", {
  skip: withoutFixturePages || prometheus.skip,
  timeout: 60_000,
}, async (t) => {
  const pages = fixturePages()
  const server = createServer((request, response) => {
    const page = pages[Number(request.url?.slice(1))]
    response.writeHead(200, { 'content-type': page?.contentType ?? '' }).end(page?.bytes)
  }).listen(0, '127.0.0.1')
  t.after(() => server.close().closeAllConnections())
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address !== 'string')
  const jobs = pages.map((_, index) => {
    return `  - { job_name: 'page${index}', metrics_path: /${index}, static_configs: [{ targets: ['127.0.0.1:${address.port}'] }] }`
  })
  const config = `global: { scrape_interval: 1s }\nscrape_configs:\n${jobs.join('\n')}\n`
  const { url } = await startPrometheus(t, prometheus.path, { folder: await newFolder(t), config })

  interface Answered {
    readonly metric: Readonly<Record<string, string>>
    readonly value: readonly [number, string]
  }
  const ask = async (query: string): Promise<readonly Answered[]> => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)
    const { data }: { data: { result: readonly Answered[] } } = JSON.parse(await response.text())
    return data.result
  }
  for (const [index, page] of pages.entries()) {
    const job = `page${index}`
    await eventually(
      async () => ((await ask(`up{job="${job}"} == 1`)).length > 0 ? true : undefined),
      `${job} is scraped`,
    )
    const ofScrape = /^(up|scrape_.*)$/
    const theirs = (await ask(`{job="${job}"}`)).flatMap(({ metric, value: [, value] }) => {
      const { instance: _, job: __, ...labels } = metric
      if (ofScrape.test(labels[metricNameLabel] ?? '')) return []
      return [[formatLabels(labelsOf(Object.entries(labels))), value === '+Inf' ? Infinity : Number(value)] as const]
    })
    assert.deepEqual(sorted(scraped(page).values), sorted(theirs), page.name)
  }
})

function sorted(values: Iterable<readonly [string, number]>) {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1))
}
