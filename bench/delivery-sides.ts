import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { encodedSeries, requestOf } from './ingest-stream.ts'
import { type Usage, usageOf } from './ingest-subjects.ts'

/** Something that tells a webhook of many incidents that begin at once. */
export interface DeliverySide {
  usage(): Usage
  /** Everything breaks. Resolves once the side was told. */
  burst(): Promise<void>
  stop(): Promise<void>
}

/** Alerts of one push, and pushes under way: about what a Prometheus does. */
const alertsPerPush = 64
const connections = 4

/** Debian's Alertmanager, each alert its own group, told at once. */
export async function startAlertmanager(program: string, hookUrl: string, incidents: number): Promise<DeliverySide> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-delivery-bench-'))
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: hook, group_wait: 0s, group_interval: 5m, repeat_interval: 4h, group_by: ['...'] }
receivers: [{ name: hook, webhook_configs: [{ url: '${hookUrl}', send_resolved: true }] }]
`,
  )
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const url = await found(child, child.stderr, /Listening on.*address=(\S+)/)
  const pushes = pushesOf(incidents)
  return {
    usage: () => usageOf(child),
    burst: () => push(`http://${url}/api/v2/alerts`, pushes, { 'content-type': 'application/json' }),
    stop: () => ended(child, folder),
  }
}

/** The same facts as our message: who breaks, what it means, what to do. */
function pushesOf(incidents: number): readonly Buffer[] {
  const startsAt = new Date().toISOString()
  const endsAt = new Date(Date.now() + 3_600_000).toISOString()
  const alerts = Array.from({ length: incidents }, (_, index) => ({
    labels: {
      alertname: 'ErrorBudgetBurn',
      slo: `slo-${index}`,
      service: `service-${index}`,
      region: 'eu-west-1',
      severity: 'page',
      team: 'payments',
    },
    annotations: {
      summary: `PAGE slo-${index} · eu-west-1 · 500× burn`,
      description: '50 % of requests fail — 0.10 % allowed (objective 99.9 % / 30 d)',
      runbook_url: 'https://runbooks.example.com/checkout',
      dashboard_url: 'https://grafana.example.com/d/checkout',
    },
    startsAt,
    endsAt,
    generatorURL: 'http://127.0.0.1:9090/graph',
  }))
  return Array.from({ length: Math.ceil(incidents / alertsPerPush) }, (_, index) =>
    Buffer.from(JSON.stringify(alerts.slice(index * alertsPerPush, (index + 1) * alertsPerPush))),
  )
}

/** sloburn as it is run: config, rules, remote write, engine, store on disk, webhook. `execArgv` is for a profile. */
export async function startSloburn(
  hookUrl: string,
  incidents: number,
  execArgv: readonly string[],
): Promise<DeliverySide> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-delivery-bench-'))
  mkdirSync(join(folder, 'rules'))
  for (let from = 0; from < incidents; from += slosPerFile) {
    const documents = Array.from({ length: Math.min(slosPerFile, incidents - from) }, (_, index) => slo(from + index))
    writeFileSync(join(folder, 'rules', `${from}.yaml`), documents.join('---\n'))
  }
  writeFileSync(join(folder, 'sloburn.yaml'), config(hookUrl))
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [...execArgv, main, 'run', '--config', join(folder, 'sloburn.yaml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await found(child, child.stdout, /"url":"([^"]+)"/)
  const start = Math.floor(Date.now() / stepMs) * stepMs - (quietSteps + 1) * stepMs
  const series = Array.from({ length: incidents }, (_, index) => countersOf(index))
  const send = (step: number) => push(`${url}/api/v1/write`, [roundOf(series, start, step)], remoteWriteHeaders)
  for (let step = 0; step < quietSteps; step++) {
    await send(step)
    await sleep(500)
  }
  return {
    usage: () => usageOf(child),
    burst: () => send(quietSteps),
    stop: () => ended(child, folder),
  }
}

const stepMs = 15_000
const quietSteps = 4
const slosPerFile = 1_000

const remoteWriteHeaders = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}

function config(hookUrl: string): string {
  return `rules: [rules/]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 15s, delay: 0s }
sources: [{ name: push, remoteWrite: {} }]
receivers: [{ name: oncall, webhook: { url: '${hookUrl}' } }]
routes: [{ match: { severity: page }, receivers: [oncall] }]
store: { sqlite: { path: data/sloburn.db } }
`
}

function slo(index: number): string {
  const selector = `http_requests_total{job="service-${index}"`
  return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: slo-${index}, labels: { team: payments } }
spec:
  service: service-${index}
  description: Requests that are answered without an error.
  objective: 99.9
  window: 30d
  runbook: https://runbooks.example.com/checkout
  dashboard: https://grafana.example.com/d/checkout
  regions: { global: none }
  alerting: { policy: workbook }
  indicator:
    ratio:
      bad: '${selector},code="500"}'
      total: '${selector}}'
`
}

/** Good and bad requests of one service. */
function countersOf(index: number): readonly [good: Buffer, bad: Buffer] {
  const labels = { __name__: 'http_requests_total', job: `service-${index}`, region: 'eu-west-1' }
  return [encodedSeries({ ...labels, code: '200' }), encodedSeries({ ...labels, code: '500' })]
}

/** A round of samples: a thousand requests a step, none of which fails before the last round, and half of them in it. */
function roundOf(series: readonly (readonly [Buffer, Buffer])[], start: number, step: number): Buffer {
  const at = start + step * stepMs
  const failed = step === quietSteps ? 500 : 0
  const samples = series.flatMap(([good, bad]) => [
    { labels: good, samples: [[at, 1_000 * step - failed]] as const },
    { labels: bad, samples: [[at, failed]] as const },
  ])
  return requestOf(samples)
}

async function push(url: string, bodies: readonly Buffer[], headers: Readonly<Record<string, string>>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const waiting = [...bodies]
  const send = async (): Promise<void> => {
    for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) await post(url, body, headers, agent)
  }
  await Promise.all(Array.from({ length: connections }, send))
  agent.destroy()
}

function post(url: string, body: Buffer, headers: Readonly<Record<string, string>>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } })
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      const { statusCode = 0 } = response
      response.on('end', () => (statusCode < 300 ? resolve() : reject(new Error(`${url} answered ${statusCode}`))))
    })
    sent.end(body)
  })
}

async function found(child: ChildProcess, output: NodeJS.ReadableStream | null, pattern: RegExp): Promise<string> {
  if (output === null) throw new Error('the output is not read')
  for await (const line of createInterface({ input: output })) {
    const match = pattern.exec(line)?.[1]
    if (match === undefined) continue
    output.resume()
    return match
  }
  throw new Error(`${child.spawnfile} ended before it listened`)
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
  rmSync(folder, { recursive: true, force: true })
}
