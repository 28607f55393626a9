import { histogramBucketsMax } from '../../core/model/limits.ts'
import type { NativeBuckets } from '../../core/sli/native-histogram.ts'
import type { Exemplar } from '../../ports/sample-sink.ts'
import { otlpFields } from './otlp-fields.ts'
import { type Span, wordsIn } from './otlp-points.ts'
import { millisAt, signedAt } from './otlp-words.ts'
import { ProtobufReader, wireType } from './protobuf.ts'

/** What only wanted points are looked at for, once they have been read without fault. */

/** The buckets of one sign; OpenTelemetry numbers them one lower than we do. Undefined when they are too many or broken. */
export function readBuckets(bytes: Uint8Array, { start, end }: Span): NativeBuckets | undefined {
  const reader = new ProtobufReader(bytes, start, end)
  const counts: number[] = []
  let offset = 0
  while (reader.next() && counts.length <= histogramBucketsMax) {
    if (reader.is(otlpFields.buckets.offset, wireType.varint)) offset = unzigzag(reader.varint())
    else if (reader.field !== otlpFields.buckets.counts) reader.skip()
    else if (reader.type === wireType.varint) counts.push(reader.varint())
    else if (reader.is(otlpFields.buckets.counts, wireType.bytes)) {
      const packedEnd = reader.bytesEnd()
      const outerEnd = reader.end
      reader.end = packedEnd
      while (reader.position < packedEnd && counts.length <= histogramBucketsMax) counts.push(reader.varint())
      if (reader.fault === undefined) reader.end = outerEnd
    }
  }
  if (reader.fault !== undefined || counts.length > histogramBucketsMax) return undefined
  return { offset: offset + 1, counts }
}

/** Doubles of eight bytes each. */
export function readDoubles(bytes: Uint8Array, span: Span): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: wordsIn(span) }, (_, index) => view.getFloat64(span.start + index * 8, true))
}

/** The quantiles of a summary point with their values. */
export function readQuantiles(bytes: Uint8Array, { start, end }: Span): { quantile: number; value: number }[] | string {
  const reader = new ProtobufReader(bytes, start, end)
  const quantiles: { quantile: number; value: number }[] = []
  while (reader.next()) {
    if (!reader.is(otlpFields.summary.quantiles, wireType.bytes)) {
      reader.skip()
      continue
    }
    const outerEnd = reader.end
    reader.end = reader.bytesEnd()
    const read = { quantile: 0, value: 0 }
    while (reader.next()) {
      if (reader.is(otlpFields.quantile.quantile, wireType.fixed64)) read.quantile = reader.double()
      else if (reader.is(otlpFields.quantile.value, wireType.fixed64)) read.value = reader.double()
      else reader.skip()
    }
    quantiles.push(read)
    if (reader.fault === undefined) reader.end = outerEnd
  }
  return reader.fault ?? quantiles
}

/** The first examples in one field of a point; those that are broken are left out. */
export function readExemplars(bytes: Uint8Array, { start, end }: Span, field: number, most: number): Exemplar[] {
  const reader = new ProtobufReader(bytes, start, end)
  const exemplars: Exemplar[] = []
  while (exemplars.length < most && reader.next()) {
    if (!reader.is(field, wireType.bytes)) {
      reader.skip()
      continue
    }
    const outerEnd = reader.end
    reader.end = reader.bytesEnd()
    const exemplar = readExemplar(reader)
    if (reader.fault !== undefined) break
    exemplars.push(exemplar)
    reader.end = outerEnd
  }
  return exemplars
}

function readExemplar(reader: ProtobufReader): Exemplar {
  const { timeNano, double, int, spanId, traceId } = otlpFields.exemplar
  const view = new DataView(reader.bytes.buffer, reader.bytes.byteOffset, reader.bytes.byteLength)
  let read: Exemplar = { atMs: 0, value: 0, traceId: undefined, spanId: undefined }
  while (reader.next()) {
    const at = reader.position
    if (reader.field === traceId || reader.field === spanId) {
      const id = takeId(reader)
      read = reader.field === traceId ? { ...read, traceId: id } : { ...read, spanId: id }
      continue
    }
    reader.skip()
    if (reader.fault !== undefined) break
    if (reader.is(timeNano, wireType.fixed64)) read = { ...read, atMs: millisAt(view, at) }
    else if (reader.is(double, wireType.fixed64)) read = { ...read, value: view.getFloat64(at, true) }
    else if (reader.is(int, wireType.fixed64)) read = { ...read, value: signedAt(view, at) }
  }
  return read
}

/** Ids are shown in hexadecimal; an empty one is none. */
function takeId(reader: ProtobufReader): string | undefined {
  const end = reader.bytesEnd()
  const id = Buffer.from(reader.bytes.subarray(reader.position, end)).toString('hex')
  reader.position = end
  return id === '' ? undefined : id
}

function unzigzag(coded: number): number {
  return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
}
