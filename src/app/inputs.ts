import type { SourceConfig } from '../config/parts/sources.ts'
import { type RemoteWriteRoute, remoteWriteRoute } from '../ingest/remote-write/receiver.ts'
import { type Scrapes, startScrapes } from '../ingest/scrape/scraper.ts'
import type { Clock } from '../ports/clock.ts'
import type { HttpRoute } from '../ports/http-route.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import type { SourceStatus } from '../ports/status-view.ts'
import { type WatchedSink, watchedSink } from './watched-sink.ts'

export interface InputWorld {
  readonly sink: SampleSink
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
  readonly remoteWrite: RemoteWriteRoute
}

export function startInputs(sources: readonly SourceConfig[], world: InputWorld): Inputs {
  let running = start(sources, world)
  const write = running.remoteWrite
  return {
    routes: [{ ...route(write), handle: (request) => running.remoteWrite.handle(request) }],
    status: () => running.sources.map((source) => statusOf(source, running)),
    change: async (changed) => {
      if (JSON.stringify(changed) === JSON.stringify(running.sources)) return
      await stopScrapes(running)
      running = start(changed, world)
    },
    stop: () => stopScrapes(running),
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
  return { sources, sinks, scrapes, remoteWrite: remoteWriteRoute({ ...world, sources: writers }) }
}

async function stopScrapes({ scrapes }: Running): Promise<void> {
  await Promise.all([...scrapes.values()].map((each) => each.stop()))
}

function statusOf({ name, kind, region }: SourceConfig, { sinks, scrapes, remoteWrite }: Running): SourceStatus {
  return {
    name,
    kind,
    region: region ?? null,
    watermark: sinks.get(name)?.newestAt() ?? null,
    problem: (kind === 'scrape' ? scrapes.get(name)?.problem() : remoteWrite.problem(name)) ?? null,
  }
}

function route({ method, path, bodyBytesMax }: HttpRoute): Omit<HttpRoute, 'handle'> {
  return bodyBytesMax === undefined ? { method, path } : { method, path, bodyBytesMax }
}
