import { pairs, protobufPage } from './ingest-metric-families.ts'

/** What the differential tests put on a page: counters, gauges and a histogram, in no format yet. */
export interface MadePage {
  readonly counters: readonly { readonly code: string; readonly value: number; readonly createdMs: number }[]
  readonly gauge: number
  readonly buckets: readonly (readonly [bound: number, cumulative: number])[]
  readonly count: number
  readonly sum: number
}

export function asText({ counters, gauge, buckets, count, sum }: MadePage): string {
  return [
    '# TYPE requests_total counter',
    ...counters.map(({ code, value }) => `requests_total{code="${code}"} ${value}`),
    '# TYPE load gauge',
    `load ${gauge}`,
    '# TYPE took histogram',
    ...buckets.map(([le, value]) => `took_bucket{le="${le}"} ${value}`),
    `took_bucket{le="+Inf"} ${count}`,
    `took_sum ${sum}`,
    `took_count ${count}`,
    '',
  ].join('\n')
}

export function asOpenMetrics({ counters, gauge, buckets, count, sum }: MadePage): string {
  return [
    '# TYPE requests counter',
    ...counters.flatMap(({ code, value, createdMs }) => [
      `requests_total{code="${code}"} ${value}`,
      `requests_created{code="${code}"} ${createdMs / 1_000}`,
    ]),
    '# TYPE load gauge',
    `load ${gauge}`,
    '# TYPE took histogram',
    ...buckets.map(([le, value]) => `took_bucket{le="${le}"} ${value} # {trace_id="t${value}"} ${le}`),
    `took_bucket{le="+Inf"} ${count}`,
    `took_count ${count}`,
    `took_sum ${sum}`,
    '# EOF',
    '',
  ].join('\n')
}

export function asProtobuf({ counters, gauge, buckets, count, sum }: MadePage): Uint8Array {
  return protobufPage(
    {
      name: 'requests_total',
      type: 0,
      metric: counters.map(({ code, value, createdMs }) => ({
        label: pairs({ code }),
        counter: {
          value,
          createdTimestamp: { seconds: Math.floor(createdMs / 1_000), nanos: (createdMs % 1_000) * 1e6 },
        },
      })),
    },
    { name: 'load', type: 1, metric: [{ gauge: { value: gauge } }] },
    {
      name: 'took',
      type: 4,
      metric: [
        {
          histogram: {
            sampleCount: count,
            sampleSum: sum,
            bucket: buckets.map(([upperBound, cumulativeCount]) => ({
              upperBound,
              cumulativeCount,
              exemplar: { label: pairs({ trace_id: `t${cumulativeCount}` }), value: upperBound },
            })),
          },
        },
      ],
    },
  )
}
