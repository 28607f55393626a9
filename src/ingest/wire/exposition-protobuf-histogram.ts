import { histogramBucketsMax } from '../../core/model/limits.ts'
import { formatBucketBound } from '../../core/sli/bucket-bound.ts'
import type { MetricKey } from './exposition-protobuf-key.ts'
import {
  type MetricVisitor,
  type PageExemplar,
  put,
  readExemplar,
  readTime,
  within,
} from './exposition-protobuf-parts.ts'
import { type ProtobufReader, wireType } from './protobuf.ts'
import { bucketsOf, readSpan, type Side } from './remote-write-histogram.ts'

/** A bucket as text and what it counts; of a summary a quantile and its value. */
export interface ClassicBucket {
  readonly bound: string
  readonly value: number
  readonly exemplar?: PageExemplar | undefined
}

/** The series that a histogram belongs to. */
interface Place {
  readonly key: MetricKey
  readonly timeMs: number
  /** Its counts fall as well as rise: they are no events. */
  readonly isGauge: boolean
}

interface Draft {
  count: number
  sum: number
  createdMs: number
  schema: number
  zeroThreshold: number
  zeroCount: number
  isNative: boolean
  readonly buckets: ClassicBucket[]
  readonly positive: Side
  readonly negative: Side
  readonly exemplars: PageExemplar[]
}

/**
 * Reads a histogram and hands over its classic buckets, then the native ones where it has them. Where both count up to the
 * same bound the classic count is exact and comes first; the other is a duplicate then.
 */
export function readHistogramMetric(reader: ProtobufReader, place: Place, visitor: MetricVisitor): void {
  const draft = readDraft(reader)
  if (reader.fault !== undefined) return
  const { key, timeMs, isGauge } = place
  const { count, sum, buckets, createdMs, isNative } = draft
  const startMs = isGauge ? Number.NaN : createdMs
  const [sumSuffix, countSuffix] = isGauge ? ['_gsum', '_gcount'] : ['_sum', '_count']
  if (buckets.length > 0 || !isNative) {
    put(visitor, key, countSuffix, '', '', timeMs, count, startMs)
    put(visitor, key, sumSuffix, '', '', timeMs, sum, startMs)
    for (const { bound, value, exemplar } of buckets) {
      const taken = put(visitor, key, '_bucket', 'le', bound, timeMs, value, startMs)
      if (taken && exemplar !== undefined) visitor.exemplar(exemplar)
    }
    if (!buckets.some(({ bound }) => bound === '+Inf')) {
      put(visitor, key, '_bucket', 'le', '+Inf', timeMs, count, startMs)
    }
  }
  if (isNative) putNative(draft, place, visitor)
}

function putNative(draft: Draft, { key, timeMs, isGauge }: Place, visitor: MetricVisitor): void {
  const refusal = visitor.series(key.of('', '', ''), 0, key.length)
  if (refusal !== undefined) return visitor.problem(refusal)
  if (isGauge) {
    return visitor.histogramRefused({ reason: 'gauge_histogram', detail: 'a gauge histogram, which counts no events' })
  }
  const positive = bucketsOf(draft.positive)
  const negative = bucketsOf(draft.negative)
  const { schema, count, sum, zeroThreshold, zeroCount } = draft
  if (positive === undefined || negative === undefined || schema < -4 || schema > 8) {
    const detail = `a native histogram of more than ${histogramBucketsMax} buckets, or not as many as said`
    return visitor.histogramRefused({ reason: 'malformed', detail })
  }
  const histogram = { schema, count, sum, zeroThreshold, zeroCount, positive, negative }
  visitor.histogram({ timeMs, startMs: draft.createdMs, stale: false, histogram })
  for (const exemplar of draft.exemplars) visitor.exemplar(exemplar)
}

/** Numbers of the fields of `Histogram`. */
const field = {
  count: 1,
  sum: 2,
  bucket: 3,
  countFloat: 4,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  zeroCountFloat: 8,
  negativeSpan: 9,
  negativeDelta: 10,
  negativeCount: 11,
  positiveSpan: 12,
  positiveDelta: 13,
  positiveCount: 14,
  created: 15,
  exemplars: 16,
} as const

function readDraft(reader: ProtobufReader): Draft {
  const draft: Draft = {
    count: 0,
    sum: 0,
    createdMs: Number.NaN,
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    isNative: false,
    buckets: [],
    positive: { spans: [], deltas: [], counts: [] },
    negative: { spans: [], deltas: [], counts: [] },
    exemplars: [],
  }
  while (reader.next()) if (!readScalar(reader, draft)) readRepeated(reader, draft)
  return draft
}

/** Reads a field that stands once; false when it is none. */
function readScalar(reader: ProtobufReader, draft: Draft): boolean {
  switch (reader.field) {
    case field.count:
      draft.count = reader.is(field.count, wireType.varint) ? reader.varint() : 0
      return true
    case field.countFloat: {
      const count = reader.is(field.countFloat, wireType.fixed64) ? reader.double() : 0
      if (count > 0) draft.count = count
      return true
    }
    case field.sum:
      draft.sum = reader.is(field.sum, wireType.fixed64) ? reader.double() : 0
      return true
    case field.schema:
      draft.schema = reader.is(field.schema, wireType.varint) ? reader.zigzag() : 0
      return true
    case field.zeroThreshold:
      draft.zeroThreshold = reader.is(field.zeroThreshold, wireType.fixed64) ? reader.double() : 0
      // What tells a native histogram that has seen nothing yet: it has a threshold, or an empty span.
      if (draft.zeroThreshold > 0) draft.isNative = true
      return true
    case field.zeroCount:
      draft.zeroCount = reader.is(field.zeroCount, wireType.varint) ? reader.varint() : 0
      if (draft.zeroCount > 0) draft.isNative = true
      return true
    case field.zeroCountFloat: {
      const zeroCount = reader.is(field.zeroCountFloat, wireType.fixed64) ? reader.double() : 0
      if (zeroCount > 0) draft.zeroCount = zeroCount
      if (zeroCount > 0) draft.isNative = true
      return true
    }
    case field.created:
      draft.createdMs = within(reader, () => readTime(reader)) ?? Number.NaN
      return true
    default:
      return false
  }
}

function readRepeated(reader: ProtobufReader, draft: Draft): void {
  const { positive, negative, buckets, exemplars } = draft
  switch (reader.field) {
    case field.bucket: {
      const bucket = within(reader, () => readBucket(reader))
      if (bucket !== undefined) buckets.push(bucket)
      if (buckets.length > histogramBucketsMax) reader.fail(`more than ${histogramBucketsMax} buckets`)
      return
    }
    case field.positiveSpan:
      draft.isNative = true
      return readSpan(reader, positive)
    case field.negativeSpan:
      draft.isNative = true
      return readSpan(reader, negative)
    case field.positiveDelta:
      return reader.repeated(wireType.varint, histogramBucketsMax, () => positive.deltas.push(reader.zigzag()))
    case field.negativeDelta:
      return reader.repeated(wireType.varint, histogramBucketsMax, () => negative.deltas.push(reader.zigzag()))
    case field.positiveCount:
      return reader.repeated(wireType.fixed64, histogramBucketsMax, () => positive.counts.push(reader.double()))
    case field.negativeCount:
      return reader.repeated(wireType.fixed64, histogramBucketsMax, () => negative.counts.push(reader.double()))
    case field.exemplars: {
      const exemplar = within(reader, () => readExemplar(reader))
      if (exemplar !== undefined && exemplars.length < histogramBucketsMax) exemplars.push(exemplar)
      return
    }
    default:
      reader.skip()
  }
}

function readBucket(reader: ProtobufReader): ClassicBucket {
  let value = 0
  let bound = 0
  let exemplar: PageExemplar | undefined
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.varint)) value = reader.varint()
    else if (reader.field === 4 && reader.is(4, wireType.fixed64)) value = reader.double() || value
    else if (reader.field === 2 && reader.is(2, wireType.fixed64)) bound = reader.double()
    else if (reader.field === 3) exemplar = within(reader, () => readExemplar(reader))
    else reader.skip()
  }
  return { bound: formatBucketBound(bound), value, exemplar }
}
