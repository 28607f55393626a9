import type { SourceConfig } from '../config/parts/sources.ts'
import type { Labels } from '../core/model/labels.ts'
import type { DurationMs } from '../core/model/units.ts'
import { otlpHttpRoute } from '../ingest/otlp/http-route.ts'
import { type OtlpReceiver, otlpReceiver } from '../ingest/otlp/receiver.ts'
import { type Backfill, startBackfill } from '../ingest/prometheus-api/backfill.ts'
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
import { sourceSink } from './source-sink.ts'
import type { WatchedSink } from './watched-sink.ts'

export interface InputWorld {
  readonly sink: SampleSink
  readonly answers: AnswerSink
  /** Where history goes that is read after the fact. */
  readonly history: HistorySink
  /** How often is evaluated, and how long samples are waited for: queries are asked no more often and no sooner. */
  readonly stepMs: DurationMs
  readonly delayMs: DurationMs
  readonly clock: Clock
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
  readonly sinks: ReadonlyMap<string, WatchedSink>
  readonly scrapes: ReadonlyMap<string, Scrapes>
  readonly queries: ReadonlyMap<string, QueryPoll>
  readonly backfills: ReadonlyMap<string, Backfill>
  readonly remoteWrite: RemoteWriteRoute
  readonly otlp: OtlpReceiver
}

export function startInputs(sources: readonly SourceConfig[], world: InputWorld): Inputs {
  let running = start(sources, world)
  const write = running.remoteWrite
  return {
    routes: [
      { ...route(write), handle: (request) => running.remoteWrite.handle(request) },
      otlpHttpRoute(() => running.otlp, world.meter),
    ],
    otlp: () => running.otlp,
    status: () => running.sources.map((source) => statusOf(source, running)),
    change: async (changed) => {
      await Promise.all([stopAll(running.queries), stopAll(running.backfills)])
      const kept = await changeScrapeInputs(running.scrapes, running.sources, changed)
      if (fingerprint(changed) === fingerprint(running.sources)) {
        running = { ...running, sources: changed, ...startQueries(changed, world) }
        return
      }
      running = start(changed, world, running, kept)
    },
    stop: async () => {
      await Promise.all([stopAll(running.queries), stopAll(running.backfills), stopAll(running.scrapes)])
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
  const sinks = new Map(
    sources.map((source) => {
      const known = kept.has(source.name) ? before?.sinks.get(source.name) : undefined
      return [source.name, known ?? sourceSink(source, world)]
    }),
  )
  const scrapes = new Map(
    sources.flatMap((source) => {
      const sink = sinks.get(source.name)
      if (source.kind !== 'scrape' || sink === undefined) return []
      const known = kept.has(source.name) ? before?.scrapes.get(source.name) : undefined
      return [[source.name, known ?? startScrapeInput(source, sink, world)] as const]
    }),
  )
  const writers = sources.flatMap((source) => {
    if (source.kind !== 'remoteWrite') return []
    const { name, region, settings } = source
    return [{ name, region, settings, sink: sinks.get(name) ?? world.sink }]
  })
  const remoteWrite = remoteWriteRoute({ ...world, sources: writers })
  const otlpSources = sources.flatMap((source) => {
    if (source.kind !== 'otlp') return []
    const { name, region, settings } = source
    return [{ name, region, settings, sink: sinks.get(name) ?? world.sink }]
  })
  const otlp = otlpReceiver({ ...world, sources: otlpSources })
  return { sources, sinks, scrapes, ...startQueries(sources, world), remoteWrite, otlp }
}

function startQueries(sources: readonly SourceConfig[], world: InputWorld): Pick<Running, 'queries' | 'backfills'> {
  const queries = new Map<string, QueryPoll>()
  const backfills = new Map<string, Backfill>()
  for (const source of sources) {
    if (source.kind !== 'prometheus') continue
    const { name, region, settings, relabelling } = source
    queries.set(name, startQueryPoll({ ...world, source: name, region, settings }))
    const { backfill } = settings
    if (backfill === undefined) continue
    const normalized = (labels: Labels) => normalizedLabels(labels, relabelling)
    const madeLabels = new Set([...relabelling.table.keys(), ...relabelling.added.keys()])
    const options = { ...world, source: name, region, normalized, madeLabels }
    backfills.set(name, startBackfill({ ...options, settings: { ...settings, backfill } }))
  }
  return { queries, backfills }
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

function statusOf({ name, kind, region }: SourceConfig, running: Running): SourceStatus {
  const { sinks, scrapes, queries, backfills, remoteWrite, otlp } = running
  const source = { name, kind, region: region ?? null }
  const poll = queries.get(name)
  if (poll !== undefined) {
    const backfill = backfills.get(name)
    const problem = poll.problem() ?? backfill?.problem() ?? null
    const historyRead = backfill?.progress()
    const reading = historyRead === undefined ? {} : { historyRead }
    return { ...source, watermark: poll.watermark() ?? null, problem, ...reading }
  }
  const problem = scrapes.get(name)?.problem() ?? (kind === 'otlp' ? otlp : remoteWrite).problem(name)
  return { ...source, watermark: sinks.get(name)?.newestAt() ?? null, problem: problem ?? null }
}

function route({ method, path, bodyBytesMax, readsBodyAtOnce = false }: HttpRoute): Omit<HttpRoute, 'handle'> {
  return { method, path, readsBodyAtOnce, ...(bodyBytesMax === undefined ? {} : { bodyBytesMax }) }
}
