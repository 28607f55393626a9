import protobuf from 'protobufjs'

/** OTLP's metrics, written down from the definition of the protocol for an implementation that is not ours. */
const schema = protobuf.parse(`
  syntax = "proto3";
  package otlp;
  message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
  message InstrumentationScope {
    string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
      ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message Metric {
    string name = 1; string description = 2; string unit = 3;
    oneof data {
      Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10;
      Summary summary = 11;
    }
    repeated KeyValue metadata = 12;
  }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
  message ExponentialHistogram {
    repeated ExponentialHistogramDataPoint data_points = 1; int32 aggregation_temporality = 2;
  }
  message Summary { repeated SummaryDataPoint data_points = 1; }
  message NumberDataPoint {
    repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
    repeated Exemplar exemplars = 5; uint32 flags = 8;
  }
  message HistogramDataPoint {
    repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
    optional double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7;
    repeated Exemplar exemplars = 8; uint32 flags = 10; optional double min = 11; optional double max = 12;
  }
  message ExponentialHistogramDataPoint {
    repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
    optional double sum = 5; sint32 scale = 6; fixed64 zero_count = 7; Buckets positive = 8; Buckets negative = 9;
    uint32 flags = 10; repeated Exemplar exemplars = 11; optional double min = 12; optional double max = 13;
    double zero_threshold = 14;
    message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
  }
  message SummaryDataPoint {
    repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
    double sum = 5; repeated ValueAtQuantile quantile_values = 6; uint32 flags = 8;
    message ValueAtQuantile { double quantile = 1; double value = 2; }
  }
  message Exemplar {
    repeated KeyValue filtered_attributes = 7; fixed64 time_unix_nano = 2;
    oneof value { double as_double = 3; sfixed64 as_int = 6; }
    bytes span_id = 4; bytes trace_id = 5;
  }
  message ExportMetricsServiceResponse { ExportMetricsPartialSuccess partial_success = 1; }
  message ExportMetricsPartialSuccess { int64 rejected_data_points = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Any { string type_url = 1; bytes value = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
`)

/** The type of a message by its name. */
export function otlpType(name: string): protobuf.Type {
  return schema.root.lookupType(`otlp.${name}`)
}

/** A request as protobufjs takes it; times in nanoseconds as text, because they are longer than a double. */
export interface ExportRequest {
  readonly resourceMetrics: readonly MadeResource[]
}

export interface MadeResource {
  readonly resource?: { readonly attributes: readonly MadeAttribute[] }
  readonly scopeMetrics: readonly {
    readonly scope?: {
      readonly name?: string
      readonly version?: string
      readonly attributes?: readonly MadeAttribute[]
    }
    readonly metrics: readonly MadeMetric[]
  }[]
}

export interface MadeAttribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

export type MadeMetric = Readonly<Record<string, unknown>>

/** Encodes with protobufjs, an implementation that is not ours. */
export function encodeExport(request: object): Uint8Array {
  const type = otlpType('ExportMetricsServiceRequest')
  return new Uint8Array(type.encode(type.fromObject(request)).finish())
}

/** Decodes with protobufjs to plain values. */
export function decodeOtlp(name: string, bytes: Uint8Array): Record<string, unknown> {
  const type = otlpType(name)
  return type.toObject(type.decode(bytes), { longs: String, bytes: String, defaults: false })
}

/** Text attributes. */
export function attributes(values: Readonly<Record<string, string>>): MadeAttribute[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

/** A request of one resource and scope. */
export function exportOf(
  metrics: readonly MadeMetric[],
  resource: Readonly<Record<string, string>> = {},
): ExportRequest {
  return {
    resourceMetrics: [
      { resource: { attributes: attributes(resource) }, scopeMetrics: [{ scope: { name: 'test' }, metrics }] },
    ],
  }
}

/** Milliseconds as OTLP writes times. */
export function nanos(ms: number): string {
  return `${BigInt(ms) * 1_000_000n}`
}

/** Values of OTLP's AggregationTemporality. */
export const delta = 1
export const cumulative = 2
