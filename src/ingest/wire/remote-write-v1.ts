import { ProtobufReader, wireType } from './protobuf.ts'
import type { SeriesVisitor } from './series-visitor.ts'

/** Takes what a write request holds. */
export interface RemoteWriteVisitor extends SeriesVisitor {
  /** A native histogram sample of the current series. */
  nativeHistogram(): void
}

/** Field numbers of prometheus.WriteRequest, TimeSeries and Sample. */
const requestSeries = 1
const seriesLabels = 1
const seriesSamples = 2
const seriesHistograms = 4
const sampleValue = 1
const sampleTime = 2

const labelTag = (seriesLabels << 3) | wireType.bytes

/** The NaN by which Prometheus marks the end of a series, in two halves. */
const staleHigh = 0x7ff0_0000
const staleLow = 2

/**
 * Walks over an uncompressed prometheus.WriteRequest. Answers what is wrong with the bytes, if anything; series that
 * stand complete before the fault have been visited by then. Exemplars and metadata are passed over.
 */
export function readWriteRequest(bytes: Uint8Array, visitor: RemoteWriteVisitor): string | undefined {
  const reader = new ProtobufReader(bytes, 0, bytes.length)
  while (reader.next()) {
    if (!reader.is(requestSeries, wireType.bytes)) {
      reader.skip()
      continue
    }
    const requestEnd = reader.end
    reader.end = reader.bytesEnd()
    readSeries(reader, visitor)
    reader.end = requestEnd
  }
  return reader.fault
}

/** The key of a series is the run of label fields that its message begins with. */
function readSeries(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
  const { bytes, position: start, end } = reader
  const expected = visitor.expected(bytes, start, end)
  if (expected > 0) reader.position = start + expected
  const pointsAt = skipLabels(reader)
  if (labelsFollow(reader)) {
    readScattered(reader, start, visitor)
    return
  }
  if (reader.fault !== undefined) return
  reader.position = pointsAt
  if (expected > 0 && pointsAt === start + expected) visitor.takeExpected()
  else visitor.series(bytes, start, pointsAt)
  readPoints(reader, visitor)
}

/** Passes over label fields; answers where the first other field starts. */
function skipLabels(reader: ProtobufReader): number {
  const { bytes } = reader
  while (reader.position < reader.end && bytes[reader.position] === labelTag) {
    reader.position++
    reader.position = reader.bytesEnd()
  }
  return reader.position
}

/** Looks through the rest of a series for a label, which no known sender puts there. */
function labelsFollow(reader: ProtobufReader): boolean {
  while (reader.next()) {
    if (reader.field === seriesLabels) return true
    reader.skip()
  }
  return false
}

/** Protobuf allows fields in any order: such a series is read from a copy that has its labels in front. */
function readScattered(reader: ProtobufReader, start: number, visitor: RemoteWriteVisitor): void {
  const copy = new Uint8Array(reader.end - start)
  const labelsEnd = copyFields(reader, start, copy, 0, true)
  const copyEnd = copyFields(reader, start, copy, labelsEnd, false)
  if (reader.fault !== undefined) return
  const copied = new ProtobufReader(copy, 0, copyEnd)
  readSeries(copied, visitor)
  if (copied.fault !== undefined) reader.fail(copied.fault)
}

/** Copies either the labels or everything else; answers where the copy ends. */
function copyFields(reader: ProtobufReader, start: number, copy: Uint8Array, at: number, labels: boolean): number {
  let length = at
  reader.position = start
  for (let fieldAt = start; reader.next(); fieldAt = reader.position) {
    const contentAt = reader.position
    const isLabel = reader.is(seriesLabels, wireType.bytes)
    reader.skip()
    if (isLabel !== labels || reader.fault !== undefined) continue
    if (isLabel) copy[length++] = labelTag
    const content = reader.bytes.subarray(isLabel ? contentAt : fieldAt, reader.position)
    copy.set(content, length)
    length += content.length
  }
  return length
}

function readPoints(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
  while (reader.next()) {
    if (reader.is(seriesSamples, wireType.bytes)) {
      const seriesEnd = reader.end
      reader.end = reader.bytesEnd()
      readSample(reader, visitor)
      reader.end = seriesEnd
    } else {
      if (reader.is(seriesHistograms, wireType.bytes)) visitor.nativeHistogram()
      reader.skip()
    }
  }
}

/** A field that is absent is 0. */
function readSample(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
  let value = 0
  let timeMs = 0
  let stale = false
  while (reader.next()) {
    if (reader.is(sampleValue, wireType.fixed64)) {
      value = reader.double()
      stale = Number.isNaN(value) && reader.wasDouble(staleHigh, staleLow)
    } else if (reader.is(sampleTime, wireType.varint)) timeMs = reader.int64()
    else reader.skip()
  }
  if (reader.fault === undefined) visitor.sample(timeMs, value, stale)
}
