import { readAttributes, readText } from '../../src/ingest/wire/otlp-attributes.ts'
import { readBuckets, readDoubles, readExemplars, readQuantiles } from '../../src/ingest/wire/otlp-details.ts'
import { type MetricKind, otlpFields } from '../../src/ingest/wire/otlp-fields.ts'
import { MetricsReader, type MetricsVisitor } from '../../src/ingest/wire/otlp-metrics.ts'
import type { PointFrame, Span } from '../../src/ingest/wire/otlp-points.ts'
import { unsignedAt } from '../../src/ingest/wire/otlp-words.ts'

/** Everything that the decoder says of a request, as lines of plain values. */
export function decodedLines(bytes: Uint8Array): {
  readonly fault: string | undefined
  readonly lines: readonly unknown[]
} {
  const lines: unknown[] = []
  let where: unknown[] = []
  const { number, histogram, exponential, summary } = otlpFields
  const frame = (point: PointFrame, field: number, exemplars: number): unknown[] => [
    ...where,
    point.startMs,
    point.timeMs,
    point.noRecordedValue,
    shown(readAttributes(point.bytes, point.attributes.start, point.attributes.end, field)),
    exemplars === 0 || !point.hasExemplars
      ? []
      : readExemplars(point.bytes, point.whole, exemplars, 32).map(Object.values),
  ]
  const visitor: MetricsVisitor = {
    resource: (from, start, end) => {
      where = [shown(readAttributes(from, start, end, otlpFields.resource.attributes))]
    },
    scope: (from, start, end) => {
      const { name, version, attributes } = otlpFields.scope
      where = [where[0], readText(from, start, end, name), readText(from, start, end, version)]
      where.push(shown(readAttributes(from, start, end, attributes)))
    },
    metric: (kind: MetricKind, from, start, end) => {
      const { name, description, unit } = otlpFields.metric
      const head = [name, description, unit].map((field) => readText(from, start, end, field))
      where = [...where.slice(0, 4), kind, ...head]
    },
    expected: () => 0,
    number: (point) => {
      lines.push([...frame(point, number.attributes, number.exemplars), point.hasValue, point.value])
    },
    histogram: (point) => {
      const counts = words(point.counts).map((at) => unsignedAt(point.view, at))
      const bounds = readDoubles(point.bytes, point.bounds)
      lines.push([...frame(point, histogram.attributes, histogram.exemplars), point.count, point.sum, counts, bounds])
    },
    exponential: (point) => {
      const { count, sum, scale, zeroCount, zeroThreshold, positive, negative } = point
      const buckets = [positive, negative].map((span) => readBuckets(point.bytes, span))
      const values = [count, sum, scale, zeroCount, zeroThreshold, buckets]
      lines.push([...frame(point, exponential.attributes, exponential.exemplars), ...values])
    },
    summary: (point) => {
      const quantiles = readQuantiles(point.bytes, point.whole)
      lines.push([...frame(point, summary.attributes, 0), point.count, point.sum, quantiles])
    },
  }
  const fault = new MetricsReader(visitor).read(bytes)
  return { fault, lines }
}

function words({ start, end }: Span): number[] {
  return Array.from({ length: (end - start) / 8 }, (_, index) => start + index * 8)
}

function shown(attributes: ReturnType<typeof readAttributes>): unknown {
  return 'reason' in attributes ? attributes.detail : attributes.map(({ key, text }) => [key, text])
}
