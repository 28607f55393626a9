import type { MadePage } from '../support/ingest-formats.ts'
import { cumulative, delta, type ExportRequest, exportOf, nanos } from '../support/ingest-otlp-messages.ts'
import {
  labelList,
  type WriteRequest,
  type WrittenHistogram,
  type WrittenSeries,
} from '../support/ingest-write-requests.ts'
import type { WrittenSeriesV2 } from '../support/ingest-write-requests-v2.ts'

const at = 1_767_225_600_000

/** A page with everything a page may hold. */
export const page: MadePage = {
  counters: [
    { code: '200', value: 7, createdMs: at - 1_000 },
    { code: '500', value: 1, createdMs: at - 500 },
  ],
  gauge: 2.5,
  buckets: [
    [0.1, 1],
    [1, 3],
  ],
  count: 4,
  sum: 3.25,
}

const exponential: WrittenHistogram = {
  countInt: 10,
  sum: 3,
  schema: 2,
  zeroThreshold: 0.001,
  zeroCountInt: 1,
  positiveSpans: [
    { offset: -3, length: 2 },
    { offset: 1, length: 1 },
  ],
  positiveDeltas: [3, 1, -2],
  negativeSpans: [{ offset: 0, length: 1 }],
  negativeDeltas: [1],
  timestamp: at,
}
const custom: WrittenHistogram = {
  countFloat: 6,
  sum: 3,
  schema: -53,
  positiveSpans: [{ offset: 0, length: 3 }],
  positiveCounts: [1, 2, 3],
  customValues: [0.1, 0.5],
  timestamp: at,
}

const counter: WrittenSeries = {
  labels: labelList({ __name__: 'm', job: 'a', instance: 'x:1' }),
  samples: [
    { value: 1, timestamp: at },
    { value: 2, timestamp: at + 15_000 },
  ],
  exemplars: [{ labels: labelList({ trace_id: 'abc', span_id: 'def' }), value: 0.5, timestamp: at }],
}
const unwanted: WrittenSeries = {
  labels: labelList({ __name__: 'm', job: 'b' }),
  samples: [{ value: 0, timestamp: at }],
}
const native: WrittenSeries = { labels: labelList({ __name__: 'took' }), histograms: [exponential, custom] }

/** Requests of version 1.0 with everything they may hold. */
export const writeRequests: readonly WriteRequest[] = [
  { timeseries: [counter, unwanted, counter], metadata: [{ metricFamilyName: 'm', help: 'of what' }] },
  { timeseries: [native] },
]

/** The same in 2.0, with start times. */
export const writeRequestsV2: readonly (readonly WrittenSeriesV2[])[] = [
  [{ ...counter, help: 'of what', createdTimestamp: at - 60_000 }, unwanted],
  [{ labels: native.labels, histograms: [{ ...exponential, startTimestamp: at - 1_000, resetHint: 1 }] }],
]

const times = { startTimeUnixNano: nanos(at - 60_000), timeUnixNano: nanos(at) }
const named = [
  { key: 'code', value: { stringValue: '500' } },
  { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { boolValue: true }] } } },
  { key: 'pairs', value: { kvlistValue: { values: [{ key: 'a', value: { doubleValue: 1.5 } }] } } },
]
const exemplars = [{ timeUnixNano: nanos(at), asDouble: 1, filteredAttributes: named }]

/** Exports with every kind of metric. */
export const exports: readonly ExportRequest[] = [
  exportOf(
    [
      sum(delta, true),
      sum(cumulative, true),
      sum(cumulative, false),
      { name: 'load', unit: '1', gauge: { dataPoints: [{ ...times, asDouble: 0.5, attributes: named }] } },
    ],
    { 'service.name': 'shop', 'cloud.region': 'eu' },
  ),
  exportOf([
    {
      name: 'took',
      unit: 's',
      histogram: {
        aggregationTemporality: delta,
        dataPoints: [
          { ...times, count: '4', sum: 2, explicitBounds: [0.3, 1], bucketCounts: ['1', '2', '1'], exemplars },
        ],
      },
    },
    {
      name: 'took.too',
      exponentialHistogram: {
        aggregationTemporality: cumulative,
        dataPoints: [
          {
            ...times,
            count: '7',
            sum: 2,
            scale: 2,
            zeroCount: '1',
            positive: { offset: -3, bucketCounts: ['1', '2'] },
            negative: { offset: 1, bucketCounts: ['3'] },
          },
        ],
      },
    },
    {
      name: 'lag',
      summary: { dataPoints: [{ ...times, count: '4', sum: 2, quantileValues: [{ quantile: 0.5, value: 0.25 }] }] },
    },
  ]),
]

function sum(aggregationTemporality: number, isMonotonic: boolean) {
  const dataPoints = [{ ...times, asInt: '7', attributes: named, exemplars }]
  return { name: 'hits', unit: '{hit}', sum: { aggregationTemporality, isMonotonic, dataPoints } }
}
