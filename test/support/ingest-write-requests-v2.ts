import protobuf from 'protobufjs'
import type { WrittenExemplar, WrittenHistogram, WrittenLabel, WrittenSample } from './ingest-write-requests.ts'
import { histogramMessages } from './ingest-write-requests.ts'

/** The remote-write 2.0 messages, with the created timestamp that drafts had before samples got start times. */
const schema = protobuf.parse(`
  syntax = "proto3";
  package io.prometheus.write.v2;
  message Request { reserved 1 to 3; repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
  message TimeSeries {
    repeated uint32 labels_refs = 1;
    repeated Sample samples = 2;
    repeated Histogram histograms = 3;
    repeated Exemplar exemplars = 4;
    Metadata metadata = 5;
    int64 created_timestamp = 6;
  }
  message Exemplar { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
  message Sample { double value = 1; int64 timestamp = 2; int64 start_timestamp = 3; }
  message Metadata { uint32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
  ${histogramMessages}
`)

const requestType = schema.root.lookupType('io.prometheus.write.v2.Request')

export interface WrittenSeriesV2 {
  readonly labels: readonly WrittenLabel[]
  readonly samples?: readonly (WrittenSample & { readonly startTimestamp?: number })[]
  readonly histograms?: readonly WrittenHistogram[]
  readonly exemplars?: readonly WrittenExemplar[]
  readonly help?: string
  readonly createdTimestamp?: number
}

/** The message as protobufjs takes it, for tests that spoil it before it is encoded. */
export interface RequestV2 {
  symbols: string[]
  timeseries: Record<string, unknown>[]
}

/** Puts all texts into one table, the empty one first, as the specification wants it. */
export function requestV2(timeseries: readonly WrittenSeriesV2[]): RequestV2 {
  const places = new Map([['', 0]])
  const ref = (text: string): number => {
    const place = places.get(text) ?? places.size
    places.set(text, place)
    return place
  }
  const refs = (labels: readonly WrittenLabel[]) => labels.flatMap(({ name, value }) => [ref(name), ref(value)])
  const series = timeseries.map(({ labels, samples, histograms, exemplars, help, createdTimestamp }) => ({
    labelsRefs: refs(labels),
    samples: samples ?? [],
    histograms: histograms ?? [],
    exemplars: (exemplars ?? []).map(({ labels: own, ...rest }) => ({ labelsRefs: refs(own), ...rest })),
    metadata: { type: 1, helpRef: ref(help ?? '') },
    ...(createdTimestamp === undefined ? {} : { createdTimestamp }),
  }))
  return { symbols: [...places.keys()], timeseries: series }
}

/** Encodes with protobufjs, an implementation that is not ours. */
export function encodeRequestV2(request: RequestV2): Uint8Array {
  return new Uint8Array(requestType.encode(requestType.fromObject(request)).finish())
}
