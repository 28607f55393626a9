import type { SourceConfig } from '../config/parts/sources.ts'
import type { Labels } from '../core/model/labels.ts'
import type { DurationMs } from '../core/model/units.ts'
import { otlpHttpRoute } from '../ingest/otlp/http-route.ts'
import { type OtlpReceiver, otlpReceiver } from '../ingest/otlp/receiver.ts'
import { type Backfill, startBackfill } from '../ingest/prometheus-api/backfill.ts'
import { type CounterPull, startCounterPull } from '../ingest/prometheus-api/counter-pull.ts'
import { type QueryPoll, startQueryPoll } from '../ingest/prometheus-api/query-poller.ts'
import { normalizedLabels } from '../ingest/relabel/normalize-labels.ts'
import { type RemoteWriteRoute, remoteWriteRoute } from '../ingest/remote-write/receiver.ts'
import type { Scrapes } from '../ingest/scrape/scraper.ts'
import type { AnswerSink } from '../ports/answer-sink.ts'
import type { Clock } from '../ports/clock.ts'
import type { HistorySink } from '../ports/history-sink.ts'
import type { HttpRoute } from '../ports/http-route.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import type { SourceStatus } from '../ports/status-view.ts'
import { changeScrapeInputs, identity, startScrapeInput } from './scrape-inputs.ts'
import { type SourceSink, sourceSink } from './source-sink.ts'

/** Where samples, answers and history go, and by which clocks. */
export interface InputWorld {
  readonly sink: SampleSink
  readonly answers: AnswerSink
  /** Where history goes that is read after the fact. */
  readonly history: HistorySink
  /** How often is evaluated, and how long samples are waited for: queries are asked no more often and no sooner. */
  readonly stepMs: DurationMs
  readonly delayMs: DurationMs
  /** What other APIs are asked by. */
  readonly clock: Clock
  /** What samples are stamped and judged by. */
  readonly samplesBy: Clock
  readonly meter: Meter
  readonly log: Log
}

/** Every way by which samples come in, as the config says now. */
export interface Inputs {
  /** Routes stay mounted over reloads and lead to the sources of today. */
  readonly routes: readonly HttpRoute[]
  /** The OTLP sources of today, for those who listen elsewhere. */
  otlp(): OtlpReceiver
  status(): readonly SourceStatus[]
  /** Takes samples from these sources from now on. */
  change(sources: readonly SourceConfig[]): Promise<void>
  stop(): Promise<void>
}

interface Running {
  readonly sources: readonly SourceConfig[]
  readonly sinks: ReadonlyMap<string, SourceSink>
  readonly scrapes: ReadonlyMap<string, Scrapes>
  readonly queries: ReadonlyMap<string, QueryPoll>
  readonly backfills: ReadonlyMap<string, Backfill>
  readonly pulls: ReadonlyMap<string, CounterPull>
  readonly remoteWrite: RemoteWriteRoute
  readonly otlp: OtlpReceiver
}

/** Starts every source of the config. */
export function startInputs(sources: readonly SourceConfig[], world: InputWorld): Inputs {
  let running = start(sources, world)
  const write = running.remoteWrite
  return {
    routes: [
      {
        ...route(write),
        refusal: (head) => running.remoteWrite.refusal?.(head),
        handle: (request) => running.remoteWrite.handle(request),
      },
      otlpHttpRoute(() => running.otlp, world.meter),
    ],
    otlp: () => running.otlp,
    status: () => running.sources.map((source) => statusOf(source, running, world)),
    change: async (changed) => {
      await stopQueries(running)
      const kept = await changeScrapeInputs(running.scrapes, running.sources, changed)
      if (fingerprint(changed) === fingerprint(running.sources)) {
        running = { ...running, sources: changed, ...startQueries(changed, running.sinks, world) }
        return
      }
      running = start(changed, world, running, kept)
    },
    stop: async () => {
      await Promise.all([stopQueries(running), stopAll(running.scrapes)])
    },
  }
}

/** Starts everything but the scrapes that go on from before, which keep their sinks. */
function start(
  sources: readonly SourceConfig[],
  world: InputWorld,
  before?: Running,
  kept: ReadonlySet<string> = new Set(),
): Running {
  const pushed = { ...world, clock: world.samplesBy }
  const sinks = new Map(
    sources.map((source) => {
      const known = kept.has(source.name) ? before?.sinks.get(source.name) : undefined
      return [source.name, known ?? sourceSink(source, pushed)]
    }),
  )
  const scrapes = new Map(
    sources.flatMap((source) => {
      const sink = sinks.get(source.name)
      if (source.kind !== 'scrape' || sink === undefined) return []
      const known = kept.has(source.name) ? before?.scrapes.get(source.name) : undefined
      return [[source.name, known ?? startScrapeInput(source, sink, pushed)] as const]
    }),
  )
  const writers = sources.flatMap((source) => {
    if (source.kind !== 'remoteWrite') return []
    const { name, region, settings } = source
    return [{ name, region, settings, sink: sinks.get(name) ?? world.sink }]
  })
  const remoteWrite = remoteWriteRoute({ ...pushed, sources: writers })
  const otlpSources = sources.flatMap((source) => {
    if (source.kind !== 'otlp') return []
    const { name, region, settings } = source
    return [{ name, region, settings, sink: sinks.get(name) ?? world.sink }]
  })
  const otlp = otlpReceiver({ ...pushed, sources: otlpSources })
  return { sources, sinks, scrapes, ...startQueries(sources, sinks, world), remoteWrite, otlp }
}

type Queries = Pick<Running, 'queries' | 'backfills' | 'pulls'>

function startQueries(sources: readonly SourceConfig[], sinks: Running['sinks'], world: InputWorld): Queries {
  const queries = new Map<string, QueryPoll>()
  const backfills = new Map<string, Backfill>()
  const pulls = new Map<string, CounterPull>()
  for (const source of sources) {
    if (source.kind !== 'prometheus') continue
    const { name, region, settings, relabelling } = source
    queries.set(name, startQueryPoll({ ...world, source: name, region, settings }))
    const { backfill } = settings
    const normalized = (labels: Labels) => normalizedLabels(labels, relabelling)
    const madeLabels = new Set([...relabelling.table.keys(), ...relabelling.added.keys()])
    const options = { ...world, source: name, region, normalized, madeLabels }
    const intervalMs = pullIntervalOf(source, sources, world)
    const sink = sinks.get(name) ?? world.sink
    const pull = intervalMs === undefined ? undefined : startCounterPull({ ...options, sink, settings, intervalMs })
    if (pull !== undefined) pulls.set(name, pull)
    if (backfill === undefined) continue
    const readUntil = pull === undefined ? {} : { readUntil: () => pull.readUntil() }
    backfills.set(name, startBackfill({ ...options, ...readUntil, settings: { ...settings, backfill } }))
  }
  return { queries, backfills, pulls }
}

/**
 * How often a source's counters are read as they come; undefined where they are not. Series that came by two ways under labels
 * that differ would count twice, so that it must be asked for where any other source may tell of the region.
 */
function pullIntervalOf(
  { name, region, settings: { pull } }: SourceConfig & { readonly kind: 'prometheus' },
  sources: readonly SourceConfig[],
  { stepMs, log }: InputWorld,
): DurationMs | undefined {
  if (pull.kind === 'off') return undefined
  if (pull.kind === 'on') return Math.max(stepMs, pull.intervalMs ?? stepMs)
  const teller = sources.find((other) => other.kind !== 'prometheus' && (other.region ?? region) === region)
  if (teller === undefined) return stepMs
  const fields = { source: name, region, other: teller.name }
  log.info(
    fields,
    'counters are not read from this API, since another source may tell of its region; pull: true has them read',
  )
  return undefined
}

async function stopQueries({ queries, backfills, pulls }: Queries): Promise<void> {
  await Promise.all([stopAll(queries), stopAll(backfills), stopAll(pulls)])
}

/**
 * Equal for sources that need not be started anew. Secrets look all alike, so that a changed one is not noticed: queries
 * are started anew with every reload, at no loss, and scrapes take over their settings.
 */
function fingerprint(sources: readonly SourceConfig[]): string {
  const lasting = sources.filter(({ kind }) => kind !== 'prometheus')
  return JSON.stringify(lasting.map((source) => [identity(source), source.kind === 'scrape' ? null : source.settings]))
}

async function stopAll(running: ReadonlyMap<string, { stop(): Promise<void> }>): Promise<void> {
  await Promise.all([...running.values()].map((each) => each.stop()))
}

function statusOf({ name, kind, region }: SourceConfig, running: Running, { history }: InputWorld): SourceStatus {
  const { sinks, scrapes, queries, backfills, pulls, remoteWrite, otlp } = running
  const source = { name, kind, region: region ?? null }
  const poll = queries.get(name)
  if (poll !== undefined) {
    const backfill = backfills.get(name)
    const problem = poll.problem() ?? pulls.get(name)?.problem() ?? backfill?.problem() ?? null
    const historyRead = backfill?.progress()
    const reading = historyRead === undefined ? {} : { historyRead }
    return { ...source, watermark: newestOf(poll.watermark(), sinks.get(name)?.newestAt()), problem, ...reading }
  }
  const problem = scrapes.get(name)?.problem() ?? (kind === 'otlp' ? otlp : remoteWrite).problem(name)
  const unasked = () => sinks.get(name)?.unasked(() => history.wanted(region ?? '').selectors)
  return { ...source, watermark: sinks.get(name)?.newestAt() ?? null, problem: problem ?? unasked() ?? null }
}

function newestOf(...times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? null : Math.max(...known)
}

function route({ method, path, bodyBytesMax, readsBodyAtOnce = false }: HttpRoute): Omit<HttpRoute, 'handle'> {
  return { method, path, readsBodyAtOnce, ...(bodyBytesMax === undefined ? {} : { bodyBytesMax }) }
}
