import type { Exemplar } from '../../ports/sample-sink.ts'
import { type ExemplarIds, noIds, takeId } from './exemplar-ids.ts'
import type { MetricKey } from './exposition-protobuf-key.ts'
import { type ProtobufReader, wireType } from './protobuf.ts'
import type { HistogramSample, Refusal } from './series-visitor.ts'

/** Takes what a protobuf page holds; keys are those of the text format. */
export interface MetricVisitor {
  series(bytes: Uint8Array, start: number, end: number): Refusal | undefined
  sample(timeMs: number, value: number, stale: boolean, startMs?: number): void
  histogram(sample: HistogramSample): void
  histogramRefused(refusal: Refusal): void
  exemplar(exemplar: Exemplar): void
  problem(refusal: Refusal): void
}

/** What a metric belongs to. */
export interface Family {
  readonly name: string
  readonly type: number
}

/** `MetricType` of io.prometheus.client. */
export const metricType = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4, gaugeHistogram: 5 } as const

/** An example as a page gives it; NaN where it has no time. */
export interface PageExemplar {
  readonly atMs: number
  readonly value: number
  readonly traceId: string | undefined
  readonly spanId: string | undefined
}

/** Reads the message that the reader stands at, and goes on behind it. */
export function within<T>(reader: ProtobufReader, read: () => T): T | undefined {
  if (!reader.is(reader.field, wireType.bytes)) return undefined
  const outerEnd = reader.end
  const end = reader.bytesEnd()
  reader.end = end
  const result = read()
  reader.end = reader.fault === undefined ? outerEnd : reader.position
  return result
}

/** Reads an example; its labels are few and lead to a trace. */
export function readExemplar(reader: ProtobufReader): PageExemplar {
  const ids = noIds()
  let value = 0
  let atMs = Number.NaN
  while (reader.next()) {
    if (reader.field === 1) within(reader, () => readId(reader, ids))
    else if (reader.field === 2 && reader.is(2, wireType.fixed64)) value = reader.double()
    else if (reader.field === 3) atMs = within(reader, () => readTime(reader)) ?? Number.NaN
    else reader.skip()
  }
  return { atMs, value, ...ids }
}

function readId(reader: ProtobufReader, ids: ExemplarIds): void {
  let name = ''
  let value = ''
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.bytes)) name = reader.text()
    else if (reader.field === 2 && reader.is(2, wireType.bytes)) value = reader.text()
    else reader.skip()
  }
  takeId(ids, name, value)
}

/** Reads a `google.protobuf.Timestamp` as milliseconds. */
export function readTime(reader: ProtobufReader): number {
  let seconds = 0
  let nanos = 0
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.varint)) seconds = reader.int64()
    else if (reader.field === 2 && reader.is(2, wireType.varint)) nanos = reader.int64()
    else reader.skip()
  }
  return seconds * 1_000 + Math.round(nanos / 1e6)
}

/** Names the series of a metric and hands its sample over. */
export function put(
  visitor: MetricVisitor,
  key: MetricKey,
  suffix: string,
  label: string,
  labelValue: string,
  timeMs: number,
  value: number,
  startMs: number,
): boolean {
  const bytes = key.of(suffix, label, labelValue)
  const refusal = visitor.series(bytes, 0, key.length)
  if (refusal !== undefined) {
    visitor.problem(refusal)
    return false
  }
  visitor.sample(timeMs, value, false, startMs)
  return true
}
