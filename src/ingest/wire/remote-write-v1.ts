import { type ExemplarIds, noIds, takeId } from './exemplar-ids.ts'
import { ProtobufReader, wireType } from './protobuf.ts'
import { exemplarFields, labelFields, requestFields, seriesFields } from './remote-write-fields.ts'
import { readHistogram } from './remote-write-histogram.ts'
import { readSample } from './remote-write-points.ts'
import type { RemoteWriteVisitor } from './remote-write-visitor.ts'

const labelTag = (seriesFields.labels << 3) | wireType.bytes

/**
 * Walks over an uncompressed prometheus.WriteRequest. Answers what is wrong with the bytes, if anything; series that
 * stand complete before the fault have been visited by then. Metadata is passed over.
 */
export function readWriteRequest(bytes: Uint8Array, visitor: RemoteWriteVisitor): string | undefined {
  const reader = new ProtobufReader(bytes, 0, bytes.length)
  while (reader.position < reader.end) readRequestField(reader, visitor)
  return reader.fault
}

/** Reads the one field of a write request that the reader stands before. */
export function readRequestField(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
  if (!reader.next()) return
  if (!reader.is(requestFields.series, wireType.bytes)) {
    reader.skip()
    return
  }
  const requestEnd = reader.end
  reader.end = reader.bytesEnd()
  readSeries(reader, visitor)
  reader.end = requestEnd
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
    if (reader.field === seriesFields.labels) return true
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
    const isLabel = reader.is(seriesFields.labels, wireType.bytes)
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
    const { field } = reader
    if (field !== seriesFields.samples && field !== seriesFields.histograms && field !== seriesFields.exemplars) {
      reader.skip()
      continue
    }
    if (!reader.is(field, wireType.bytes)) return
    const seriesEnd = reader.end
    reader.end = reader.bytesEnd()
    if (field === seriesFields.samples) readSample(reader, visitor, Number.NaN)
    else if (field === seriesFields.histograms) visitHistogram(reader, visitor, Number.NaN)
    else readExemplar(reader, visitor)
    reader.end = seriesEnd
  }
}

/** Reads the histogram message that the reader stands in; `createdMs` is when its series began, or NaN. */
export function visitHistogram(reader: ProtobufReader, visitor: RemoteWriteVisitor, createdMs: number): void {
  const read = readHistogram(reader, createdMs)
  if (reader.fault !== undefined) return
  if ('reason' in read) visitor.histogramRefused(read)
  else visitor.histogram(read)
}

function readExemplar(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
  const ids = noIds()
  let value = 0
  let atMs = 0
  while (reader.next()) {
    if (reader.is(exemplarFields.labels, wireType.bytes)) readExemplarLabel(reader, ids)
    else if (reader.is(exemplarFields.value, wireType.fixed64)) value = reader.double()
    else if (reader.is(exemplarFields.time, wireType.varint)) atMs = reader.int64()
    else reader.skip()
  }
  if (reader.fault === undefined) visitor.exemplar({ atMs, value, ...ids })
}

function readExemplarLabel(reader: ProtobufReader, ids: ExemplarIds): void {
  const exemplarEnd = reader.end
  reader.end = reader.bytesEnd()
  let name = ''
  let value = ''
  while (reader.next()) {
    if (reader.is(labelFields.name, wireType.bytes)) name = reader.text()
    else if (reader.is(labelFields.value, wireType.bytes)) value = reader.text()
    else reader.skip()
  }
  reader.end = exemplarEnd
  takeId(ids, name, value)
}
