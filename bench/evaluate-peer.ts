import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { foreignTool } from '../test/support/debian.ts'
import { type Samples, samplesBlock, storedRequest } from './history-requests.ts'
import { sender } from './ingest.ts'
import { encodedSeries, requestOf } from './ingest-stream.ts'
import { type Subject, startOwn, startPrometheus } from './ingest-subjects.ts'
import { slothRules } from './sloth-rules.ts'

const stepMs = 15_000
const cycleMs = 30_000
const dayMs = 86_400_000
const regions = ['eu-west-1', 'us-east-1', 'ap-south-1']
const instances = 4
/** Raw samples of the longest alert window, and the recording that the longest rule reads for 30 days. */
const rawMs = 3 * dayMs
const recordedMs = 30 * dayMs
/** Raw samples are sent ahead, so that short windows stay full while Prometheus evaluates by the clock. */
const aheadMs = 9 * 60_000
const ownCycles = 200
/** Prometheus is calm once it used less than a twentieth of a core for so long; nobody waits longer than a minute for it. */
const calmForMs = 3_000
const calmWithinMs = 60_000

/** CPU time of one SLO in one cycle of 30 s. */
export interface PeerFigures {
  readonly prometheusMs: number
  /** Everything the process did: HTTP, decoding, counting, evaluation, commits and checkpoints. */
  readonly ownMs: number
}

/**
 * Debian's Prometheus evaluating the rules that Sloth makes, without any ingest; and sloburn taking in the same series over HTTP
 * and evaluating them twice as often. undefined where Prometheus is not installed.
 */
export async function comparePeer(slos: number, cycles: number): Promise<PeerFigures | undefined> {
  const { path, skip } = foreignTool('prometheus')
  if (skip !== false) {
    console.log(`not compared: ${skip}`)
    return undefined
  }
  return { prometheusMs: await measurePrometheus(path, slos, cycles), ownMs: await measureOwn(slos) }
}

async function measurePrometheus(program: string, slos: number, cycles: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bench-'))
  const ruleFile = join(folder, 'rules.yml')
  // What rules record now would leave no room for what is older.
  writeFileSync(ruleFile, 'groups: []\n')
  const subject = await startPrometheus(program, ruleFile)
  try {
    const send = sender(subject)
    const now = Math.floor(Date.now() / cycleMs) * cycleMs
    for (const body of history(slos, now)) await send(body)
    await calm(subject)
    writeFileSync(ruleFile, slothRules(slos))
    await fetch(`${subject.url}/-/reload`, { method: 'POST' })
    // One cycle to settle in: the groups begin one by one, spread over it.
    await sleep(cycleMs)
    const before = subject.usage().cpuSeconds
    await sleep(cycles * cycleMs)
    return ((subject.usage().cpuSeconds - before) / cycles / slos) * 1e3
  } finally {
    await subject.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Waits until the compaction that is left over is done, which is not what rules cost. */
async function calm(subject: Subject): Promise<void> {
  const deadline = performance.now() + calmWithinMs
  let before = subject.usage().cpuSeconds
  for (;;) {
    await sleep(calmForMs)
    const { cpuSeconds } = subject.usage()
    if (cpuSeconds - before < 0.05 * (calmForMs / 1e3) || performance.now() > deadline) return
    before = cpuSeconds
  }
}

/** Requests in the order of time: the recording alone as long as there is nothing else, then both. */
function* history(slos: number, now: number): Iterable<Buffer> {
  const raw = rawSeries(slos)
  const recorded = recordedSeries(slos)
  const sliceMs = 20 * cycleMs
  for (let from = now - recordedMs; from < now + aheadMs; from += sliceMs) {
    if (from < now) {
      const samples = samplesBlock(samplesOf(from, sliceMs, cycleMs, () => 0.0002))
      yield storedRequest(recorded.map((labels) => ({ labels, samples })))
    }
    if (from < now - rawMs) continue
    const blocks = new Map<number, Buffer>()
    for (const { perStep } of raw) {
      if (blocks.has(perStep)) continue
      const valueAt = (at: number) => perStep * ((at - now + recordedMs) / stepMs)
      blocks.set(perStep, samplesBlock(samplesOf(from, sliceMs, stepMs, valueAt)))
    }
    for (let place = 0; place < raw.length; place += 400) {
      const some = raw.slice(place, place + 400)
      yield storedRequest(some.map(({ labels, perStep }) => ({ labels, samples: blocks.get(perStep) ?? Buffer.of() })))
    }
  }
}

function samplesOf(from: number, lengthMs: number, everyMs: number, valueAt: (at: number) => number): Samples {
  return Array.from({ length: lengthMs / everyMs }, (_, index) => {
    const at = from + index * everyMs
    return [at, valueAt(at)] as const
  })
}

function rawSeries(slos: number): readonly { readonly labels: Buffer; readonly perStep: number }[] {
  const series: { labels: Buffer; perStep: number }[] = []
  for (let slo = 0; slo < slos; slo++) {
    for (const region of regions) {
      for (const code of ['200', '500']) {
        for (let instance = 0; instance < instances; instance++) {
          const labels = { __name__: 'http_requests_total', service: `s${slo}`, region, code, job: 'api' }
          const instanceName = `10.0.${slo % 256}.${instance}:8080`
          const perStep = code === '200' ? 500 : slo % 20 === 0 ? 25 : 0.1
          series.push({ labels: encodedSeries({ ...labels, instance: instanceName }), perStep })
        }
      }
    }
  }
  return series
}

function recordedSeries(slos: number): readonly Buffer[] {
  return Array.from({ length: slos }, (_, slo) => slo).flatMap((slo) =>
    regions.map((region) =>
      encodedSeries({
        __name__: 'slo:sli_error:ratio_rate5m',
        region,
        sloth_id: `s${slo}-requests`,
        sloth_service: `s${slo}`,
        sloth_slo: 'requests',
        sloth_window: '5m',
      }),
    ),
  )
}

/** CPU milliseconds of one SLO in 30 s. */
export async function measureOwn(slos: number): Promise<number> {
  const start = Math.floor(Date.now() / cycleMs) * cycleMs - ownCycles * cycleMs
  const subject = await startOwn(ownRules(slos), [], start)
  try {
    const send = sender(subject)
    const raw = rawSeries(slos)
    const round = (at: number) => {
      const bodies: Buffer[] = []
      for (let place = 0; place < raw.length; place += 2_000) {
        const some = raw.slice(place, place + 2_000)
        const value = (perStep: number) => perStep * ((at - start + recordedMs) / stepMs)
        bodies.push(
          requestOf(some.map(({ labels, perStep }) => ({ labels, samples: [[at, value(perStep)] as const] }))),
        )
      }
      return bodies
    }
    const play = async (at: number) => {
      for (const body of round(at)) await send(body)
      await subject.tick()
      if (at % cycleMs === 0) await subject.checkpoint()
    }
    await play(start - recordedMs)
    await play(start)
    const warmUp = 40
    for (let step = 1; step <= warmUp; step++) await play(start + step * stepMs)
    const before = subject.usage().cpuSeconds
    for (let step = warmUp + 1; step <= 2 * ownCycles; step++) await play(start + step * stepMs)
    return ((subject.usage().cpuSeconds - before) / (ownCycles - warmUp / 2) / slos) * 1e3
  } finally {
    await subject.stop()
  }
}

function ownRules(slos: number): string {
  return Array.from({ length: slos }, (_, slo) => {
    const selector = `http_requests_total{service="s${slo}"`
    return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: requests-${slo} }
spec:
  service: s${slo}
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: '${selector},code=~"5.."}'
      total: '${selector}}'
`
  }).join('---\n')
}
