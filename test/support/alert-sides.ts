import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { foreignTool } from './debian.ts'
import type { ReplicaOrder, ReplicaSettings } from './fault-replica-child.ts'
import type { AlertWords } from './incident-story.ts'

/** Debian's Alertmanager, or why the tests that need it are skipped. */
export const alertmanager = foreignTool('prometheus-alertmanager')

/** Two replicas see the same data, and so the same moment at which it began to burn. */
const firedAt = Date.now()

/** What both sides are set up with. */
export interface SideSetup {
  readonly hooks: readonly { readonly name: string; readonly url: string }[]
  readonly groupWait?: number
  readonly groupInterval?: number
  readonly repeatEvery?: number
  readonly inhibits?: boolean
  /** Addresses of the cluster: its own first. */
  readonly cluster?: readonly string[]
  readonly peerTimeout?: number
}

/** Something that is given alerts and tells people: Alertmanager, or sloburn's incidents, store, outbox and webhook. */
export interface AlertSide {
  start(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM, and its end. */
  stop(): Promise<void>
  fire(...alerts: readonly AlertWords[]): Promise<void>
  /** What fires is pushed again, as Prometheus does all the time; sloburn's engine has it in its own state. */
  still(...alerts: readonly AlertWords[]): Promise<void>
  /** What ended while nobody looked: sloburn evaluates it after the start, while nobody tells Alertmanager any more. */
  foundOver(...alerts: readonly AlertWords[]): Promise<void>
  resolve(...alerts: readonly AlertWords[]): Promise<void>
  silence(minutes: number, ...alerts: readonly AlertWords[]): Promise<void>
  reload(): Promise<void>
  /** One bad alert among good ones, or one bad write; then whoever sent it sends all of it again. What became of the first push. */
  pushWithOneBad(...good: readonly AlertWords[]): Promise<string>
}

export type SideName = 'Alertmanager' | 'sloburn'

/** A side that goes away with the test. */
export function aSide(t: TestContext, name: SideName, setup: SideSetup): AlertSide {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-side-'))
  const children: ChildProcess[] = []
  t.after(async () => {
    await Promise.all(children.map((child) => ended(child, 'SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  })
  return name === 'Alertmanager' ? peer(folder, setup, children) : ours(folder, setup, children)
}

function peer(folder: string, setup: SideSetup, children: ChildProcess[]): AlertSide {
  let url = ''
  const config = join(folder, 'alertmanager.yml')
  const {
    hooks,
    groupWait = 0,
    groupInterval = 1,
    repeatEvery = 3_600,
    inhibits = false,
    cluster,
    peerTimeout = 15,
  } = setup
  writeFileSync(
    config,
    `route: { receiver: all, group_wait: ${groupWait}s, group_interval: ${groupInterval}s, repeat_interval: ${repeatEvery}s, group_by: [slo] }
receivers:
  - name: all
    webhook_configs: [${hooks.map((hook) => `{ url: '${hook.url}' }`).join(', ')}]
${inhibits ? `inhibit_rules: [{ source_matchers: ['severity="page"'], target_matchers: ['severity="ticket"'], equal: [region] }]` : ''}
`,
  )
  const post = (path: string, body: unknown) =>
    fetch(`${url}/api/v2/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const push = async (alerts: readonly AlertWords[], times: object) => {
    const response = await post(
      'alerts',
      alerts.map((words) => ({ labels: labelsOf(words), ...times })),
    )
    if (!response.ok) throw new Error(`Alertmanager answered ${response.status}`)
  }
  const startsAt = new Date().toISOString()
  const fire = (...alerts: readonly AlertWords[]) =>
    push(alerts, { startsAt, endsAt: new Date(Date.now() + 3_600_000) })
  return {
    async start() {
      const [own = '', ...others] = cluster ?? []
      const child = spawn(
        alertmanager.path,
        [
          `--config.file=${config}`,
          `--storage.path=${join(folder, 'data')}`,
          '--web.listen-address=127.0.0.1:0',
          `--cluster.listen-address=${own}`,
          ...others.map((other) => `--cluster.peer=${other}`),
          `--cluster.peer-timeout=${peerTimeout}s`,
          '--cluster.settle-timeout=1s',
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      )
      children.push(child)
      for await (const line of createInterface({ input: child.stderr })) {
        const address = /Listening on.*address=(\S+)/.exec(line)?.[1]
        if (address === undefined) continue
        url = `http://${address}`
        break
      }
      child.stderr.resume()
    },
    kill: () => ended(children.at(-1), 'SIGKILL'),
    stop: () => ended(children.at(-1), 'SIGTERM'),
    fire,
    still: fire,
    foundOver: async () => {},
    resolve: (...alerts) => push(alerts, { startsAt, endsAt: new Date() }),
    async silence(minutes, ...alerts) {
      for (const words of alerts) {
        await post('silences', {
          matchers: [{ name: 'slo', value: labelsOf(words).slo, isRegex: false, isEqual: true }],
          startsAt: new Date(),
          endsAt: new Date(Date.now() + minutes * 60_000),
          createdBy: 'ana',
          comment: 'x',
        })
      }
    },
    reload: async () => void (await fetch(`${url}/-/reload`, { method: 'POST' })),
    async pushWithOneBad(...good) {
      const all = [...good.map((words) => ({ labels: labelsOf(words) })), { labels: {} }]
      const { status } = await post('alerts', all)
      const stored: readonly unknown[] = await (await fetch(`${url}/api/v2/alerts`)).json()
      return `answers ${status} and keeps ${stored.length} of ${all.length}`
    },
  }
}

function ours(folder: string, setup: SideSetup, children: ChildProcess[]): AlertSide {
  const settings: ReplicaSettings = {
    store: join(folder, 'sloburn.db'),
    hooks: setup.hooks,
    inhibits: setup.inhibits ?? false,
    repeatEveryMs: (setup.repeatEvery ?? 3_600) * 1_000,
    attemptTimeoutMs: 10_000,
  }
  const answers = new Map<number, (error: string | null) => void>()
  let orders = 0
  let ends = 0
  const answered = (order: number) =>
    new Promise<string | null>((resolve) => {
      answers.set(order, resolve)
    })
  const order = async (kind: ReplicaOrder['kind'], alerts: readonly AlertWords[], more: Partial<ReplicaOrder> = {}) => {
    const number = ++orders
    const answer = answered(number)
    children.at(-1)?.send({ order: number, kind, alerts, ...more })
    return await answer
  }
  const firm = async (kind: ReplicaOrder['kind'], alerts: readonly AlertWords[], more: Partial<ReplicaOrder> = {}) => {
    const error = await order(kind, alerts, more)
    if (error !== null) throw new Error(error)
  }
  return {
    async start() {
      const child = fork(
        fileURLToPath(new URL('fault-replica-child.ts', import.meta.url)),
        [JSON.stringify(settings)],
        {
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        },
      )
      children.push(child)
      child.on('message', ({ order: number, error }: { order: number; error: string | null }) =>
        answers.get(number)?.(error),
      )
      await answered(0)
    },
    kill: () => ended(children.at(-1), 'SIGKILL'),
    stop: () => ended(children.at(-1), 'SIGTERM'),
    // A burn that comes again is another one.
    fire: (...alerts) => firm('fire', alerts, { firedAt: firedAt + 1_000 * ends }),
    still: async () => {},
    foundOver: (...alerts) => firm('resolve', alerts),
    resolve: (...alerts) => {
      ends++
      return firm('resolve', alerts)
    },
    silence: (minutes, ...alerts) => firm('silence', alerts, { minutes }),
    reload: () => firm('reload', []),
    async pushWithOneBad(...good) {
      await order('fail-once', [])
      const error = await order('fire', good)
      if (error === null) return 'stores it'
      await firm('fire', good)
      return 'stores nothing of it, and all of it when it is decided again'
    },
  }
}

function labelsOf(words: AlertWords) {
  const [slo = '', region = '', severity = ''] = words.split(' ')
  return { alertname: 'burn', slo, region, severity }
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}
