import type { EpochMs } from '../core/model/units.ts'
import type { SampleSink } from '../ports/sample-sink.ts'

/** A sink of one source that knows how far its samples have come. */
export interface WatchedSink extends SampleSink {
  /** The newest event time that was counted; undefined before the first. */
  newestAt(): EpochMs | undefined
}

export function watchedSink(sink: SampleSink): WatchedSink {
  let newest: EpochMs | undefined
  return {
    get generation() {
      return sink.generation
    },
    resolve: (labels, origin) => sink.resolve(labels, origin),
    append: (batch) => {
      const counts = sink.append(batch)
      if (counts.accepted > 0) newest = Math.max(newest ?? 0, counts.newestMs)
      return counts
    },
    newestAt: () => newest,
  }
}
