import type { EpochMs } from '../core/model/units.ts'
import type { AppendCounts, SampleSink } from '../ports/sample-sink.ts'

/** A sink of one source that knows how far its samples have come. */
export interface WatchedSink extends SampleSink {
  /** The newest event time that was counted; undefined before the first. */
  newestAt(): EpochMs | undefined
}

export function watchedSink(sink: SampleSink): WatchedSink {
  let newest: EpochMs | undefined
  const booked = (counts: AppendCounts): AppendCounts => {
    if (counts.accepted > 0) newest = Math.max(newest ?? 0, counts.newestMs)
    return counts
  }
  return {
    get generation() {
      return sink.generation
    },
    resolve: (labels, origin) => sink.resolve(labels, origin),
    resolveHistogram: (labels, origin) => sink.resolveHistogram(labels, origin),
    noteExemplar: (labels, origin, exemplar) => sink.noteExemplar(labels, origin, exemplar),
    noteUncertain: (bucket, uncertain, total) => sink.noteUncertain(bucket, uncertain, total),
    append: (batch) => booked(sink.append(batch)),
    appendDeltas: (batch) => booked(sink.appendDeltas(batch)),
    newestAt: () => newest,
  }
}
