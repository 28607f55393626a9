/** Field numbers of prometheus.WriteRequest (remote write 1.0). */
export const requestFields = { series: 1 } as const

/** Field numbers of prometheus.TimeSeries. */
export const seriesFields = { labels: 1, samples: 2, exemplars: 3, histograms: 4 } as const

/** Field numbers of io.prometheus.write.v2.Request (remote write 2.0). */
export const requestFieldsV2 = { symbols: 4, series: 5 } as const

/** Field numbers of io.prometheus.write.v2.TimeSeries; `created` stood in drafts before samples had start times. */
export const seriesFieldsV2 = { labelRefs: 1, samples: 2, histograms: 3, exemplars: 4, created: 6 } as const

/** Field numbers of a sample; `start` is of 2.0 only. */
export const sampleFields = { value: 1, time: 2, start: 3 } as const

/** Field numbers of an exemplar: its labels are messages in 1.0 and references in 2.0. */
export const exemplarFields = { labels: 1, value: 2, time: 3 } as const

/** Field numbers of prometheus.Label. */
export const labelFields = { name: 1, value: 2 } as const

/** Field numbers of a native histogram, the same in both versions; `start` is of 2.0 only. */
export const histogramFields = {
  countInt: 1,
  countFloat: 2,
  sum: 3,
  schema: 4,
  zeroThreshold: 5,
  zeroCountInt: 6,
  zeroCountFloat: 7,
  negativeSpans: 8,
  negativeDeltas: 9,
  negativeCounts: 10,
  positiveSpans: 11,
  positiveDeltas: 12,
  positiveCounts: 13,
  resetHint: 14,
  time: 15,
  customBounds: 16,
  start: 17,
} as const

/** Values of a histogram's reset hint that say something. */
export const resetHints = { yes: 1, gauge: 3 } as const

/** The schema of a histogram whose bounds are given one by one. */
export const customSchema = -53

/** The coarsest resolution of a native histogram with exponential buckets. */
export const schemaMin = -4
/** The finest resolution of a native histogram with exponential buckets. */
export const schemaMax = 8
