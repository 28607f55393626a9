/** How one field of a message is written; `packed` numbers follow each other without heads. */
export interface FieldShape {
  readonly number: number
  readonly type: ScalarType | (() => MessageShape)
  readonly list?: 'one by one' | 'packed'
}

/** The fields of a message by their names in JSON. */
export type MessageShape = Readonly<Record<string, FieldShape>>

/** How a single value of OTLP stands in protobuf and in JSON. */
export type ScalarType =
  | 'text'
  | 'bool'
  | 'double'
  | 'fixed64'
  | 'sfixed64'
  | 'int64'
  | 'uint64'
  | 'uint32'
  | 'sint32'
  | 'temporality'
  | 'hex'
  | 'base64'

function field(number: number, type: FieldShape['type']): FieldShape {
  return { number, type }
}

function list(number: number, type: FieldShape['type']): FieldShape {
  return { number, type, list: 'one by one' }
}

function packed(number: number, type: ScalarType): FieldShape {
  return { number, type, list: 'packed' }
}

const anyValue: MessageShape = {
  stringValue: field(1, 'text'),
  boolValue: field(2, 'bool'),
  intValue: field(3, 'int64'),
  doubleValue: field(4, 'double'),
  arrayValue: field(5, () => arrayValue),
  kvlistValue: field(6, () => pairsValue),
  bytesValue: field(7, 'base64'),
}

const arrayValue: MessageShape = { values: list(1, () => anyValue) }
const pairsValue: MessageShape = { values: list(1, () => keyValue) }
const keyValue: MessageShape = { key: field(1, 'text'), value: field(2, () => anyValue) }

const exemplar: MessageShape = {
  timeUnixNano: field(2, 'fixed64'),
  asDouble: field(3, 'double'),
  spanId: field(4, 'hex'),
  traceId: field(5, 'hex'),
  asInt: field(6, 'sfixed64'),
  filteredAttributes: list(7, () => keyValue),
}

const times: MessageShape = { startTimeUnixNano: field(2, 'fixed64'), timeUnixNano: field(3, 'fixed64') }

const number: MessageShape = {
  ...times,
  asDouble: field(4, 'double'),
  exemplars: list(5, () => exemplar),
  asInt: field(6, 'sfixed64'),
  attributes: list(7, () => keyValue),
  flags: field(8, 'uint32'),
}

const histogram: MessageShape = {
  ...times,
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  bucketCounts: packed(6, 'fixed64'),
  explicitBounds: packed(7, 'double'),
  exemplars: list(8, () => exemplar),
  attributes: list(9, () => keyValue),
  flags: field(10, 'uint32'),
  min: field(11, 'double'),
  max: field(12, 'double'),
}

const buckets: MessageShape = { offset: field(1, 'sint32'), bucketCounts: packed(2, 'uint64') }

const exponential: MessageShape = {
  attributes: list(1, () => keyValue),
  ...times,
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  scale: field(6, 'sint32'),
  zeroCount: field(7, 'fixed64'),
  positive: field(8, () => buckets),
  negative: field(9, () => buckets),
  flags: field(10, 'uint32'),
  exemplars: list(11, () => exemplar),
  min: field(12, 'double'),
  max: field(13, 'double'),
  zeroThreshold: field(14, 'double'),
}

const quantile: MessageShape = { quantile: field(1, 'double'), value: field(2, 'double') }

const summary: MessageShape = {
  ...times,
  count: field(4, 'fixed64'),
  sum: field(5, 'double'),
  quantileValues: list(6, () => quantile),
  attributes: list(7, () => keyValue),
  flags: field(8, 'uint32'),
}

const temporality = { aggregationTemporality: field(2, 'temporality') }
const gaugeData: MessageShape = { dataPoints: list(1, () => number) }
const sumData: MessageShape = { ...gaugeData, ...temporality, isMonotonic: field(3, 'bool') }
const histogramData: MessageShape = { dataPoints: list(1, () => histogram), ...temporality }
const exponentialData: MessageShape = { dataPoints: list(1, () => exponential), ...temporality }
const summaryData: MessageShape = { dataPoints: list(1, () => summary) }

const metric: MessageShape = {
  name: field(1, 'text'),
  description: field(2, 'text'),
  unit: field(3, 'text'),
  gauge: field(5, () => gaugeData),
  sum: field(7, () => sumData),
  histogram: field(9, () => histogramData),
  exponentialHistogram: field(10, () => exponentialData),
  summary: field(11, () => summaryData),
}

const attributes: MessageShape = { attributes: list(1, () => keyValue) }

const scope: MessageShape = {
  name: field(1, 'text'),
  version: field(2, 'text'),
  attributes: list(3, () => keyValue),
}

const scopeMetrics: MessageShape = { scope: field(1, () => scope), metrics: list(2, () => metric) }

const resourceMetrics: MessageShape = {
  resource: field(1, () => attributes),
  scopeMetrics: list(2, () => scopeMetrics),
}

/** ExportMetricsServiceRequest, as far as it is read. */
export const exportRequest: MessageShape = { resourceMetrics: list(1, () => resourceMetrics) }
