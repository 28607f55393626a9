import { type Labels, labelsOf } from '../../core/model/labels.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import {
  type AppendCounts,
  type HistogramRefs,
  noAppends,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
  sampleBatch,
  unwantedSeries,
} from '../../ports/sample-sink.ts'
import type { ReplicaConfig } from './config.ts'
import { type Cluster, ReplicaElection } from './replica-election.ts'

/** Who sent a series, beside what the sink calls it. */
interface Sender {
  readonly ref: SeriesRef
  readonly cluster: Cluster | undefined
  readonly replica: string
}

/**
 * Takes the samples of one replica of each pair and drops those of the others. Both count the same processes, so that
 * after a failover the next sample of the other goes on where the last one of the first stopped: no event is lost or
 * counted twice.
 */
export function replicaSink(
  sink: SampleSink,
  { label, clusterLabel, failoverMs }: ReplicaConfig,
  { clock, meter, log, source }: { clock: Clock; meter: Meter; log: Log; source: string },
): SampleSink {
  const election = new ReplicaElection(failoverMs, { source, meter, log })
  const senders: Sender[] = []
  const known = new Map<string, SeriesRef>()
  let generation = sink.generation
  let passed = sampleBatch(0)

  const refOf = (ref: SeriesRef, cluster: Cluster | undefined, replica: string): SeriesRef => {
    if (ref === unwantedSeries) return unwantedSeries
    const key = `${ref}\u0000${cluster?.name ?? ''}\u0000${replica}`
    const mine = known.get(key) ?? senders.push({ ref, cluster, replica }) - 1
    known.set(key, mine)
    return mine
  }
  /** Undefined for a series of a cluster that there is no room for. */
  const split = (labels: Labels): Split | undefined => {
    if (generation !== sink.generation) {
      generation = sink.generation
      senders.length = 0
      known.clear()
    }
    const replica = labels.get(label)
    if (replica === undefined) return { own: labels, cluster: undefined, replica: '' }
    const own = labelsOf([...labels].filter(([name]) => name !== label))
    const cluster = election.clusterOf(labels.get(clusterLabel) ?? '', replica, clock.now())
    return cluster === undefined ? undefined : { own, cluster, replica }
  }
  const filtered = (batch: SampleBatch, append: (batch: SampleBatch) => AppendCounts): AppendCounts => {
    if (passed.refs.length < batch.length) passed = sampleBatch(batch.refs.length)
    const now = clock.now()
    const dropped = new Map<string, number>()
    passed.length = 0
    passed.hasStarts = batch.hasStarts
    for (let index = 0; index < batch.length; index++) {
      const { ref, cluster, replica } = senders[batch.refs[index]]
      if (cluster !== undefined && !election.isHeard(cluster, replica, now)) {
        dropped.set(cluster.name, (dropped.get(cluster.name) ?? 0) + 1)
      } else copy(batch, index, passed, ref)
    }
    for (const [cluster, count] of dropped) {
      meter.count('sloburn_ingest_replica_samples_dropped_total', { source, cluster }, count)
    }
    return passed.length === 0 ? noAppends() : append(passed)
  }
  return {
    get generation() {
      return sink.generation
    },
    resolve: (labels, origin) => {
      const series = split(labels)
      if (series === undefined) return unwantedSeries
      return refOf(sink.resolve(series.own, origin), series.cluster, series.replica)
    },
    resolveHistogram: (labels, origin): HistogramRefs | undefined => {
      const series = split(labels)
      const refs = series && sink.resolveHistogram(series.own, origin)
      if (refs === undefined) return undefined
      const mine = (ref: SeriesRef) => refOf(ref, series?.cluster, series?.replica ?? '')
      const buckets = refs.buckets.map(({ bound, ref }) => ({ bound, ref: mine(ref) }))
      return { ...refs, count: mine(refs.count), sum: mine(refs.sum), buckets }
    },
    append: (batch) => filtered(batch, (chosen) => sink.append(chosen)),
    appendDeltas: (batch) => filtered(batch, (chosen) => sink.appendDeltas(chosen)),
    noteUncertain: (bucket, uncertain, total) => {
      const { ref, cluster, replica } = senders[bucket]
      if (cluster === undefined || cluster.elected === replica) sink.noteUncertain(ref, uncertain, total)
    },
    noteExemplar: (labels, origin: SampleOrigin, exemplar) => {
      const series = split(labels)
      if (series === undefined) return
      const { own, cluster, replica } = series
      if (cluster === undefined || cluster.elected === replica) sink.noteExemplar(own, origin, exemplar)
    },
  }
}

/** A series without the label of its replica. */
interface Split {
  readonly own: Labels
  /** Undefined where it has none: it is taken as it is. */
  readonly cluster: Cluster | undefined
  readonly replica: string
}

function copy(from: SampleBatch, index: number, to: SampleBatch, ref: SeriesRef): void {
  const place = to.length++
  to.refs[place] = ref
  to.timesMs[place] = from.timesMs[index]
  to.values[place] = from.values[index]
  to.startsMs[place] = from.startsMs[index]
  to.stale[place] = from.stale[index]
}
