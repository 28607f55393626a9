import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/app/system-clock.ts'
import { secret } from '../../src/core/model/secret.ts'
import { remoteWriteConfig } from '../../src/ingest/remote-write/config.ts'
import { remoteWriteRoute } from '../../src/ingest/remote-write/receiver.ts'
import { silentLog } from '../../src/ports/log.ts'
import { startServer } from '../../src/web/server.ts'
import { foreignTool } from '../support/debian.ts'
import { recordingMeter } from '../support/delivery-recorders.ts'
import { RecordingSink } from '../support/ingest-recording-sink.ts'
import { startProcess } from '../support/started-process.ts'

const token = 'a-token-for-senders'

/** How each sender is told to scrape every second, and to send what it scraped with a token. */
const senders = {
  prometheus: (folder: string, target: string, url: string) => ({
    config: `global: { scrape_interval: 1s }
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ['${target}'] }] }]
remote_write:
  - url: ${url}
    authorization: { credentials: ${token} }
    queue_config: { batch_send_deadline: 200ms }
`,
    args: [
      `--config.file=${folder}/config.yml`,
      `--storage.tsdb.path=${folder}/data`,
      '--web.listen-address=127.0.0.1:0',
    ],
  }),
  vmagent: (folder: string, target: string, url: string) => ({
    config: `global: { scrape_interval: 1s }
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ['${target}'] }] }]
`,
    args: [
      `-promscrape.config=${folder}/config.yml`,
      `-remoteWrite.url=${url}`,
      `-remoteWrite.bearerToken=${token}`,
      `-remoteWrite.tmpDataPath=${folder}/queue`,
      '-remoteWrite.flushInterval=200ms',
      '-httpListenAddr=',
    ],
  }),
}

for (const [name, sender] of Object.entries(senders)) {
  const { path, skip } = foreignTool(name === 'prometheus' ? 'prometheus' : 'vmagent')
  if (skip !== false) console.log(`skipped: ${skip}`)

  test(`${name} sends what it scraped, value for value, and the end of what is gone`, {
    skip,
    timeout: 120_000,
  }, async (t) => {
    const shop = await openShop(t)
    const { url, sink, meter } = await openReceiver(t)
    const folder = await mkdtemp(join(tmpdir(), 'sloburn-e2e-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const { config, args } = sender(folder, shop.target, `${url}/api/v1/write`)
    await writeFile(join(folder, 'config.yml'), config)
    const started = startProcess(path, args)
    t.after(() => started.stop('SIGINT'))

    const labels = `instance="${shop.target}",job="shop"`
    for (const count of [5, 12, 40]) {
      shop.counts.set('orders_total{code="200"}', count)
      shop.counts.set('orders_total{code="500"}', count / 8)
      const wanted = [
        [`orders_total{code="200",${labels}}`, count],
        [`orders_total{code="500",${labels}}`, count / 8],
      ] as const
      await sink.until((samples) => {
        return wanted.every(([series, value]) => samples.some((each) => each.series === series && each.value === value))
      })
    }
    shop.counts.delete('orders_total{code="500"}')
    await sink.until((samples) => samples.some(({ series, stale }) => stale && series.includes('code="500"')))
    const times = sink.samples.filter(({ series }) => series.includes('code="200"')).map(({ timeMs }) => timeMs)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.ok(Math.abs((times.at(-1) ?? 0) - Date.now()) < 30_000)
    assert.deepEqual(
      [...meter.values.keys()].filter((key) => key.startsWith('sloburn_ingest_requests_total')),
      ['sloburn_ingest_requests_total{source="push",status="204"}'],
      'every request was taken',
    )
  })
}

/** What is scraped: counters by the line that shows them. */
async function openShop(t: TestContext): Promise<{ readonly target: string; readonly counts: Map<string, number> }> {
  const counts = new Map<string, number>([['orders_total{code="200"}', 1]])
  const server = createServer((_, response) => {
    const lines = [...counts].map(([series, count]) => `${series} ${count}\n`)
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(`# TYPE orders_total counter\n${lines.join('')}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { target: `127.0.0.1:${address.port}`, counts }
}

async function openReceiver(t: TestContext) {
  const sink = new RecordingSink()
  const meter = recordingMeter()
  const reading = { secret: () => secret(token), report: (_: string, message: string) => assert.fail(message) }
  const settings = remoteWriteConfig({ bearerToken: token }, reading)
  const sources = [{ name: 'push', region: undefined, settings }]
  const route = remoteWriteRoute({ sources, sink, clock: systemClock, meter, log: silentLog })
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log: silentLog })
  t.after(() => server.close())
  return { url: server.url, sink, meter }
}
