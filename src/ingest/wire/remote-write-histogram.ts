import { histogramBucketsMax } from '../../core/model/limits.ts'
import type { NativeBuckets } from '../../core/sli/native-histogram.ts'
import { type ProtobufReader, wireType } from './protobuf.ts'
import { customSchema, histogramFields, resetHints, schemaMax, schemaMin } from './remote-write-fields.ts'
import { isStale } from './remote-write-points.ts'
import type { HistogramSample, Refusal } from './series-visitor.ts'

const field = histogramFields

/** Everything a histogram message may hold, as it is read. */
interface Draft {
  count: number
  sum: number
  stale: boolean
  schema: number
  zeroThreshold: number
  zeroCount: number
  readonly positive: Side
  readonly negative: Side
  readonly customBounds: number[]
  resetHint: number
  timeMs: number
  startMs: number
}

/** The buckets of one sign: runs with gaps between them, and either counts or differences of counts. */
export interface Side {
  readonly spans: { readonly offset: number; readonly length: number }[]
  readonly deltas: number[]
  readonly counts: number[]
}

/**
 * Reads the histogram message that the reader stands in. A refusal says why one that is well written cannot be counted;
 * where the bytes themselves are wrong the reader's `fault` is set.
 */
export function readHistogram(reader: ProtobufReader, createdMs: number): HistogramSample | Refusal {
  const draft: Draft = {
    count: 0,
    sum: 0,
    stale: false,
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { spans: [], deltas: [], counts: [] },
    negative: { spans: [], deltas: [], counts: [] },
    customBounds: [],
    resetHint: 0,
    timeMs: 0,
    startMs: 0,
  }
  while (reader.next()) readField(reader, draft)
  return finish(draft, createdMs)
}

function readField(reader: ProtobufReader, draft: Draft): void {
  switch (reader.field) {
    case field.countInt:
      draft.count = typed(reader, wireType.varint) ? reader.varint() : 0
      break
    case field.countFloat:
      draft.count = typed(reader, wireType.fixed64) ? reader.double() : 0
      break
    case field.sum:
      draft.sum = typed(reader, wireType.fixed64) ? reader.double() : 0
      draft.stale = isStale(reader, draft.sum)
      break
    case field.schema:
      draft.schema = typed(reader, wireType.varint) ? reader.zigzag() : 0
      break
    case field.zeroThreshold:
      draft.zeroThreshold = typed(reader, wireType.fixed64) ? reader.double() : 0
      break
    case field.zeroCountInt:
      draft.zeroCount = typed(reader, wireType.varint) ? reader.varint() : 0
      break
    case field.zeroCountFloat:
      draft.zeroCount = typed(reader, wireType.fixed64) ? reader.double() : 0
      break
    case field.resetHint:
      draft.resetHint = typed(reader, wireType.varint) ? reader.varint() : 0
      break
    case field.time:
      draft.timeMs = typed(reader, wireType.varint) ? reader.int64() : 0
      break
    case field.start:
      draft.startMs = typed(reader, wireType.varint) ? reader.int64() : 0
      break
    default:
      readRepeated(reader, draft)
  }
}

function readRepeated(reader: ProtobufReader, { positive, negative, customBounds }: Draft): void {
  switch (reader.field) {
    case field.positiveSpans:
      return readSpan(reader, positive)
    case field.negativeSpans:
      return readSpan(reader, negative)
    case field.positiveDeltas:
      return reader.repeated(wireType.varint, histogramBucketsMax, () => positive.deltas.push(reader.zigzag()))
    case field.negativeDeltas:
      return reader.repeated(wireType.varint, histogramBucketsMax, () => negative.deltas.push(reader.zigzag()))
    case field.positiveCounts:
      return reader.repeated(wireType.fixed64, histogramBucketsMax, () => positive.counts.push(reader.double()))
    case field.negativeCounts:
      return reader.repeated(wireType.fixed64, histogramBucketsMax, () => negative.counts.push(reader.double()))
    case field.customBounds:
      return reader.repeated(wireType.fixed64, histogramBucketsMax, () => customBounds.push(reader.double()))
    default:
      reader.skip()
  }
}

function typed(reader: ProtobufReader, type: number): boolean {
  return reader.is(reader.field, type)
}

/** Reads the run of buckets that the reader stands at. */
export function readSpan(reader: ProtobufReader, { spans }: Side): void {
  if (!typed(reader, wireType.bytes)) return
  const histogramEnd = reader.end
  reader.end = reader.bytesEnd()
  let offset = 0
  let length = 0
  while (reader.next()) {
    if (reader.is(1, wireType.varint)) offset = reader.zigzag()
    else if (reader.is(2, wireType.varint)) length = reader.varint()
    else reader.skip()
  }
  reader.end = histogramEnd
  spans.push({ offset, length })
  if (spans.length > histogramBucketsMax) reader.fail(`more than ${histogramBucketsMax} spans`)
}

function finish(draft: Draft, createdMs: number): HistogramSample | Refusal {
  const { schema, timeMs, stale, count, sum, zeroThreshold, zeroCount, customBounds } = draft
  const startMs = startOf(draft, createdMs)
  const positive = bucketsOf(draft.positive)
  const negative = bucketsOf(draft.negative)
  if (draft.resetHint === resetHints.gauge && !stale) {
    return { reason: 'gauge_histogram', detail: 'a gauge histogram, which counts no events' }
  }
  if (schema !== customSchema && (schema < schemaMin || schema > schemaMax)) {
    return { reason: 'malformed', detail: `histogram schema ${schema}` }
  }
  if (positive === undefined || negative === undefined) {
    return {
      reason: 'malformed',
      detail: `a histogram of more than ${histogramBucketsMax} buckets, or not as many as said`,
    }
  }
  const plain = { schema, count, sum, zeroThreshold, zeroCount, positive, negative }
  if (schema !== customSchema) return { timeMs, startMs, stale, histogram: plain }
  if (customBounds.some((bound, index) => !(bound > (customBounds[index - 1] ?? Number.NEGATIVE_INFINITY)))) {
    return { reason: 'malformed', detail: 'custom bounds of a histogram that do not rise' }
  }
  return { timeMs, startMs, stale, histogram: { ...plain, customBounds } }
}

/** A sender that knows of a reset but not of when tells by it that all was counted since the sample before. */
function startOf({ startMs, timeMs, resetHint }: Draft, createdMs: number): number {
  if (startMs !== 0) return startMs
  if (!Number.isNaN(createdMs)) return createdMs
  return resetHint === resetHints.yes ? timeMs - 1 : Number.NaN
}

/** Buckets side by side, with zeros in the gaps; undefined when they are too many or the counts do not fit the spans. */
export function bucketsOf({ spans, deltas, counts }: Side): NativeBuckets | undefined {
  const first = spans[0]?.offset ?? 0
  const buckets: number[] = []
  const given = deltas.length > 0 ? deltas : counts
  let used = 0
  let running = 0
  for (const [index, { offset, length }] of spans.entries()) {
    const gap = index === 0 ? 0 : offset
    if (gap < 0 || buckets.length + gap + length > histogramBucketsMax || used + length > given.length) return undefined
    for (let empty = 0; empty < gap; empty++) buckets.push(0)
    for (let place = 0; place < length; place++) {
      const value = given[used++]
      running = deltas.length > 0 ? running + value : value
      buckets.push(running)
    }
  }
  return used === given.length ? { offset: first, counts: buckets } : undefined
}
