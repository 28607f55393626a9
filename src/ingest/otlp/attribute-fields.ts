import { type MetricKind, otlpFields } from '../wire/otlp-fields.ts'

const { number, histogram, exponential, summary } = otlpFields

/** In which field the attributes stand in the points of each kind. */
export const attributeFields: Readonly<Record<MetricKind, number>> = {
  gauge: number.attributes,
  'cumulative-sum': number.attributes,
  'delta-sum': number.attributes,
  'cumulative-up-down': number.attributes,
  'delta-up-down': number.attributes,
  'sum-without-temporality': number.attributes,
  'cumulative-histogram': histogram.attributes,
  'delta-histogram': histogram.attributes,
  'histogram-without-temporality': histogram.attributes,
  'cumulative-exponential': exponential.attributes,
  'delta-exponential': exponential.attributes,
  'exponential-without-temporality': exponential.attributes,
  summary: summary.attributes,
}
