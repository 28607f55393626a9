import { labelsPerSeriesMax } from '../../core/model/limits.ts'
import { formatBucketBound } from '../../core/sli/bucket-bound.ts'
import { type ClassicBucket, readHistogramMetric } from './exposition-protobuf-histogram.ts'
import { MetricKey } from './exposition-protobuf-key.ts'
import {
  type Family,
  type MetricVisitor,
  metricType,
  type PageExemplar,
  put,
  readExemplar,
  readTime,
  within,
} from './exposition-protobuf-parts.ts'
import { type ProtobufReader, wireType } from './protobuf.ts'
import type { ScratchBuffer } from './scratch-buffer.ts'

/** The value of a counter, gauge or untyped metric. */
interface PlainValue {
  readonly value: number
  readonly createdMs: number
  readonly exemplar: PageExemplar | undefined
}

/** Numbers of the fields of `Metric`. */
const metricField = { label: 1, gauge: 2, counter: 3, summary: 4, untyped: 5, timestampMs: 6, histogram: 7 } as const

/** Reads one metric of a family: the labels first, wherever they stand, then its values. */
export function readMetric(reader: ProtobufReader, family: Family, keys: ScratchBuffer, visitor: MetricVisitor): void {
  const start = reader.position
  const key = new MetricKey(family.name, keys)
  let timeMs = Number.NaN
  while (reader.next()) {
    if (reader.field === metricField.label) within(reader, () => readLabel(reader, key))
    else if (reader.field === metricField.timestampMs && reader.is(metricField.timestampMs, wireType.varint)) {
      timeMs = reader.int64()
    } else reader.skip()
  }
  if (reader.fault !== undefined) return
  if (key.labels > labelsPerSeriesMax) {
    visitor.problem({ reason: 'too_many_labels', detail: `more than ${labelsPerSeriesMax} labels (${family.name})` })
    return
  }
  reader.position = start
  while (reader.next()) {
    const wanted = valueFields.get(family.type)?.includes(reader.field) === true
    if (wanted) within(reader, () => readValue(reader, family, key, timeMs, visitor))
    else reader.skip()
  }
}

/** In which field the values of each type stand; a gauge histogram may stand where a histogram does. */
const valueFields: ReadonlyMap<number, readonly number[]> = new Map([
  [metricType.counter, [metricField.counter]],
  [metricType.gauge, [metricField.gauge]],
  [metricType.untyped, [metricField.untyped]],
  [metricType.summary, [metricField.summary]],
  [metricType.histogram, [metricField.histogram]],
  [metricType.gaugeHistogram, [metricField.histogram]],
])

function readValue(
  reader: ProtobufReader,
  family: Family,
  key: MetricKey,
  timeMs: number,
  visitor: MetricVisitor,
): void {
  if (family.type === metricType.summary) readSummary(reader, key, timeMs, visitor)
  else if (family.type === metricType.histogram || family.type === metricType.gaugeHistogram) {
    const isGauge = family.type === metricType.gaugeHistogram
    readHistogramMetric(reader, { key, timeMs, isGauge }, visitor)
  } else {
    const plain = readPlain(reader)
    if (reader.fault !== undefined) return
    const { value, createdMs, exemplar } = plain
    put(visitor, key, '', '', '', timeMs, value, createdMs)
    if (exemplar !== undefined) visitor.exemplar(exemplar)
  }
}

function readPlain(reader: ProtobufReader): PlainValue {
  let value = 0
  let createdMs = Number.NaN
  let exemplar: PageExemplar | undefined
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.fixed64)) value = reader.double()
    else if (reader.field === 2) exemplar = within(reader, () => readExemplar(reader))
    else if (reader.field === 3) createdMs = within(reader, () => readTime(reader)) ?? Number.NaN
    else reader.skip()
  }
  return { value, createdMs, exemplar }
}

function readSummary(reader: ProtobufReader, key: MetricKey, timeMs: number, visitor: MetricVisitor): void {
  let count = 0
  let sum = 0
  let createdMs = Number.NaN
  const quantiles: ClassicBucket[] = []
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.varint)) count = reader.varint()
    else if (reader.field === 2 && reader.is(2, wireType.fixed64)) sum = reader.double()
    else if (reader.field === 3) {
      const quantile = within(reader, () => readQuantile(reader))
      if (quantile !== undefined) quantiles.push(quantile)
    } else if (reader.field === 4) createdMs = within(reader, () => readTime(reader)) ?? Number.NaN
    else reader.skip()
  }
  if (reader.fault !== undefined) return
  for (const { bound, value } of quantiles) put(visitor, key, '', 'quantile', bound, timeMs, value, Number.NaN)
  put(visitor, key, '_sum', '', '', timeMs, sum, createdMs)
  put(visitor, key, '_count', '', '', timeMs, count, createdMs)
}

function readQuantile(reader: ProtobufReader): ClassicBucket {
  let bound = 0
  let value = 0
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.fixed64)) bound = reader.double()
    else if (reader.field === 2 && reader.is(2, wireType.fixed64)) value = reader.double()
    else reader.skip()
  }
  return { bound: formatBucketBound(bound), value }
}

function readLabel(reader: ProtobufReader, key: MetricKey): void {
  let name: Uint8Array = empty
  let value: Uint8Array = empty
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.bytes)) name = reader.content()
    else if (reader.field === 2 && reader.is(2, wireType.bytes)) value = reader.content()
    else reader.skip()
  }
  key.addLabel(name, value)
}

const empty = new Uint8Array(0)
