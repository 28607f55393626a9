import { formatLabels, type Labels, labelsOf } from '../../src/core/model/labels.ts'
import {
  type Exemplar,
  type HistogramRefs,
  noAppends,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  unwantedSeries,
} from '../../src/ports/sample-sink.ts'

/** One sample as it reached the sink; the series is printed, its labels in name order. */
export interface RecordedSample {
  readonly series: string
  readonly timeMs: number
  readonly value: number
  readonly stale: boolean
}

/** A sink that keeps everything, refuses what a counter cannot be, and counts how often labels were asked for. */
export class RecordingSink implements SampleSink {
  generation = 1
  /** Series the rules do not want. */
  unwanted: (labels: Labels) => boolean = () => false
  /** Labels in the order in which they were resolved. */
  readonly resolved: { readonly labels: Labels; readonly origin: SampleOrigin }[] = []
  samples: RecordedSample[] = []
  /** When the series of each sample started; undefined where its batch says nothing of starts. */
  readonly starts: (number | undefined)[] = []
  /** The bounds that histograms are asked about. */
  bounds: readonly number[] = []
  readonly deltas: { series: string; startMs: number; timeMs: number; value: number }[] = []
  readonly uncertain: { series: string; uncertain: number; total: number }[] = []
  readonly exemplars: { series: string; exemplar: Exemplar }[] = []
  #waiting: (() => void)[] = []

  resolve(labels: Labels, origin: SampleOrigin): number {
    this.resolved.push({ labels, origin })
    return this.unwanted(labels) ? unwantedSeries : this.resolved.length - 1
  }

  resolveHistogram(labels: Labels, origin: SampleOrigin): HistogramRefs | undefined {
    const named = (name: string, le?: number) => {
      const bucket = le === undefined ? [] : [['le', String(le)] as const]
      const base = [...labels].filter(([label]) => label !== '__name__')
      return labelsOf([...base, ['__name__', `${labels.get('__name__')}${name}`], ...bucket])
    }
    const buckets = this.bounds.map((bound) => ({ bound, ref: this.resolve(named('_bucket', bound), origin) }))
    return { count: this.resolve(named('_count'), origin), sum: this.resolve(named('_sum'), origin), buckets }
  }

  appendDeltas(batch: SampleBatch) {
    for (let index = 0; index < batch.length; index++) {
      const series = formatLabels(this.resolved[batch.refs[index]].labels)
      const { timesMs, startsMs, values } = batch
      this.deltas.push({ series, startMs: startsMs[index], timeMs: timesMs[index], value: values[index] })
    }
    return { ...noAppends(), accepted: batch.length }
  }

  noteUncertain(bucket: number, uncertain: number, total: number): void {
    this.uncertain.push({ series: formatLabels(this.resolved[bucket].labels), uncertain, total })
  }

  noteExemplar(labels: Labels, _origin: SampleOrigin, exemplar: Exemplar): void {
    this.exemplars.push({ series: formatLabels(labels), exemplar })
  }

  append(batch: SampleBatch) {
    const counts = noAppends()
    for (let index = 0; index < batch.length; index++) {
      const value = batch.values[index]
      const stale = batch.stale[index] === 1
      if (stale) counts.staleMarkers++
      else if (Number.isNaN(value)) counts.notANumber++
      else if (value < 0) counts.negative++
      else counts.accepted++
      const series = formatLabels(this.resolved[batch.refs[index]].labels)
      this.samples.push({ series, timeMs: batch.timesMs[index], value, stale })
      this.starts.push(batch.hasStarts ? batch.startsMs[index] : undefined)
    }
    for (const wake of this.#waiting.splice(0)) wake()
    return counts
  }

  /** Waits until samples satisfy a condition; looks again whenever some arrive. */
  async until(holds: (samples: readonly RecordedSample[]) => boolean): Promise<void> {
    while (!holds(this.samples)) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      await promise
    }
  }

  /** Hands over the samples so far and starts anew. */
  take(): RecordedSample[] {
    const taken = this.samples
    this.samples = []
    return taken
  }
}
