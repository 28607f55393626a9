import type { SourceConfig } from '../config/parts/sources.ts'
import type { DurationMs } from '../core/model/units.ts'
import { type QueryPoll, startQueryPoll } from '../ingest/prometheus-api/query-poller.ts'
import { type RemoteWriteRoute, remoteWriteRoute } from '../ingest/remote-write/receiver.ts'
import { type Scrapes, startScrapes } from '../ingest/scrape/scraper.ts'
import type { AnswerSink } from '../ports/answer-sink.ts'
import type { Clock } from '../ports/clock.ts'
import type { HttpRoute } from '../ports/http-route.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import type { SourceStatus } from '../ports/status-view.ts'
import { type WatchedSink, watchedSink } from './watched-sink.ts'

export interface InputWorld {
  readonly sink: SampleSink
  readonly answers: AnswerSink
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
  readonly remoteWrite: RemoteWriteRoute
}

export function startInputs(sources: readonly SourceConfig[], world: InputWorld): Inputs {
  let running = start(sources, world)
  const write = running.remoteWrite
  return {
    routes: [{ ...route(write), handle: (request) => running.remoteWrite.handle(request) }],
    status: () => running.sources.map((source) => statusOf(source, running)),
    change: async (changed) => {
      await stopAll(running.queries)
      if (JSON.stringify(withoutQueries(changed)) === JSON.stringify(withoutQueries(running.sources))) {
        running = { ...running, sources: changed, queries: startQueries(changed, world) }
        return
      }
      await stopAll(running.scrapes)
      running = start(changed, world)
    },
    stop: async () => {
      await Promise.all([stopAll(running.queries), stopAll(running.scrapes)])
    },
  }
}

function start(sources: readonly SourceConfig[], world: InputWorld): Running {
  const sinks = new Map(sources.map(({ name }) => [name, watchedSink(world.sink)]))
  const scrapes = new Map(
    sources.flatMap((source) => {
      const sink = sinks.get(source.name)
      if (source.kind !== 'scrape' || sink === undefined) return []
      const { name, region, settings } = source
      return [[name, startScrapes({ ...world, source: name, region, settings, sink })] as const]
    }),
  )
  const writers = sources
    .filter(({ kind }) => kind === 'remoteWrite')
    .map(({ name, region }) => ({ name, region, sink: sinks.get(name) ?? world.sink }))
  const remoteWrite = remoteWriteRoute({ ...world, sources: writers })
  return { sources, sinks, scrapes, queries: startQueries(sources, world), remoteWrite }
}

function startQueries(sources: readonly SourceConfig[], world: InputWorld): ReadonlyMap<string, QueryPoll> {
  return new Map(
    sources.flatMap((source) => {
      if (source.kind !== 'prometheus') return []
      const { name, region, settings } = source
      return [[name, startQueryPoll({ ...world, source: name, region, settings })] as const]
    }),
  )
}

/** Secrets look all alike, so that a changed one is not noticed: queries are started anew with every reload, at no loss. */
function withoutQueries(sources: readonly SourceConfig[]): readonly SourceConfig[] {
  return sources.filter(({ kind }) => kind !== 'prometheus')
}

async function stopAll(running: ReadonlyMap<string, { stop(): Promise<void> }>): Promise<void> {
  await Promise.all([...running.values()].map((each) => each.stop()))
}

function statusOf({ name, kind, region }: SourceConfig, running: Running): SourceStatus {
  const { sinks, scrapes, queries, remoteWrite } = running
  const source = { name, kind, region: region ?? null }
  const poll = queries.get(name)
  if (poll !== undefined) return { ...source, watermark: poll.watermark() ?? null, problem: poll.problem() ?? null }
  const problem = kind === 'scrape' ? scrapes.get(name)?.problem() : remoteWrite.problem(name)
  return { ...source, watermark: sinks.get(name)?.newestAt() ?? null, problem: problem ?? null }
}

function route({ method, path, bodyBytesMax }: HttpRoute): Omit<HttpRoute, 'handle'> {
  return bodyBytesMax === undefined ? { method, path } : { method, path, bodyBytesMax }
}
