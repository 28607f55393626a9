import { joined, withoutFields } from './otlp-canonical.ts'
import { type MetricKind, otlpFields } from './otlp-fields.ts'
import { PointReader, type PointVisitor } from './otlp-point-reader.ts'
import { ProtobufReader, wireType } from './protobuf.ts'

/** Takes what an export request holds, from the outside in. */
export interface MetricsVisitor extends PointVisitor {
  /** What follows is of the resource with these bytes; none where it is not told. */
  resource(bytes: Uint8Array, start: number, end: number): void
  /** What follows is of the instrumentation scope with these bytes; none where it is not told. */
  scope(bytes: Uint8Array, start: number, end: number): void
  /** The points that follow are of the metric with this name, description and unit. */
  metric(kind: MetricKind, bytes: Uint8Array, start: number, end: number): void
}

/**
 * Walks over an ExportMetricsServiceRequest. A reader is used for one request after the other; messages whose parts come in
 * another order than senders write them are understood too, at the price of a copy.
 */
export class MetricsReader {
  readonly #visitor: MetricsVisitor
  readonly #points: PointReader

  constructor(visitor: MetricsVisitor) {
    this.#visitor = visitor
    this.#points = new PointReader(visitor)
  }

  /** Answers what is wrong with the bytes, if anything; points that stand complete before the fault were visited by then. */
  read(bytes: Uint8Array): string | undefined {
    const reader = new ProtobufReader(bytes, 0, bytes.length)
    this.#points.begin(bytes)
    const { request, resourceMetrics, scopeMetrics } = otlpFields
    eachMessage(reader, request.resourceMetrics, () => {
      const visitResource = (from: Uint8Array, start: number, end: number) => this.#visitor.resource(from, start, end)
      visitHead(reader, resourceMetrics.resource, visitResource)
      eachMessage(reader, resourceMetrics.scopeMetrics, () => {
        const visitScope = (from: Uint8Array, start: number, end: number) => this.#visitor.scope(from, start, end)
        visitHead(reader, scopeMetrics.scope, visitScope)
        eachMessage(reader, scopeMetrics.metrics, () => this.#metric(reader))
      })
    })
    return reader.fault
  }

  /** Reads the metric that the reader stands in: its head, then what kind it is, then its points. */
  #metric(reader: ProtobufReader): void {
    const { bytes, position: start, end } = reader
    let headEnd = -1
    let isHeadWhole = true
    let dataField = 0
    let dataStart = 0
    let dataEnd = 0
    for (let fieldAt = start; reader.next(); fieldAt = reader.position) {
      if (!dataFields.includes(reader.field)) {
        if (headEnd >= 0 && reader.field <= otlpFields.metric.unit) isHeadWhole = false
        reader.skip()
        continue
      }
      if (!reader.is(reader.field, wireType.bytes)) return
      if (headEnd >= 0) {
        reader.fail('a metric with data twice')
        return
      }
      headEnd = fieldAt
      dataField = reader.field
      dataEnd = reader.bytesEnd()
      dataStart = reader.position
      reader.position = dataEnd
    }
    if (reader.fault !== undefined || headEnd < 0) return
    reader.position = dataStart
    reader.end = dataEnd
    const kind = readKind(reader, dataField)
    if (reader.fault !== undefined) return
    if (isHeadWhole) this.#visitor.metric(kind, bytes, start, headEnd)
    else {
      const head = withoutFields(bytes, start, end, dataFields)
      this.#visitor.metric(kind, head, 0, head.length)
    }
    reader.position = dataStart
    reader.end = dataEnd
    this.#readPoints(reader, dataField)
  }

  #readPoints(reader: ProtobufReader, dataField: number): void {
    const { bytes } = reader
    const points = this.#points
    while (reader.position < reader.end) {
      const at = reader.position
      if (bytes[at] !== pointTag) {
        if (!reader.next()) return
        if (reader.field === otlpFields.points.dataPoints) {
          reader.fail('points of another wire type')
          return
        }
        reader.skip()
        continue
      }
      const first = at + 2 < reader.end ? bytes[at + 1] : 0x80
      const second = first < 0x80 ? 0 : (bytes[at + 2] ?? 0x80)
      let start = first < 0x80 ? at + 2 : at + 3
      let end = start + ((first & 0x7f) | (second << 7))
      if (second >= 0x80 || end > reader.end) {
        reader.position = at + 1
        end = reader.bytesEnd()
        start = reader.position
        if (reader.fault !== undefined) return
      }
      readPoint(points, dataField, start, end)
      if (points.fault !== undefined) {
        reader.fail(points.fault)
        return
      }
      reader.position = end
    }
  }
}

function readPoint(points: PointReader, dataField: number, start: number, end: number): void {
  const { data } = otlpFields
  if (dataField === data.sum || dataField === data.gauge) points.number(start, end)
  else if (dataField === data.histogram) points.histogram(start, end)
  else if (dataField === data.exponentialHistogram) points.exponential(start, end)
  else points.summary(start, end)
}

const dataFields: readonly number[] = Object.values(otlpFields.data)

/** Calls for each message in a field of the message that a reader stands in, with the reader standing in it. */
function eachMessage(reader: ProtobufReader, field: number, visit: () => void): void {
  const { end } = reader
  while (reader.next()) {
    if (!reader.is(field, wireType.bytes)) {
      reader.skip()
      continue
    }
    const messageEnd = reader.bytesEnd()
    reader.end = messageEnd
    visit()
    if (reader.fault !== undefined) return
    reader.position = messageEnd
    reader.end = end
  }
}

/** Visits the one message that says whose the rest is, wherever it stands; the reader is left where it was. */
function visitHead(
  reader: ProtobufReader,
  field: number,
  visit: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  const { bytes, position } = reader
  let start = position
  let end = position
  let earlier: Uint8Array[] | undefined
  let isFound = false
  while (reader.next()) {
    if (!reader.is(field, wireType.bytes)) {
      reader.skip()
      continue
    }
    if (isFound) (earlier ??= []).push(bytes.subarray(start, end))
    end = reader.bytesEnd()
    start = reader.position
    reader.position = end
    isFound = true
  }
  if (reader.fault !== undefined) return
  reader.position = position
  if (earlier === undefined) visit(bytes, start, end)
  else {
    const whole = joined([...earlier, bytes.subarray(start, end)])
    visit(whole, 0, whole.length)
  }
}

const delta = 1
const cumulative = 2

/** The kind of the data that a reader stands in; what says it comes after the points. */
function readKind(reader: ProtobufReader, dataField: number): MetricKind {
  const { points, data } = otlpFields
  let temporality = 0
  let isMonotonic = false
  reader.position = afterPoints(reader.bytes, reader.position, reader.end)
  while (reader.next()) {
    if (reader.field === points.dataPoints || dataField === data.gauge || dataField === data.summary) reader.skip()
    else if (reader.is(points.temporality, wireType.varint)) temporality = reader.varint()
    else if (dataField === data.sum && reader.is(points.isMonotonic, wireType.varint))
      isMonotonic = reader.varint() !== 0
    else reader.skip()
  }
  if (dataField === data.gauge) return 'gauge'
  if (dataField === data.summary) return 'summary'
  if (dataField === data.sum) return sumKind(temporality, isMonotonic)
  if (dataField === data.histogram) {
    if (temporality === delta) return 'delta-histogram'
    return temporality === cumulative ? 'cumulative-histogram' : 'histogram-without-temporality'
  }
  if (temporality === delta) return 'delta-exponential'
  return temporality === cumulative ? 'cumulative-exponential' : 'exponential-without-temporality'
}

const pointTag = (otlpFields.points.dataPoints << 3) | wireType.bytes

/** Passes over the points that data begins with, as long as they are shorter than 16 KiB, with no more than that in between. */
function afterPoints(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at + 3 <= end && bytes[at] === pointTag) {
    const first = bytes[at + 1]
    const second = first < 0x80 ? 0 : bytes[at + 2]
    if (second >= 0x80) break
    const next = first < 0x80 ? at + 2 + first : at + 3 + (first & 0x7f) + second * 0x80
    if (next > end) break
    at = next
  }
  return at
}

function sumKind(temporality: number, isMonotonic: boolean): MetricKind {
  if (temporality === delta) return isMonotonic ? 'delta-sum' : 'delta-up-down'
  if (temporality !== cumulative) return 'sum-without-temporality'
  return isMonotonic ? 'cumulative-sum' : 'cumulative-up-down'
}
