import protobuf from 'protobufjs'
import snappy from 'snappyjs'

/** The remote-write 1.0 messages, as far as senders fill them in. */
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
  message Histogram { uint64 count_int = 1; double sum = 3; sint32 schema = 4; int64 timestamp = 15; }
  message MetricMetadata { uint32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
`)

const writeRequest = schema.root.lookupType('prometheus.WriteRequest')

export interface WriteRequest {
  readonly timeseries?: readonly WrittenSeries[]
  readonly metadata?: readonly { readonly metricFamilyName: string; readonly help: string }[]
}

export interface WrittenSeries {
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly samples?: readonly { readonly value: number; readonly timestamp: number }[]
  readonly exemplars?: readonly { readonly labels: WrittenSeries['labels']; readonly value: number }[]
  readonly histograms?: readonly { readonly sum: number; readonly timestamp: number }[]
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
  return {
    labels: Object.entries(labels).map(([name, text]) => ({ name, value: text })),
    samples: [{ value, timestamp }],
  }
}
