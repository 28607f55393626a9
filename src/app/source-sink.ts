import type { SourceConfig } from '../config/parts/sources.ts'
import { normalizingSink } from '../ingest/relabel/normalizing-sink.ts'
import { replicaSink } from '../ingest/replicas/replica-sink.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import { type WatchedSink, watchedSink } from './watched-sink.ts'

/** The way of one source's samples into the engine: one replica of several, then normalised labels. */
export function sourceSink(
  { name, relabelling, replicas }: Pick<SourceConfig, 'name' | 'relabelling' | 'replicas'>,
  world: { readonly sink: SampleSink; readonly clock: Clock; readonly meter: Meter; readonly log: Log },
): WatchedSink {
  const watched = watchedSink(world.sink)
  const normalizing = normalizingSink(watched, relabelling)
  const sink = replicas === undefined ? normalizing : replicaSink(normalizing, replicas, { ...world, source: name })
  return {
    get generation() {
      return sink.generation
    },
    resolve: (labels, origin) => sink.resolve(labels, origin),
    resolveHistogram: (labels, origin) => sink.resolveHistogram(labels, origin),
    append: (batch) => sink.append(batch),
    appendDeltas: (batch) => sink.appendDeltas(batch),
    noteUncertain: (bucket, uncertain, total) => sink.noteUncertain(bucket, uncertain, total),
    noteExemplar: (labels, origin, exemplar) => sink.noteExemplar(labels, origin, exemplar),
    newestAt: () => watched.newestAt(),
  }
}
