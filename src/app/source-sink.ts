import type { SourceConfig } from '../config/parts/sources.ts'
import type { Selector } from '../core/model/selector.ts'
import { normalizingSink } from '../ingest/relabel/normalizing-sink.ts'
import { replicaSink } from '../ingest/replicas/replica-sink.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { passingOn, type SampleSink } from '../ports/sample-sink.ts'
import { type UnaskedSeries, watchUnasked } from './unasked-series.ts'
import { type WatchedSink, watchedSink } from './watched-sink.ts'

/** The sink of one source, which knows what became of its samples. */
export type SourceSink = WatchedSink & UnaskedSeries

/** The way of one source's samples into the engine: one replica of several, then normalised labels. */
export function sourceSink(
  { name, relabelling, replicas }: Pick<SourceConfig, 'name' | 'relabelling' | 'replicas'>,
  world: { readonly sink: SampleSink; readonly clock: Clock; readonly meter: Meter; readonly log: Log },
): SourceSink {
  const watched = watchedSink(world.sink)
  const unasked = watchUnasked(watched)
  const normalizing = normalizingSink(unasked, relabelling)
  const sink = replicas === undefined ? normalizing : replicaSink(normalizing, replicas, { ...world, source: name })
  return Object.assign(passingOn(sink), {
    newestAt: () => watched.newestAt(),
    unasked: (asked: () => readonly Selector[]) => unasked.unasked(asked),
  })
}
