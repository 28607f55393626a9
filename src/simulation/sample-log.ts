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
 * Keeps samples and ends of series instead of booking them, so that history can come in any order of series and be
 * replayed in order of time. Only series that an SLO wants are kept, at 16 bytes a sample, 8 more where counters say when
 * they started.
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

  noteUncertain(): void {}

  noteExemplar(): void {}

  append({ refs, timesMs, values, startsMs, hasStarts, stale, length }: SampleBatch): AppendCounts {
    const counts = noAppends()
    for (let index = 0; index < length; index++) {
      if (!Number.isFinite(timesMs[index])) {
        this.#untimed++
        continue
      }
      const isEnd = stale[index] === 1
      this.#log(refs[index]).push(timesMs[index], values[index], hasStarts ? startsMs[index] : Number.NaN, isEnd)
      if (isEnd) counts.staleMarkers++
      else counts.accepted++
    }
    return counts
  }

  /** Samples without a time, which history cannot use. */
  get untimed(): number {
    return this.#untimed
  }

  /** Hands over all samples and ends of series in order of time. */
  *inOrder(): Iterable<LoggedSample> {
    const logs = this.#series.filter((log) => log !== undefined && log.length > 0)
    for (const log of logs) log.sort()
    const heap = new TimeHeap(logs)
    const sample: LoggedSample = { ref: 0, time: 0, value: 0, startMs: Number.NaN, isEnd: false }
    for (let log = heap.earliest(); log !== undefined; log = heap.earliest()) {
      sample.ref = log.ref
      sample.time = log.time
      sample.value = log.value
      sample.startMs = log.startMs
      sample.isEnd = log.isEnd
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
  /** When the counter started from zero; NaN where nobody said. */
  startMs: EpochMs
  /** The series ended here; there is no value. */
  isEnd: boolean
}

/** The samples of one series, and a cursor. */
class SeriesLog {
  readonly ref: SeriesRef
  length = 0
  #times = new Float64Array(64)
  #values = new Float64Array(64)
  /** Made with the first start that is known. */
  #starts: Float64Array | undefined
  /** Which entries are ends: there are few of them. */
  #ends = new Set<number>()
  #cursor = 0
  #sorted = true

  constructor(ref: SeriesRef) {
    this.ref = ref
  }

  push(time: EpochMs, value: number, startMs: EpochMs, isEnd: boolean): void {
    if (this.length === this.#times.length) {
      this.#times = doubled(this.#times)
      this.#values = doubled(this.#values)
      this.#starts = this.#starts === undefined ? undefined : doubled(this.#starts)
    }
    if (!Number.isNaN(startMs)) this.#starts ??= new Float64Array(this.#times.length).fill(Number.NaN)
    if (this.#starts !== undefined) this.#starts[this.length] = startMs
    if (isEnd) this.#ends.add(this.length)
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

  get startMs(): EpochMs {
    return this.#starts === undefined ? Number.NaN : this.#starts[this.#cursor]
  }

  get isEnd(): boolean {
    return this.#ends.size > 0 && this.#ends.has(this.#cursor)
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
    const starts = this.#starts
    const ends = this.#ends
    order.sort((a, b) => times[a] - times[b] || a - b)
    this.#times = Float64Array.from(order, (index) => times[index])
    this.#values = Float64Array.from(order, (index) => values[index])
    if (starts !== undefined) this.#starts = Float64Array.from(order, (index) => starts[index])
    if (ends.size > 0) this.#ends = new Set([...order.keys()].filter((place) => ends.has(order[place])))
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
