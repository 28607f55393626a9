import * as fc from 'fast-check'

/** Names and values as people give them, and as they do not. */
const texts = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 6 }))

const nanos = fc.bigInt({ min: 0n, max: 4n * 10n ** 18n }).map(String)
const counts = fc.nat({ max: 1_000_000 }).map(String)
const doubles = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 0.1, Number.POSITIVE_INFINITY))
const ints = fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }).map(String)
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString('base64'))

const { anyValue } = fc.letrec((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 3 },
    texts.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    ints.map((intValue) => ({ intValue })),
    doubles.map((doubleValue) => ({ doubleValue })),
    fc.array(tie('anyValue'), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
    fc
      .array(fc.record({ key: texts, value: tie('anyValue') }), { maxLength: 3 })
      .map((values) => ({ kvlistValue: { values } })),
  ),
}))

/** Attributes of distinct keys. */
const attributes = fc.uniqueArray(fc.record({ key: texts, value: anyValue }), {
  selector: ({ key }) => key,
  maxLength: 4,
})

const exemplar = fc.record(
  { timeUnixNano: nanos, asDouble: doubles, spanId: hex(8), traceId: hex(16), filteredAttributes: attributes },
  { requiredKeys: ['timeUnixNano'] },
)

const frame = { attributes, startTimeUnixNano: nanos, timeUnixNano: nanos, flags: fc.nat({ max: 1 }) }

const numberPoint = fc.oneof(
  fc.record({ ...frame, asDouble: doubles, exemplars: fc.array(exemplar, { maxLength: 2 }) }),
  fc.record({ ...frame, asInt: ints }),
  fc.record(frame),
)

const histogramPoint = fc
  .uniqueArray(fc.double({ noNaN: true, min: -100, max: 100 }), { maxLength: 6 })
  .chain((bounds) =>
    fc.record(
      {
        ...frame,
        count: counts,
        sum: doubles,
        explicitBounds: fc.constant(bounds.toSorted((a, b) => a - b)),
        bucketCounts: fc.array(counts, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
        exemplars: fc.array(exemplar, { maxLength: 2 }),
        min: doubles,
        max: doubles,
      },
      { requiredKeys: ['attributes', 'startTimeUnixNano', 'timeUnixNano', 'count', 'explicitBounds', 'bucketCounts'] },
    ),
  )

const buckets = fc.record({
  offset: fc.integer({ min: -400, max: 400 }),
  bucketCounts: fc.array(counts, { maxLength: 8 }),
})

const exponentialPoint = fc.record(
  {
    ...frame,
    count: counts,
    sum: doubles,
    scale: fc.integer({ min: -10, max: 20 }),
    zeroCount: counts,
    zeroThreshold: fc.double({ noNaN: true, min: 0, max: 1 }),
    positive: buckets,
    negative: buckets,
    exemplars: fc.array(exemplar, { maxLength: 2 }),
  },
  { requiredKeys: ['attributes', 'startTimeUnixNano', 'timeUnixNano', 'count', 'scale'] },
)

const summaryPoint = fc.record({
  ...frame,
  count: counts,
  sum: doubles,
  quantileValues: fc.array(fc.record({ quantile: doubles, value: doubles }), { maxLength: 3 }),
})

const temporality = fc.constantFrom(0, 1, 2)
const points = <T>(point: fc.Arbitrary<T>) => fc.array(point, { maxLength: 4 })

const data = fc.oneof(
  fc.record({ gauge: fc.record({ dataPoints: points(numberPoint) }) }),
  fc.record({
    sum: fc.record({ dataPoints: points(numberPoint), aggregationTemporality: temporality, isMonotonic: fc.boolean() }),
  }),
  fc.record({ histogram: fc.record({ dataPoints: points(histogramPoint), aggregationTemporality: temporality }) }),
  fc.record({
    exponentialHistogram: fc.record({ dataPoints: points(exponentialPoint), aggregationTemporality: temporality }),
  }),
  fc.record({ summary: fc.record({ dataPoints: points(summaryPoint) }) }),
)

const metric = fc
  .record({ name: texts, description: texts, unit: fc.constantFrom('', 's', '1', 'By', '{request}') })
  .chain((head) => data.map((held) => ({ ...head, ...held })))

const scopeMetrics = fc.record(
  { scope: fc.record({ name: texts, version: texts, attributes }), metrics: fc.array(metric, { maxLength: 3 }) },
  { requiredKeys: ['metrics'] },
)

/** Export requests of every kind of metric, as protobufjs and OTLP's JSON take them. */
export const exportRequests = fc.record({
  resourceMetrics: fc.array(
    fc.record(
      { resource: fc.record({ attributes }), scopeMetrics: fc.array(scopeMetrics, { maxLength: 3 }) },
      { requiredKeys: ['scopeMetrics'] },
    ),
    { maxLength: 3 },
  ),
})
