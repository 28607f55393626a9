import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine, median } from './measure.ts'

const seriesCount = 10_000
const segments = 5
const segmentSeconds = 20
/** Twice as many scrapes as it takes until compilers have settled. */
const warmUpSeconds = 30
const prometheusPath = '/usr/bin/prometheus'

/**
 * CPU seconds per million samples scraped: one page of 10 000 series every second, by sloburn and by Debian's Prometheus at
 * the same time, from the same server, which is this process and does not count. A page differs from the last one in a
 * third of its values, as pages do.
 */
export async function benchScrape(): Promise<void> {
  console.log(`${machine()}; ${seriesCount} series a second, ${segments} × ${segmentSeconds} s side by side\n`)
  const pages = Array.from({ length: 30 }, (_, round) => Buffer.from(page(round)))
  console.log(
    `${(pages[0].length / 1e6).toFixed(2)} MB a page, ${Math.round(pages[0].length / seriesCount)} bytes a sample`,
  )
  const served = { own: 0, peer: 0 }
  const server = createServer((request, response) => {
    const who = request.headers['user-agent']?.startsWith('Prometheus') === true ? 'peer' : 'own'
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(pages[served[who]++ % pages.length])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const target = `127.0.0.1:${address.port}`
  const own = await startOwn(`http://${target}/metrics`)
  const peer = existsSync(prometheusPath) ? startPrometheus(target) : undefined
  if (peer === undefined) console.log(`${prometheusPath} is not installed, so there is nothing to compare with`)
  try {
    await seconds(warmUpSeconds)
    const figures: Record<'own' | 'peer', number[]> = { own: [], peer: [] }
    for (let segment = 0; segment < segments; segment++) {
      const before = { own: await own.cpuSeconds(), peer: peer?.cpuSeconds() ?? 0, ...counted(served) }
      await seconds(segmentSeconds)
      figures.own.push((((await own.cpuSeconds()) - before.own) / ((served.own - before.ownPages) * seriesCount)) * 1e6)
      if (peer === undefined) continue
      figures.peer.push(((peer.cpuSeconds() - before.peer) / ((served.peer - before.peerPages) * seriesCount)) * 1e6)
    }
    for (const [who, values] of Object.entries(figures)) {
      if (values.length === 0) continue
      const name = who === 'own' ? 'sloburn' : 'prometheus'
      const shown = values.map((value) => value.toFixed(2)).join(' ')
      console.log(`${name.padEnd(10)} ${shown} CPU s per million samples, median ${median(values).toFixed(2)}`)
    }
    if (peer !== undefined) {
      console.log(`sloburn takes ${(median(figures.peer) / median(figures.own)).toFixed(1)}× less CPU a sample`)
    }
  } finally {
    await own.stop()
    await peer?.stop()
    server.close()
    server.closeAllConnections()
  }
}

function counted({ own, peer }: { own: number; peer: number }) {
  return { ownPages: own, peerPages: peer }
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000))
}

async function startOwn(target: string) {
  const child = fork(new URL('scrape-process.ts', import.meta.url))
  child.send({ rules: rules(), target, interval: '1s' })
  await once(child, 'message')
  return {
    cpuSeconds: async (): Promise<number> => {
      child.send('usage')
      const [{ cpuSeconds, problem }] = await once(child, 'message')
      if (problem !== undefined) throw new Error(problem)
      return cpuSeconds
    },
    stop: async () => {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}

function startPrometheus(target: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const config = `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: bench
    static_configs: [{ targets: ['${target}'] }]
`
  writeFileSync(join(folder, 'prometheus.yml'), config)
  const flags = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`]
  const child = spawn(prometheusPath, [...flags, '--web.listen-address=127.0.0.1:0'], { stdio: 'ignore' })
  return {
    cpuSeconds: () => cpuSecondsOfProcess(child),
    stop: async () => {
      child.kill('SIGINT')
      await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** In clock ticks of 10 ms, from the kernel. */
function cpuSecondsOfProcess({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Ten services, each with an SLO that wants all of its series. */
function rules(): string {
  return Array.from({ length: 10 }, (_, service) => {
    const selector = `http_requests_total{service="service-${service}"`
    return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: service-${service} }
spec:
  service: service-${service}
  objective: 99.9
  window: 30d
  indicator: { ratio: { bad: '${selector},code=~"5.."}', total: '${selector}}' } }
`
  }).join('---\n')
}

function page(round: number): string {
  const lines = ['# HELP http_requests_total Requests answered.', '# TYPE http_requests_total counter']
  for (let index = 0; index < seriesCount; index++) {
    const labels = [
      `code="${index % 10 === 0 ? '500' : '200'}"`,
      `handler="/api/v1/resource/${index % 97}"`,
      `method="${index % 2 === 0 ? 'GET' : 'POST'}"`,
      `pod="service-${index % 10}-7d9f8b6c5d-${index}"`,
      `service="service-${index % 10}"`,
      'version="2026.11.3"',
    ]
    // Nothing fails, so that no alert is part of the figure.
    const events = index % 10 === 0 ? 0 : Math.floor((round + (index % 3)) / 3) * 7
    lines.push(`http_requests_total{${labels.join(',')}} ${1_000 + index + events}`)
  }
  return `${lines.join('\n')}\n`
}
