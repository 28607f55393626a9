import type { Config } from '../config/config.ts'
import type { Environment } from '../config/load-config.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Inbox } from '../ports/inbox.ts'
import { exposition } from '../telemetry/exposition.ts'
import { happeningMetrics } from '../telemetry/happening-metrics.ts'
import { ownSamples } from '../telemetry/own-samples.ts'
import { type LogOutput, pinoLog } from '../telemetry/pino-log.ts'
import { promMeter } from '../telemetry/prom-meter.ts'
import { sloMetrics } from '../telemetry/slo-metrics.ts'
import { webRoutes } from '../web/web-routes.ts'
import { isLoopback, sayProblems, warnOfRefusedWrites, warnOfRestart, warnOfUnusedProxy } from './config-warnings.ts'
import { definitions } from './definitions.ts'
import { startEngineLoop } from './engine-loop.ts'
import { historyView, statusView } from './engine-views.ts'
import { runningExclusions } from './exclusion-board.ts'
import { startExports } from './exports.ts'
import { happeningsOf } from './happenings.ts'
import { incidentBoard } from './incident-board.ts'
import { startInputs } from './inputs.ts'
import { startListeners } from './listeners.ts'
import { outputConfigOf } from './outputs.ts'
import { startReports } from './report/start-reports.ts'
import { readAgain } from './rules-in-force.ts'
import { sampleClock } from './sample-clock.ts'
import { type Refusal, startEngine } from './start-engine.ts'
import { systemClock } from './system-clock.ts'
import { tidyStore } from './tidy-store.ts'

/** What an engine is started with. */
export interface AppOptions {
  readonly config: Config
  /** Read again for a reload. */
  readonly configFile: string
  readonly env: Environment
  /** Where log lines go. */
  readonly output: LogOutput
  readonly version: string
  /** Shown on the web page, where there is one. */
  readonly inbox?: Inbox
}

/** The engine with everything around it, as it runs. */
export interface RunningApp {
  /** Where the web page is. */
  readonly url: string
  /** Takes over config and rules anew; what was wrong, if anything. With errors everything stays as it was. */
  reload(): Promise<readonly Problem[]>
  /** Finishes what is under way, stores everything and closes. */
  stop(): Promise<void>
}

/**
 * Builds everything from the config and starts it, in the order in which the parts need each other. Rejects, with the
 * reason, when the store cannot be opened or the address is taken.
 */
export async function startApp(options: AppOptions): Promise<RunningApp | Refusal> {
  const { config, env, version, inbox } = options
  const clock = systemClock
  const log = pinoLog(config.log, options.output)
  const { meter, registry } = promMeter({ version })
  const samplesBy = sampleClock({ clock, elapsed: () => performance.now(), log, meter })
  const started = await startEngine(config, { clock, samplesBy, log, meter })
  if ('problems' in started) return started
  const { engine, opened, outputs, increments, kept } = started
  let { inForce } = started
  warnOfUnusedProxy(config, env, log)
  warnOfRefusedWrites(config, log)
  const { store } = opened
  const world = { store, clock, log, meter }
  const settings = { stepMs: config.evaluation.intervalMs, delayMs: config.evaluation.delayMs }

  const loop = startEngineLoop(engine, {
    ...world,
    stepMs: settings.stepMs,
    checkpointMs: config.checkpoint.intervalMs,
    onDeliveries: () => outputs.notify(),
    tidy: (at) => tidyStore(engine, store, log, at),
  })
  const { exclusively, decided: onDecided } = loop
  const exclusions = runningExclusions({ engine, store: store.exclusions, clock, exclusively })
  await exclusions.declare(inForce.maintenances)
  const incidents = incidentBoard({ engine, store, clock, meter, exclusively, onDecided })
  const inputs = startInputs(config.sources, {
    ...world,
    ...settings,
    samplesBy,
    sink: loop.sink,
    answers: loop.answers,
    history: engine.history,
  })
  const reports = startReports(() => inForce, world)
  const view = statusView({ engine, loop, inputs, opened, clock: samplesBy })
  const showSlos = sloMetrics(registry)
  happeningMetrics(registry, () => happeningsOf(engine, clock.now()))
  const exports = startExports(config.exports, { ...world, ownSeries: ownSamples(registry, view, showSlos) })

  const noteLoaded = (): void => {
    meter.set('sloburn_config_last_reload_successful', {}, 1)
    meter.set('sloburn_config_last_reload_success_timestamp_seconds', {}, clock.now() / 1_000)
  }
  noteLoaded()
  const reload = (): Promise<readonly Problem[]> =>
    exclusively(async () => {
      const read = await readAgain(options, { now: clock.now(), kept, before: inForce })
      const { inForce: next, problems } = read
      sayProblems(problems, log)
      meter.count('sloburn_config_reloads_total', { outcome: next === undefined ? 'failed' : 'succeeded' })
      if (next === undefined) {
        meter.set('sloburn_config_last_reload_successful', {}, 0)
        return problems
      }
      noteLoaded()
      warnOfRestart(next.config, config, log)
      outputs.change(outputConfigOf(next.config))
      engine.reload(next.slos, outputs.routing)
      inForce = next
      await exclusions.declare(next.maintenances)
      await inputs.change(next.config.sources)
      await exports.change(next.config.exports)
      log.info({ slos: next.slos.length }, 'config and rules reloaded')
      kept.keep(read.toKeep)
      return problems
    })

  const isLocal = isLoopback(config.listen.http.host)
  const callbackOf = (name: string) => outputs.receivers.find((receiver) => receiver.name === name)?.callback
  const ownRoutes = webRoutes({
    view,
    history: historyView(engine),
    definitions: definitions(() => inForce),
    clock,
    metrics: exposition(registry, view, showSlos),
    reload,
    exclusions,
    incidents,
    callbacks: { callbackOf, log, meter },
    access: () => ({ token: inForce.config.api.token, isLocal }),
    workingHours: () => inForce.config.reports.workingHours,
    ...(inbox === undefined ? {} : { inbox }),
  })
  const stopParts = async (): Promise<void> => {
    await reports.stop()
    await exports.stop()
    await inputs.stop()
    await loop.stop()
    await outputs.stop()
    increments.close()
    await kept.stop()
    await store.close()
  }
  const listeners = await startListeners(config.listen, ownRoutes, inputs, world).catch(async (error: unknown) => {
    await stopParts()
    throw error
  })
  started.keepRules()
  return {
    url: listeners.url,
    reload,
    stop: async () => {
      await listeners.close()
      await stopParts()
      log.info({}, 'stopped')
    },
  }
}
