/**
 * Field numbers of opentelemetry.proto.metrics.v1 and what it stands on; `data` are the kinds a metric may hold. The points of
 * the kinds number the same things differently.
 */
export const otlpFields = {
  request: { resourceMetrics: 1 },
  resourceMetrics: { resource: 1, scopeMetrics: 2 },
  resource: { attributes: 1 },
  scopeMetrics: { scope: 1, metrics: 2 },
  scope: { name: 1, version: 2, attributes: 3 },
  metric: { name: 1, description: 2, unit: 3 },
  data: { gauge: 5, sum: 7, histogram: 9, exponentialHistogram: 10, summary: 11 },
  points: { dataPoints: 1, temporality: 2, isMonotonic: 3 },
  keyValue: { key: 1, value: 2 },
  anyValue: { text: 1, bool: 2, int: 3, double: 4, array: 5, pairs: 6, bytes: 7 },
  list: { values: 1 },
  number: { attributes: 7, exemplars: 5 },
  histogram: { attributes: 9, counts: 6, bounds: 7, exemplars: 8 },
  exponential: { attributes: 1, exemplars: 11 },
  summary: { attributes: 7, quantiles: 6 },
  buckets: { offset: 1, counts: 2 },
  quantile: { quantile: 1, value: 2 },
  exemplar: { timeNano: 2, double: 3, spanId: 4, traceId: 5, int: 6 },
} as const

/** How the points of a metric are to be read. */
export type MetricKind = (typeof metricKinds)[number]

/** Every kind, in the order of their codes; there must be no more than 16. */
const metricKinds = [
  'gauge',
  'cumulative-sum',
  'delta-sum',
  'cumulative-up-down',
  'delta-up-down',
  'sum-without-temporality',
  'cumulative-histogram',
  'delta-histogram',
  'histogram-without-temporality',
  'cumulative-exponential',
  'delta-exponential',
  'exponential-without-temporality',
  'summary',
] as const

/** A kind as a small number. */
export function kindCode(kind: MetricKind): number {
  return metricKinds.indexOf(kind)
}
