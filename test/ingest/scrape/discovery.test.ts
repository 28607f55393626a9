import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { targetsPerSourceMax } from '../../../src/core/model/limits.ts'
import { yamlDocuments } from '../../../src/documents/yaml-documents.ts'
import { lookUp } from '../../../src/ingest/scrape/dns-discovery.ts'
import { type ParseTargets, readTargetFiles } from '../../../src/ingest/scrape/file-discovery.ts'
import { startScrapes } from '../../../src/ingest/scrape/scraper.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { metricsServer, page } from '../../support/ingest-metrics-server.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { noDiscovery, scrapeSettings } from '../../support/ingest-scrape-settings.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const parseTargets: ParseTargets = (text, file) => {
  const { documents, problems } = yamlDocuments({ name: file, text })
  return problems.length > 0 ? { problem: problems[0].message } : { value: documents[0]?.value }
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sloburn-targets-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

async function found(path: string) {
  const settings = scrapeSettings([], { files: [path], labels: { tier: 'web' } })
  return readTargetFiles(settings, parseTargets)
}

test('reads JSON and YAML files of targets, with what their labels say about scraping', async (t) => {
  const path = await folder(t)
  await writeFile(join(path, 'a.json'), JSON.stringify([{ targets: ['x:1'], labels: { env: 'prod', __meta_x: 'y' } }]))
  await writeFile(
    join(path, 'b.yaml'),
    "- targets: ['y:2']\n  labels: { __scheme__: https, __metrics_path__: /m, __param_q: z, tier: db }\n",
  )
  await writeFile(join(path, 'c.txt'), 'not asked for')
  const results = await found(join(path, '*.*'.replace('.*', '.json')))
  const more = await found(join(path, '*.yaml'))
  const targets = [...results, ...more].flatMap(({ result }) => ('targets' in result ? result.targets : []))
  assert.deepEqual(targets, [
    {
      url: 'http://x:1/metrics',
      instance: 'x:1',
      labels: new Map([
        ['env', 'prod'],
        ['tier', 'web'],
      ]),
    },
    { url: 'https://y:2/m?q=z', instance: 'y:2', labels: new Map([['tier', 'db']]) },
  ])
})

/** Files that are none of targets, and what is said of them. */
for (const [text, problem] of [
  ['[{', /./],
  ['a: b', /not a list of groups/],
  ['- a', /group 1: not a mapping/],
  ['- target: [x]', /unknown key "target"/],
  ['- targets: x', /not a list of addresses/],
  ["- targets: ['x:1']\n  labels: { a: 1 }", /not a mapping of texts/],
  ["- targets: ['x:1', 'ftp://y/']", /ftp:\/\/y\/: ftp: is not scraped/],
] as const) {
  test(`says what is wrong with ${JSON.stringify(text)}`, async (t) => {
    const path = join(await folder(t), 'targets.yaml')
    await writeFile(path, text)
    const [{ result }] = await found(path)
    assert.ok('problem' in result)
    assert.match(result.problem, problem)
  })
}

test('says that a file is not there; an empty one has no targets, and nor has a folder that is not there', async (t) => {
  const path = await folder(t)
  assert.deepEqual((await found(join(path, 'a.yaml')))[0].result, { problem: 'there is no such file' })
  await writeFile(join(path, 'a.yaml'), '')
  assert.deepEqual((await found(join(path, 'a.yaml')))[0].result, { targets: [] })
  assert.deepEqual(await found(join(path, 'nowhere', '*.yaml')), [])
})

test('finds targets in DNS: A and AAAA with a port given, SRV with its own', async () => {
  const dns = [
    { names: ['a.test'], type: 'A' as const, port: 9 },
    { names: ['b.test'], type: 'AAAA' as const, port: 9 },
    { names: ['_m._tcp.c.test'] },
    { names: ['gone.test'] },
  ]
  const results = await lookUp(scrapeSettings([], { dns, path: '/m' }), {
    resolve4: async () => ['10.0.0.2', '10.0.0.1'],
    resolve6: async () => ['fd00::1'],
    resolveSrv: async (name) => {
      if (name === 'gone.test') throw Object.assign(new Error('gone'), { code: 'ENOTFOUND' })
      return [{ name: 'h.test.', port: 7 }]
    },
  })
  assert.deepEqual(
    results.map(({ place, result }) => [
      place,
      'targets' in result ? result.targets.map(({ url }) => url) : result.problem,
    ]),
    [
      ['A a.test', ['http://10.0.0.1:9/m', 'http://10.0.0.2:9/m']],
      ['AAAA b.test', ['http://[fd00::1]:9/m']],
      ['SRV _m._tcp.c.test', ['http://h.test:7/m']],
      ['SRV gone.test', 'ENOTFOUND'],
    ],
  )
})

test('takes up targets of a file, keeps them while it is broken, and ends their series when they leave it', async (t) => {
  await using one = await metricsServer(page('a 1\n'))
  await using other = await metricsServer(page('a 2\n'))
  const path = join(await folder(t), 'targets.yaml')
  const list = (...urls: readonly string[]) => writeFile(path, JSON.stringify([{ targets: urls }]))
  await list(one.url, other.url)
  const sink = new RecordingSink()
  const clock = new VirtualClock(1_767_225_600_000)
  const log = recordingLog()
  const settings = scrapeSettings([], {
    files: [path],
    interval: '10s',
    timeout: '10s',
    refresh: '30s',
    protobuf: false,
  })
  const meter = recordingMeter()
  const discovery = { ...noDiscovery, parseTargets }
  const scrapes = startScrapes({ source: 'shop', region: undefined, settings, sink, clock, meter, log, discovery })
  t.after(() => scrapes.stop())
  const targets = () => meter.values.get('sloburn_scrape_targets{source="shop"}')
  const lookAgain = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await lookAgain(() => targets() === 2)
  await lookAgain(() => sink.samples.filter(({ series }) => series.startsWith('a{')).length >= 2)
  await writeFile(path, '[{')
  await lookAgain(() => scrapes.problem() !== undefined)
  assert.match(scrapes.problem() ?? '', /targets\.yaml: /)
  assert.equal(targets(), 2)
  await list(one.url)
  await lookAgain(() => targets() === 1)
  const ended = sink.samples.filter(({ stale, series }) => stale && series.startsWith('a{'))
  assert.deepEqual(
    ended.map(({ series }) => series),
    [`a{instance="${other.instance}",job="shop"}`],
  )
  assert.equal(scrapes.problem(), undefined)
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    ['targets cannot be read; those known stay', 'targets can be read again'],
  )
})

test('looks up names again and again: who is new is scraped, who is gone ends, and no answer changes nothing', async (t) => {
  await using one = await metricsServer(page('a 1\n'))
  await using other = await metricsServer(page('a 2\n'))
  let records = [{ name: '127.0.0.1', port: Number(new URL(one.url).port) }]
  let isDown = false
  let asked = 0
  const resolver = {
    ...noDiscovery.resolver,
    resolveSrv: async () => {
      asked++
      if (isDown) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' })
      return records
    },
  }
  const sink = new RecordingSink()
  const clock = new VirtualClock(1_767_225_600_000)
  const settings = scrapeSettings([], {
    dns: [{ names: ['_metrics._tcp.shop.test'] }],
    path: new URL(one.url).pathname,
    interval: '10s',
    timeout: '10s',
    refresh: '30s',
    protobuf: false,
  })
  const [meter, log] = [recordingMeter(), recordingLog()]
  const scrapes = startScrapes({
    source: 'shop',
    region: undefined,
    settings,
    sink,
    clock,
    meter,
    log,
    discovery: { ...noDiscovery, resolver },
  })
  t.after(() => scrapes.stop())
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const hasSample = (value: number) => sink.samples.some((each) => each.series.startsWith('a{') && each.value === value)
  const ended = () => sink.samples.flatMap(({ series, stale }) => (stale && series.startsWith('a{') ? [series] : []))
  await until(() => hasSample(1))
  records = [...records, { name: '127.0.0.1', port: Number(new URL(other.url).port) }]
  await until(() => hasSample(2))
  isDown = true
  const askedBefore = asked
  await until(() => asked >= askedBefore + 2)
  assert.match(scrapes.problem() ?? '', /^SRV _metrics\._tcp\.shop\.test: ETIMEOUT/)
  assert.equal(meter.values.get('sloburn_scrape_targets{source="shop"}'), 2)
  assert.deepEqual(ended(), [])
  isDown = false
  records = records.slice(1)
  await until(() => ended().length > 0)
  assert.deepEqual(ended(), [`a{instance="${one.instance}",job="shop"}`])
  assert.equal(meter.values.get('sloburn_scrape_targets{source="shop"}'), 1)
  assert.equal(scrapes.problem(), undefined)
})

test('scrapes no more targets than a source may have, and says how many are left out', async () => {
  const targets = Array.from({ length: targetsPerSourceMax + 3 }, (_, index) => ({
    url: `http://h${index}.test/metrics`,
  }))
  const [meter, log] = [recordingMeter(), recordingLog()]
  const clock = new VirtualClock(1_767_225_600_000)
  const settings = scrapeSettings(targets)
  const world = { sink: new RecordingSink(), clock, meter, log, discovery: noDiscovery }
  const scrapes = startScrapes({ source: 'shop', region: undefined, settings, ...world })
  await clock.advance(0)
  await scrapes.stop()
  assert.equal(meter.values.get('sloburn_scrape_targets{source="shop"}'), targetsPerSourceMax)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="targetsPerSourceMax"}'), 3)
  assert.deepEqual(
    log.lines.map(({ fields, message }) => [message, fields['targets']]),
    [['too many targets; those beyond the limit are not scraped', targetsPerSourceMax + 3]],
  )
})

test('does not scrape a page under the labels of another, which would make of two counters one that starts anew, and says so', async (t) => {
  await using one = await metricsServer(page('a 1\n'))
  const path = join(await folder(t), 'targets.json')
  const { host } = new URL(one.url)
  const other = { targets: [host], labels: { __metrics_path__: '/other' } }
  await writeFile(path, JSON.stringify([{ targets: [one.url] }, other, { targets: [one.url] }]))
  const sink = new RecordingSink()
  const clock = new VirtualClock(1_767_225_600_000)
  const [meter, log] = [recordingMeter(), recordingLog()]
  const settings = scrapeSettings([], { files: [path], interval: '10s', refresh: '30s', protobuf: false })
  const discovery = { ...noDiscovery, parseTargets }
  const scrapes = startScrapes({ source: 'shop', region: undefined, settings, sink, clock, meter, log, discovery })
  t.after(() => scrapes.stop())
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await until(() => sink.samples.some(({ series }) => series.startsWith('a{')))
  assert.equal(meter.values.get('sloburn_scrape_targets{source="shop"}'), 1)
  assert.match(scrapes.problem() ?? '', /\/other: not scraped, as .* is scraped under the same labels already/)
  assert.deepEqual(
    log.lines.map(({ message, fields }) => [message, fields['count']]),
    [['targets with the labels of another are not scraped', 1]],
  )
  await writeFile(
    path,
    JSON.stringify([{ targets: [one.url] }, { ...other, labels: { ...other.labels, page: 'other' } }]),
  )
  await until(() => meter.values.get('sloburn_scrape_targets{source="shop"}') === 2)
  assert.doesNotMatch(scrapes.problem() ?? '', /same labels/)
})

test('goes on with targets that stay when settings change, and ends all when the source is gone', async () => {
  await using one = await metricsServer(page('a 1\n'))
  await using other = await metricsServer(page('a 2\n'))
  const sink = new RecordingSink()
  const clock = new VirtualClock(1_767_225_600_000)
  const options = { source: 'shop', region: undefined, sink, clock, meter: recordingMeter(), log: recordingLog() }
  const settings = scrapeSettings([one, other], { interval: '1m', timeout: '1m', protobuf: false })
  const scrapes = startScrapes({ ...options, settings, discovery: noDiscovery })
  const round = async (targets: number) => {
    await clock.advance(60_000)
    await sink.until(
      (samples) => samples.filter(({ series, stale }) => series.startsWith('up{') && !stale).length === targets,
    )
    return sink.take()
  }
  await round(2)
  await scrapes.change(scrapeSettings([one], { interval: '1m', timeout: '1m', protobuf: false, bearerToken: 'hush' }))
  assert.deepEqual(
    [...new Set(sink.take().map(({ series, stale }) => [stale, series.includes(other.instance)].join()))],
    ['true,true'],
  )
  const samples = await round(1)
  assert.ok(samples.every(({ stale }) => !stale))
  assert.equal(one.requests.at(-1)?.headers.authorization, 'Bearer hush')
  await scrapes.end()
  assert.ok(sink.take().some(({ series, stale }) => stale && series.startsWith('a{')))
})
