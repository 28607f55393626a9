import type { Labels } from '../core/model/labels.ts'
import type { EpochMs } from '../core/model/units.ts'
import {
  type AppendCounts,
  type HistogramRefs,
  noAppends,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
} from '../ports/sample-sink.ts'

/**
 * Keeps samples instead of booking them, so that history can come in any order of series and be replayed in order of
 * time. Only series that an SLO wants are kept, at 16 bytes a sample.
 */
export class SampleLog implements SampleSink {
  readonly generation: number
  readonly #resolver: SampleSink
  readonly #series: SeriesLog[] = []
  #untimed = 0

  /** Series are resolved by the sink that the samples will go to. */
  constructor(resolver: SampleSink) {
    this.#resolver = resolver
    this.generation = resolver.generation
  }

  resolve(labels: Labels, origin: SampleOrigin): SeriesRef {
    return this.#resolver.resolve(labels, origin)
  }

  resolveHistogram(labels: Labels, origin: SampleOrigin): HistogramRefs | undefined {
    return this.#resolver.resolveHistogram(labels, origin)
  }

  /** History holds totals: there is no format of it that holds increments. */
  appendDeltas(): AppendCounts {
    return noAppends()
  }

  noteExemplar(): void {}

  append({ refs, timesMs, values, stale, length }: SampleBatch): AppendCounts {
    const counts = noAppends()
    for (let index = 0; index < length; index++) {
      if (stale[index] === 1) counts.staleMarkers++
      else if (!Number.isFinite(timesMs[index])) this.#untimed++
      else {
        this.#log(refs[index]).push(timesMs[index], values[index])
        counts.accepted++
      }
    }
    return counts
  }

  /** Samples without a time, which history cannot use. */
  get untimed(): number {
    return this.#untimed
  }

  /** Hands over all samples in order of time.. */
  *inOrder(): Iterable<LoggedSample> {
    const logs = this.#series.filter((log) => log !== undefined && log.length > 0)
    for (const log of logs) log.sort()
    const heap = new TimeHeap(logs)
    const sample: LoggedSample = { ref: 0, time: 0, value: 0 }
    for (let log = heap.earliest(); log !== undefined; log = heap.earliest()) {
      sample.ref = log.ref
      sample.time = log.time
      sample.value = log.value
      yield sample
      log.advance()
      heap.settle()
    }
  }

  #log(ref: SeriesRef): SeriesLog {
    this.#series[ref] ??= new SeriesLog(ref)
    return this.#series[ref]
  }
}

/** Reused for every sample: read it before asking for the next. */
export interface LoggedSample {
  ref: SeriesRef
  time: EpochMs
  value: number
}

/** The samples of one series, and a cursor. */
class SeriesLog {
  readonly ref: SeriesRef
  length = 0
  #times = new Float64Array(64)
  #values = new Float64Array(64)
  #cursor = 0
  #sorted = true

  constructor(ref: SeriesRef) {
    this.ref = ref
  }

  push(time: EpochMs, value: number): void {
    if (this.length === this.#times.length) {
      this.#times = doubled(this.#times)
      this.#values = doubled(this.#values)
    }
    if (this.length > 0 && time < this.#times[this.length - 1]) this.#sorted = false
    this.#times[this.length] = time
    this.#values[this.length] = value
    this.length++
  }

  get time(): EpochMs {
    return this.#times[this.#cursor]
  }

  get value(): number {
    return this.#values[this.#cursor]
  }

  get isDone(): boolean {
    return this.#cursor >= this.length
  }

  advance(): void {
    this.#cursor++
  }

  sort(): void {
    if (this.#sorted) return
    const order = Array.from({ length: this.length }, (_, index) => index)
    const times = this.#times
    const values = this.#values
    order.sort((a, b) => times[a] - times[b] || a - b)
    this.#times = Float64Array.from(order, (index) => times[index])
    this.#values = Float64Array.from(order, (index) => values[index])
    this.#sorted = true
  }
}

/** A binary heap of series, the one with the earliest next sample on top; equal times go in order of series. */
class TimeHeap {
  readonly #logs: SeriesLog[]

  constructor(logs: SeriesLog[]) {
    this.#logs = logs.toSorted(compare)
  }

  earliest(): SeriesLog | undefined {
    return this.#logs[0]
  }

  /** The top was advanced: puts it, or what takes its place, where it belongs. */
  settle(): void {
    const logs = this.#logs
    if (logs[0].isDone) {
      const last = logs.pop()
      if (last === undefined || logs.length === 0) return
      logs[0] = last
    }
    let parent = 0
    for (;;) {
      let smallest = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < logs.length && compare(logs[child], logs[smallest]) < 0) smallest = child
      }
      if (smallest === parent) return
      const swapped = logs[parent]
      logs[parent] = logs[smallest]
      logs[smallest] = swapped
      parent = smallest
    }
  }
}

function compare(a: SeriesLog, b: SeriesLog): number {
  return a.time - b.time || a.ref - b.ref
}

function doubled(from: Float64Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(from.length * 2)
  to.set(from)
  return to
}
