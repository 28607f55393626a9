import protobuf from 'protobufjs'
import snappy from 'snappyjs'

/** What both versions of remote write say of a native histogram; 2.0 alone has its start. */
export const histogramMessages = `
  message Histogram {
    oneof count { uint64 count_int = 1; double count_float = 2; }
    double sum = 3;
    sint32 schema = 4;
    double zero_threshold = 5;
    oneof zero_count { uint64 zero_count_int = 6; double zero_count_float = 7; }
    repeated BucketSpan negative_spans = 8;
    repeated sint64 negative_deltas = 9;
    repeated double negative_counts = 10;
    repeated BucketSpan positive_spans = 11;
    repeated sint64 positive_deltas = 12;
    repeated double positive_counts = 13;
    uint32 reset_hint = 14;
    int64 timestamp = 15;
    repeated double custom_values = 16;
    int64 start_timestamp = 17;
  }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
`

/** The remote-write 1.0 messages. */
const schema = protobuf.parse(`
  syntax = "proto3";
  package prometheus;
  message WriteRequest { repeated TimeSeries timeseries = 1; reserved 2; repeated MetricMetadata metadata = 3; }
  message TimeSeries {
    repeated Label labels = 1;
    repeated Sample samples = 2;
    repeated Exemplar exemplars = 3;
    repeated Histogram histograms = 4;
  }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Exemplar { repeated Label labels = 1; double value = 2; int64 timestamp = 3; }
  message MetricMetadata { uint32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
  ${histogramMessages}
`)

const writeRequest = schema.root.lookupType('prometheus.WriteRequest')

export interface WriteRequest {
  readonly timeseries?: readonly WrittenSeries[]
  readonly metadata?: readonly { readonly metricFamilyName: string; readonly help: string }[]
}

export interface WrittenLabel {
  readonly name: string
  readonly value: string
}

export interface WrittenSeries {
  readonly labels: readonly WrittenLabel[]
  readonly samples?: readonly WrittenSample[]
  readonly exemplars?: readonly WrittenExemplar[]
  readonly histograms?: readonly WrittenHistogram[]
}

export interface WrittenSample {
  readonly value: number
  readonly timestamp: number
}

export interface WrittenExemplar {
  readonly labels: readonly WrittenLabel[]
  readonly value: number
  readonly timestamp?: number
}

export interface WrittenSpan {
  readonly offset: number
  readonly length: number
}

export interface WrittenHistogram {
  readonly countInt?: number
  readonly countFloat?: number
  readonly sum: number
  readonly schema?: number
  readonly zeroThreshold?: number
  readonly zeroCountInt?: number
  readonly zeroCountFloat?: number
  readonly positiveSpans?: readonly WrittenSpan[]
  readonly positiveDeltas?: readonly number[]
  readonly positiveCounts?: readonly number[]
  readonly negativeSpans?: readonly WrittenSpan[]
  readonly negativeDeltas?: readonly number[]
  readonly negativeCounts?: readonly number[]
  readonly resetHint?: number
  readonly timestamp: number
  readonly customValues?: readonly number[]
  readonly startTimestamp?: number
}

/** Encodes with protobufjs, an implementation that is not ours. */
export function encodeWriteRequest(request: WriteRequest): Uint8Array {
  return new Uint8Array(writeRequest.encode(writeRequest.fromObject(request)).finish())
}

/** Compresses with snappyjs, an implementation that is not ours. */
export function compress(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(snappy.compress(bytes))
}

/** One series with one sample. */
export function written(labels: Readonly<Record<string, string>>, value: number, timestamp: number): WrittenSeries {
  return { labels: labelList(labels), samples: [{ value, timestamp }] }
}

/** Labels as the messages have them. */
export function labelList(labels: Readonly<Record<string, string>>): WrittenLabel[] {
  return Object.entries(labels).map(([name, value]) => ({ name, value }))
}
