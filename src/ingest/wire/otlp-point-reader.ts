import { canonicalPoint } from './otlp-canonical.ts'
import {
  type ExponentialPoint,
  exponentialPoint,
  type HistogramPoint,
  histogramPoint,
  type NumberPoint,
  numberPoint,
  type PointFrame,
  type Span,
  type SummaryPoint,
  summaryPoint,
} from './otlp-points.ts'
import {
  boundsTag,
  countsTag,
  exponentialTags,
  type FrameTags,
  fourthTag,
  histogramTags,
  intTag,
  leastTag,
  mostTag,
  negativeTag,
  noRecordedValueFlag,
  numberTags,
  positiveTag,
  scaleTag,
  startTag,
  summaryTags,
  sumTag,
  timeTag,
  zeroCountTag,
  zeroThresholdTag,
} from './otlp-tags.ts'
import { isBefore, signedAt, TimeReader, unsignedAt } from './otlp-words.ts'
import { ProtobufReader, wireType } from './protobuf.ts'

/** Takes points as they are read. */
export interface PointVisitor {
  /** Length of the attributes that are expected next, if the bytes from `start` on begin with them; else 0. */
  expected(bytes: Uint8Array, start: number, end: number): number
  number(point: NumberPoint): void
  histogram(point: HistogramPoint): void
  exponential(point: ExponentialPoint): void
  summary(point: SummaryPoint): void
}

/**
 * Reads the points of OTLP metrics. The bytes of a point are walked over once, and what stands in them is noted in an object
 * that is used again for the next. Whatever is wrong sets `fault`, and every read ends then.
 */
export class PointReader {
  readonly #visitor: PointVisitor
  readonly #number = numberPoint()
  readonly #histogram = histogramPoint()
  readonly #exponential = exponentialPoint()
  readonly #summary = summaryPoint()
  #bytes: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  #reader = new ProtobufReader(this.#bytes, 0, 0)
  #startAt = 0
  #timeAt = 0
  /** The points of a request mostly have the same two times, so that they are computed once. */
  readonly #starts = new TimeReader()
  readonly #times = new TimeReader()
  #contentAt = 0
  /** The point is not written as senders write it, and has to be put in order first. */
  #isScattered = false

  constructor(visitor: PointVisitor) {
    this.#visitor = visitor
  }

  /** What is wrong with the bytes, if anything. */
  get fault(): string | undefined {
    return this.#reader.fault
  }

  /** Points that are read from now on stand in these bytes. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#reader = new ProtobufReader(bytes, 0, 0)
    for (const point of [this.#number, this.#histogram, this.#exponential, this.#summary]) {
      point.bytes = bytes
      point.view = this.#view
    }
  }

  /** Reads one NumberDataPoint. */
  number(start: number, end: number): void {
    const view = this.#view
    const point = this.#number
    this.#open(point, start, end)
    point.hasValue = false
    point.value = 0
    const bytes = this.#bytes
    for (let at = this.#twoTimes(start, end); at < end; ) {
      const tag = bytes[at]
      if ((tag === fourthTag || tag === intTag) && at + 9 <= end) {
        point.value = tag === fourthTag ? view.getFloat64(at + 1, true) : signedAt(view, at + 1)
        point.hasValue = true
        at += 9
      } else if (tag === numberTags.attributes) at = this.#attributes(point, tag, at, end)
      else at = this.#frame(point, numberTags, tag, at, end)
    }
    if (this.#isScattered) this.#inOrder(numberTags, start, end, (from, to) => this.number(from, to))
    else if (this.#close(point)) this.#visitor.number(point)
  }

  /** Reads one HistogramDataPoint. */
  histogram(start: number, end: number): void {
    const view = this.#view
    const point = this.#histogram
    this.#open(point, start, end)
    point.count = 0
    point.sum = Number.NaN
    clear(point.counts)
    clear(point.bounds)
    const bytes = this.#bytes
    for (let at = this.#twoTimes(start, end); at < end; ) {
      const tag = bytes[at]
      if (tag === fourthTag && at + 9 <= end) {
        point.count = unsignedAt(view, at + 1)
        at += 9
      } else if (tag === sumTag && at + 9 <= end) {
        point.sum = view.getFloat64(at + 1, true)
        at += 9
      } else if (tag === countsTag) at = this.#words(point.counts, at, end)
      else if (tag === boundsTag) at = this.#words(point.bounds, at, end)
      else if (tag === histogramTags.attributes) at = this.#attributes(point, tag, at, end)
      else if ((tag === leastTag || tag === mostTag) && at + 9 <= end) at += 9
      else at = this.#frame(point, histogramTags, tag, at, end)
    }
    if (this.#isScattered) this.#inOrder(histogramTags, start, end, (from, to) => this.histogram(from, to))
    else if (this.#close(point)) this.#visitor.histogram(point)
  }

  /** Reads one ExponentialHistogramDataPoint. */
  exponential(start: number, end: number): void {
    const view = this.#view
    const point = this.#exponential
    this.#open(point, start, end)
    point.count = point.scale = point.zeroCount = point.zeroThreshold = 0
    point.sum = Number.NaN
    clear(point.positive)
    clear(point.negative)
    for (let at = start; at < end; ) {
      const tag = this.#bytes[at]
      if (tag === scaleTag) at = this.#scale(point, at, end)
      else if (tag === positiveTag) at = this.#span(point.positive, at, end)
      else if (tag === negativeTag) at = this.#span(point.negative, at, end)
      else if (at + 9 > end) at = this.#frame(point, exponentialTags, tag, at, end)
      else if (tag === fourthTag || tag === sumTag || tag === zeroCountTag || tag === zeroThresholdTag) {
        if (tag === fourthTag) point.count = unsignedAt(view, at + 1)
        else if (tag === sumTag) point.sum = view.getFloat64(at + 1, true)
        else if (tag === zeroCountTag) point.zeroCount = unsignedAt(view, at + 1)
        else point.zeroThreshold = view.getFloat64(at + 1, true)
        at += 9
      } else at = this.#frame(point, exponentialTags, tag, at, end)
    }
    if (this.#isScattered) this.#inOrder(exponentialTags, start, end, (from, to) => this.exponential(from, to))
    else if (this.#close(point)) this.#visitor.exponential(point)
  }

  /** Reads one SummaryDataPoint; its quantiles are left for whoever wants them. */
  summary(start: number, end: number): void {
    const view = this.#view
    const point = this.#summary
    this.#open(point, start, end)
    point.count = 0
    point.sum = 0
    for (let at = start; at < end; ) {
      const tag = this.#bytes[at]
      if ((tag === fourthTag || tag === sumTag) && at + 9 <= end) {
        if (tag === fourthTag) point.count = unsignedAt(view, at + 1)
        else point.sum = view.getFloat64(at + 1, true)
        at += 9
      } else at = this.#frame(point, summaryTags, tag, at, end)
    }
    if (this.#isScattered) this.#inOrder(summaryTags, start, end, (from, to) => this.summary(from, to))
    else if (this.#close(point)) this.#visitor.summary(point)
  }

  #open(point: PointFrame, start: number, end: number): void {
    point.whole.start = start
    point.whole.end = end
    clear(point.attributes)
    point.isExpected = point.noRecordedValue = point.hasExemplars = false
    this.#startAt = this.#timeAt = 0
    this.#isScattered = false
  }

  /** Reads the times noted, now that the point is known to be whole; false when it is not. */
  #close(point: PointFrame): boolean {
    if (this.#reader.fault !== undefined) return false
    const view = this.#view
    const startAt = this.#startAt
    const timeAt = this.#timeAt
    point.startMs = startAt === 0 ? 0 : this.#starts.read(view, startAt)
    point.timeMs = timeAt === 0 ? 0 : this.#times.read(view, timeAt)
    point.isInstant =
      point.startMs > point.timeMs ||
      (point.startMs === point.timeMs && startAt !== 0 && timeAt !== 0 && !isBefore(view, startAt, timeAt))
    return true
  }

  /** Most points begin with their two times; answers where the rest is. */
  #twoTimes(start: number, end: number): number {
    if (start + 18 > end || this.#bytes[start] !== startTag || this.#bytes[start + 9] !== timeTag) return start
    this.#startAt = start + 1
    this.#timeAt = start + 10
    return start + 18
  }

  /** Reads a field that all kinds of points have, or passes over one that nobody asked for; answers where the next is. */
  #frame(point: PointFrame, tags: FrameTags, tag: number, at: number, end: number): number {
    if (tag === timeTag || tag === startTag) {
      if (at + 9 > end) return this.#fail(at, end, 'a time runs past the end')
      if (tag === timeTag) this.#timeAt = at + 1
      else this.#startAt = at + 1
      return at + 9
    }
    if (tag === tags.attributes) return this.#attributes(point, tag, at, end)
    const reader = this.#reader
    reader.position = at
    reader.end = end
    if (!reader.next()) return end
    if (tag === tags.flags) point.noRecordedValue = (reader.varint() & noRecordedValueFlag) !== 0
    else {
      if (tag === tags.exemplars) point.hasExemplars = true
      else if (tags.packed.includes(reader.field) && reader.type === wireType.fixed64) this.#isScattered = true
      else if (reader.field === tags.attributesField) return this.#fail(at, end, 'attributes of another wire type')
      reader.skip()
    }
    return reader.position
  }

  /** Attributes stand in one run; where they do not, they are no key. */
  #attributes(point: PointFrame, tag: number, start: number, end: number): number {
    const bytes = this.#bytes
    const { attributes } = point
    if (attributes.end > attributes.start) this.#isScattered = true
    attributes.start = start
    const expected = this.#visitor.expected(bytes, start, end)
    let at = start + expected
    while (at < end && bytes[at] === tag) at = this.#contentEnd(at, end)
    attributes.end = at
    point.isExpected = expected > 0 && at === start + expected
    return at
  }

  #words(into: Span, at: number, end: number): number {
    if (into.end > into.start) this.#isScattered = true
    const contentEnd = this.#span(into, at, end)
    if ((into.end - into.start) % 8 !== 0) return this.#fail(at, end, 'packed numbers of another size')
    return contentEnd
  }

  #span(into: Span, at: number, end: number): number {
    const contentEnd = this.#contentEnd(at, end)
    into.start = this.#contentAt
    into.end = contentEnd
    return contentEnd
  }

  /** Where the content of the length-delimited field at a position ends; notes where it starts. */
  #contentEnd(at: number, end: number): number {
    const bytes = this.#bytes
    if (at + 2 < end) {
      const first = bytes[at + 1]
      const second = bytes[at + 2]
      const contentAt = first < 0x80 ? at + 2 : at + 3
      const length = first < 0x80 ? first : (first & 0x7f) | (second << 7)
      if ((first < 0x80 || second < 0x80) && contentAt + length <= end) {
        this.#contentAt = contentAt
        return contentAt + length
      }
    }
    const reader = this.#reader
    reader.position = at + 1
    reader.end = end
    const contentEnd = reader.bytesEnd()
    this.#contentAt = reader.fault === undefined ? reader.position : contentEnd
    return contentEnd
  }

  #scale(point: ExponentialPoint, at: number, end: number): number {
    const reader = this.#reader
    reader.position = at + 1
    reader.end = end
    const coded = reader.varint()
    point.scale = coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
    return reader.position
  }

  /** Protobuf allows more ways to write a point than senders use: such a one is read from an orderly copy. */
  #inOrder(tags: FrameTags, start: number, end: number, read: (start: number, end: number) => void): void {
    if (this.#reader.fault !== undefined) return
    const bytes = this.#bytes
    const copy = canonicalPoint(bytes, start, end, tags.attributesField, tags.packed)
    if (typeof copy === 'string') {
      this.#fail(start, end, copy)
      return
    }
    this.begin(copy)
    read(0, copy.length)
    const { fault } = this.#reader
    this.begin(bytes)
    if (fault !== undefined) this.#reader.fail(fault)
  }

  #fail(at: number, end: number, reason: string): number {
    this.#reader.position = at
    this.#reader.fail(reason)
    return end
  }
}

function clear(span: Span): void {
  span.start = 0
  span.end = 0
}
