import { keptRules } from '../src/app/kept-rules.ts'
import { readRules } from '../src/app/rules-in-force.ts'
import { startEngine } from '../src/app/start-engine.ts'
import type { Config } from '../src/config/config.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { type Log, silentLog } from '../src/ports/log.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import type { RestartedFigures, RestartedOrder } from './evaluate-restarted.ts'
import { lastCounts, tickAll } from './evaluate-scale.ts'
import { Traffic } from './evaluate-world.ts'

/** A clock at infinity, as a replay's: the samples of the bench are of a day of their own. */
const clock = {
  now: () => Number.POSITIVE_INFINITY,
  sleepUntil: () => new Promise<void>(() => {}),
  goOnAfter: () => {},
}

/** Starts from a config in a process that does nothing else, and tells what that took. */
export async function start({ config: file, slos, task }: RestartedOrder): Promise<RestartedFigures> {
  const { config, problems } = await loadConfig(file, {})
  if (config === undefined) throw new Error(JSON.stringify(problems[0]))
  return task === 'keep' ? await keep(config) : await restart(config, slos, task)
}

async function keep(config: Config): Promise<RestartedFigures> {
  const kept = keptRules(config.store.path, { log: silentLog, meter: promMeter().meter })
  const { toKeep } = await readRules(config, { now: 0, kept })
  const figures = { rulesMs: performance.now(), cpuMs: cpuMs(), wallMs: performance.now(), peakMb: peakMb() }
  kept.keep(toKeep)
  await kept.written()
  return { ...figures, isSame: true }
}

async function restart(
  config: Config,
  slos: number,
  { counts, traffic }: Exclude<RestartedOrder['task'], 'keep'>,
): Promise<RestartedFigures> {
  let rulesMs = 0
  const log: Log = {
    ...silentLog,
    info: (_, message) => {
      if (message === 'rules read') rulesMs = performance.now()
    },
  }
  const started = await startEngine(config, { clock, samplesBy: clock, log, meter: promMeter().meter })
  if ('problems' in started) throw new Error(JSON.stringify(started.problems[0]))
  const { engine } = started
  const restored = { cpuMs: cpuMs(), wallMs: performance.now() }
  const isSame = JSON.stringify(lastCounts(engine)) === JSON.stringify(counts)
  const goingOn = new Traffic(engine, slos, 0)
  goingOn.continueAfter(traffic)
  const own = { cpuMs: cpuMs() - restored.cpuMs, wallMs: performance.now() - restored.wallMs }
  goingOn.send(engine)
  await tickAll(engine)
  return {
    rulesMs,
    cpuMs: cpuMs() - own.cpuMs,
    wallMs: performance.now() - own.wallMs,
    peakMb: peakMb(),
    isSame: isSame && engine.evaluatedAt('global') !== undefined,
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e3
}

function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024
}
