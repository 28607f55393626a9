import { setImmediate } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { type Environment, loadConfig } from '../config/load-config.ts'
import type { Exclusion } from '../core/model/exclusion.ts'
import { annotationsKeptMs, dailyCountsKeptMs, deliveriesKeptMs, incidentsKeptMs } from '../core/model/limits.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import { Engine } from '../engine/engine.ts'
import { sloHistory, sloTrend } from '../engine/slo-history.ts'
import { sloStatuses, sloStatusInDetail } from '../engine/slo-status.ts'
import type { Clock } from '../ports/clock.ts'
import type { HistoryView } from '../ports/history-view.ts'
import type { Log } from '../ports/log.ts'
import type { Inbox, StatusView } from '../ports/status-view.ts'
import type { Store } from '../ports/store.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { emergencyStore } from '../storage/emergency/emergency-store.ts'
import { incrementFiles } from '../storage/increments/increment-files.ts'
import { openSqliteStore } from '../storage/sqlite/open-sqlite-store.ts'
import { isStoreOutage } from '../storage/sqlite/store-error.ts'
import { exposition } from '../telemetry/exposition.ts'
import { happeningMetrics } from '../telemetry/happening-metrics.ts'
import { measuredStore } from '../telemetry/measured-store.ts'
import { ownSamples } from '../telemetry/own-samples.ts'
import { type LogOutput, pinoLog } from '../telemetry/pino-log.ts'
import { promMeter } from '../telemetry/prom-meter.ts'
import { sloMetrics } from '../telemetry/slo-metrics.ts'
import { startServer } from '../web/server.ts'
import { webRoutes } from '../web/web-routes.ts'
import { definitions, rulesRecord } from './definitions.ts'
import { startEngineLoop } from './engine-loop.ts'
import { runningExclusions } from './exclusion-board.ts'
import { startExports } from './exports.ts'
import { happeningsOf } from './happenings.ts'
import { incidentBoard } from './incident-board.ts'
import { type Inputs, startInputs } from './inputs.ts'
import { startOtlpListeners } from './otlp-listeners.ts'
import { type Outputs, startOutputs } from './outputs.ts'
import { startReports } from './report/start-reports.ts'
import { loadRulesInForce } from './rules-in-force.ts'
import { systemClock } from './system-clock.ts'

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

/** Rules do not let the engine start. */
export interface Refusal {
  readonly problems: readonly Problem[]
}

/**
 * Builds everything from the config and starts it, in the order in which the parts need each other. Rejects, with the
 * reason, when the store cannot be opened or the address is taken.
 */
export async function startApp(options: AppOptions): Promise<RunningApp | Refusal> {
  const { config, version, inbox } = options
  const clock = systemClock
  const log = pinoLog(config.log, options.output)
  const { slos, maintenances, files, problems } = await loadRulesInForce(config)
  if (slos === undefined) return { problems }
  sayProblems(problems, log)
  warnOfUnusedProxy(options, log)
  const { meter, registry } = promMeter({ version })
  const disk = openSqliteStore(config.store.path, { log, meter })
  const safe = emergencyStore(disk, { now: () => clock.now(), log, meter, isOutage: isStoreOutage })
  const store = measuredStore(safe, meter)
  const world = { store, clock, log, meter }
  let outputs = startOutputs(outputConfig(config), world)
  const settings = { stepMs: config.evaluation.intervalMs, delayMs: config.evaluation.delayMs }
  const increments = incrementFiles(config.store.path, { log, meter })
  const engine = new Engine(settings, slos, outputs.routing, {
    store,
    now: () => clock.now(),
    pause: () => setImmediate(),
    increments,
  })
  await engine.restore()
  const { seriesCount: series, incrementsReplayed } = engine
  log.info({ slos: slos.length, series, incrementsReplayed }, 'engine restored')

  const loop = startEngineLoop(engine, {
    ...world,
    stepMs: settings.stepMs,
    checkpointMs: config.checkpoint.intervalMs,
    onDeliveries: () => outputs.notify(),
    tidy: async (now) => {
      const deliveries = await store.outbox.prune(now - deliveriesKeptMs)
      if (deliveries > 0) log.info({ deliveries }, 'old deliveries removed')
      await store.incidents.prune({ incidentsBefore: now - incidentsKeptMs, noticesBefore: now - annotationsKeptMs })
      engine.desk.forgetNotices(now - annotationsKeptMs)
      const days = await store.dailyCounts.prune(now - dailyCountsKeptMs)
      if (days > 0) log.info({ days }, 'old daily counts removed')
    },
  })
  const exclusions = runningExclusions({ engine, store: store.exclusions, clock, exclusively: loop.exclusively })
  await exclusions.declare(maintenances)
  const onDecided = loop.decided
  const incidents = incidentBoard({ engine, store, clock, meter, exclusively: loop.exclusively, onDecided })
  let { api } = config
  const isLocal = isLoopback(config.listen.http.host)
  if (!isLocal && api.token === undefined)
    log.warn(
      { host: config.listen.http.host },
      'writes to the API are refused: it listens beyond this machine without api.token',
    )
  const inputs = startInputs(config.sources, {
    ...world,
    ...settings,
    sink: loop.sink,
    answers: loop.answers,
    history: engine.history,
  })
  let inForce = { config, slos, maintenances, files, record: rulesRecord(files, clock.now()) }
  const reports = startReports(() => inForce, world)
  const view = {
    ...statusView(engine, store, inputs, clock, () => loop.hasTurned),
    storeOutage: () => safe.outage,
    deadLetters: (limit: number) => store.outbox.list({ limit, status: 'dead' }),
  }
  const workingHours = () => inForce.config.reports.workingHours
  const shownWorld = {
    view,
    history: historyView(engine),
    definitions: definitions(() => inForce),
    clock,
    workingHours,
  }
  const showSlos = sloMetrics(registry)
  happeningMetrics(registry, () => happeningsOf(engine, clock.now()))
  const exports = startExports(config.exports, { ...world, ownSeries: ownSamples(registry, view, showSlos) })
  const reload = (): Promise<readonly Problem[]> =>
    loop.exclusively(async () => {
      const next = await readAgain(options, log)
      meter.count('sloburn_config_reloads_total', { outcome: next.slos === undefined ? 'failed' : 'succeeded' })
      meter.set('sloburn_config_last_reload_successful', {}, next.slos === undefined ? 0 : 1)
      const { config: changed } = next
      if (changed === undefined || next.slos === undefined) return next.problems
      meter.set('sloburn_config_last_reload_success_timestamp_seconds', {}, clock.now() / 1_000)
      outputs = await replaceOutputs(outputs, ({ receivers }) => startOutputs(outputConfig(changed), world, receivers))
      engine.reload(next.slos, outputs.routing)
      api = changed.api
      const { slos: nextSlos, maintenances: nextMaintenances, files: nextFiles } = next
      const record = rulesRecord(nextFiles, clock.now(), inForce.record)
      inForce = { config: changed, slos: nextSlos, maintenances: nextMaintenances, files: nextFiles, record }
      await exclusions.declare(next.maintenances)
      await inputs.change(changed.sources)
      await exports.change(changed.exports)
      log.info({ slos: next.slos.length }, 'config and rules reloaded')
      return next.problems
    })
  meter.set('sloburn_config_last_reload_successful', {}, 1)
  meter.set('sloburn_config_last_reload_success_timestamp_seconds', {}, clock.now() / 1_000)

  const metrics = exposition(registry, view, showSlos)
  const access = () => ({ token: api.token, isLocal })
  const shown = inbox === undefined ? {} : { inbox }
  const callbackOf = (name: string) => outputs.receivers.find((receiver) => receiver.name === name)?.callback
  const callbacks = { callbackOf, log, meter }
  const routes = [
    ...webRoutes({ ...shownWorld, metrics, reload, exclusions, incidents, access, callbacks, ...shown }),
    ...inputs.routes,
  ]
  const stopAll = async (): Promise<void> => {
    await reports.stop()
    await exports.stop()
    await inputs.stop()
    await loop.stop()
    await outputs.stop()
    increments.close()
    await store.close()
  }
  const server = await startServer({ listen: config.listen.http, routes, log, meter }).catch(async (error: unknown) => {
    await stopAll()
    throw error
  })
  const otlpListeners = await startOtlpListeners(config.listen, inputs, { log, meter }).catch(
    async (error: unknown) => {
      await server.close()
      await stopAll()
      throw error
    },
  )
  log.info({ url: server.url }, 'listening')
  return {
    url: server.url,
    reload,
    stop: async () => {
      await Promise.all([server.close(), otlpListeners.close()])
      await stopAll()
      log.info({}, 'stopped')
    },
  }
}

interface ReadAgain {
  readonly config: Config | undefined
  readonly slos: readonly Slo[] | undefined
  readonly maintenances: readonly Exclusion[]
  readonly files: readonly RuleFile[]
  readonly problems: readonly Problem[]
}

async function readAgain({ config: running, configFile, env }: AppOptions, log: Log): Promise<ReadAgain> {
  const { config, problems } = await loadConfig(configFile, env)
  const rules =
    config === undefined
      ? { slos: undefined, maintenances: [], files: [], problems: [] }
      : await loadRulesInForce(config)
  const all = [...problems, ...rules.problems]
  sayProblems(all, log)
  if (config !== undefined && rules.slos !== undefined) warnOfRestart(config, running, log)
  return { config, ...rules, problems: all }
}

function sayProblems(problems: readonly Problem[], log: Log): void {
  for (const { severity, code, at, message } of problems) {
    if (severity === 'error') log.error({ code, at }, message)
    else log.warn({ code, at }, message)
  }
}

/** Whoever sets a proxy for all programs takes it to be used: Node does not, and a message that cannot get out is found late. */
function warnOfUnusedProxy({ config, env }: AppOptions, log: Log): void {
  const set = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].filter((name) => (env[name] ?? '') !== '')
  if (set.length === 0 || config.delivery.proxy !== undefined) return
  log.warn({ variables: set }, 'messages do not go through the proxy of the environment: set delivery.proxy for that')
}

/** What is fixed when the process starts. */
function warnOfRestart(next: Config, running: Config, log: Log): void {
  for (const key of ['listen', 'evaluation', 'store', 'checkpoint', 'log'] as const) {
    if (JSON.stringify(next[key]) !== JSON.stringify(running[key])) {
      log.warn({ key }, 'a change of this part of the config takes effect with the next start')
    }
  }
}

async function replaceOutputs(old: Outputs, start: (old: Outputs) => Outputs): Promise<Outputs> {
  await old.stop()
  return start(old)
}

function outputConfig({ receivers, routes, incidents, fallback, heartbeat, externalUrl, listen, delivery }: Config) {
  const { host, port } = listen.http
  return {
    receivers,
    routes,
    incidents,
    allowInternal: delivery.allowInternal,
    ...(delivery.proxy === undefined ? {} : { proxy: delivery.proxy }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
    externalUrl: externalUrl ?? `http://${host}:${port}`,
  }
}

/** Whether an address can be reached from this machine alone. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function statusView(
  engine: Engine,
  store: Pick<Store, 'episodes'>,
  inputs: Pick<Inputs, 'status'>,
  clock: Pick<Clock, 'now'>,
  hasTurned: () => boolean,
): StatusView {
  return {
    slos: () => sloStatuses(engine, clock.now()),
    slo: (name) => sloStatusInDetail(engine, name, clock.now()),
    episodes: (query) => store.episodes(query),
    cardinality: () => engine.cardinality,
    sources: () => inputs.status(),
    notReadyReasons: () => (hasTurned() ? [] : ['the first evaluation is not done yet']),
  }
}

function historyView(engine: Engine): HistoryView {
  return {
    history: (query) => sloHistory(engine, query),
    trend: (slo, days) => sloTrend(engine, slo, days),
  }
}
