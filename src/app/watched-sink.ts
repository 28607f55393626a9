import type { EpochMs } from '../core/model/units.ts'
import { type AppendCounts, passingOn, type SampleBatch, type SampleSink } from '../ports/sample-sink.ts'

/** A sink of one source that knows how far its samples have come. */
export interface WatchedSink extends SampleSink {
  /** The newest event time that was counted; undefined before the first. */
  newestAt(): EpochMs | undefined
}

/** Passes samples on, and remembers the newest time of those that were counted. */
export function watchedSink(sink: SampleSink): WatchedSink {
  let newest: EpochMs | undefined
  const watched = tellingSink(sink, ({ accepted, newestMs }) => {
    if (accepted > 0) newest = Math.max(newest ?? 0, newestMs)
  })
  return Object.assign(watched, { newestAt: () => newest })
}

/** Passes samples on, and tells what became of each batch. */
export function tellingSink(sink: SampleSink, tell: (counts: AppendCounts) => void): SampleSink {
  const told = (counts: AppendCounts): AppendCounts => {
    tell(counts)
    return counts
  }
  return Object.assign(passingOn(sink), {
    append: (batch: SampleBatch) => told(sink.append(batch)),
    appendDeltas: (batch: SampleBatch) => told(sink.appendDeltas(batch)),
  })
}
