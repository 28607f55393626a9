import { metricNameLabel } from '../../core/model/labels.ts'
import { ratioIndicator } from '../../core/model/ratio-indicator.ts'
import type { CounterExpression, Matcher, Selector } from '../../core/model/selector.ts'
import type { DurationMs } from '../../core/model/units.ts'
import { bucketBoundLabel, formatBucketBound, wantedBucket } from '../../core/sli/bucket-bound.ts'
import { unitsPerSecond } from '../../core/sli/histogram-unit.ts'
import { printCounters, printSelector } from '../../core/sli/print-counters.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Path } from '../../documents/source-document.ts'
import { readSelector } from '../read-counters.ts'
import { type Reading, readSpan } from '../read-values.ts'
import { durationSchema, selectorSchema } from '../schema/scalar-schemas.ts'
import type { IndicatorKind } from './indicator-kind.ts'
import { ratioCounters } from './ratio.ts'

/** Events that took no longer than a bound, counted from a histogram of any kind. */
export const latency: IndicatorKind = {
  schema: {
    description:
      'Events that took no longer than a bound. Of a classic histogram good are those of the bucket whose le is the bound, and all are those of _count; of a native or exponential one both are taken from its buckets.',
    type: 'object',
    properties: {
      histogram: {
        ...selectorSchema,
        description: 'One selector with the name of the histogram, without _bucket, and without le.',
        examples: ['http_request_duration_seconds{job="checkout"}'],
      },
      below: {
        ...durationSchema,
        description:
          'The bound. A classic histogram must have a bucket with exactly this bound; whether it is written 1 or 1.0 makes no difference. It is compared in seconds, or in the unit that the name of the histogram ends with (_milliseconds, _ms, _microseconds, _us, _nanoseconds, _ns).',
        examples: ['300ms', '2s'],
      },
    },
    required: ['histogram', 'below'],
    additionalProperties: false,
    examples: [{ histogram: 'http_request_duration_seconds{job="checkout"}', below: '300ms' }],
  },
  read(reading, path) {
    const selector = readSelector(reading, [...path, 'histogram'])
    const belowMs = readSpan(reading, [...path, 'below'])
    const name = selector === undefined ? undefined : histogramName(selector, reading, [...path, 'histogram'])
    if (selector === undefined || name === undefined || belowMs === undefined) return undefined
    return ratioIndicator(latencyCounters(selector, name, belowMs))
  },
  print(indicator) {
    const counters = indicator.kind === 'events' ? ratioCounters(indicator) : undefined
    if (counters === undefined || !('good' in counters)) return undefined
    const { selector } = counters.good.terms[0]
    const bucket = wantedBucket(selector)
    if (bucket === undefined) return undefined
    const { histogram, bound } = bucket
    const belowMs = Math.round((bound * 1_000) / unitsPerSecond(histogram))
    const written = { matchers: named(selector, histogram).filter(({ label }) => label !== bucketBoundLabel) }
    if (belowMs === 0 || !isSame(latencyCounters(written, histogram, belowMs), counters)) return undefined
    return { histogram: printSelector(written), below: formatDuration(belowMs) }
  },
}

interface GoodCounters {
  readonly good: CounterExpression
  readonly total: CounterExpression
}

function latencyCounters(selector: Selector, name: string, belowMs: DurationMs): GoodCounters {
  const value = formatBucketBound((belowMs * unitsPerSecond(name)) / 1_000)
  const bucket: Matcher = { label: bucketBoundLabel, operator: '=', value }
  return {
    good: counter([...named(selector, `${name}_bucket`), bucket]),
    total: counter(named(selector, `${name}_count`)),
  }
}

function counter(matchers: readonly Matcher[]): CounterExpression {
  return { terms: [{ sign: 1, selector: { matchers } }] }
}

function named({ matchers }: Selector, name: string): Matcher[] {
  return matchers.map((matcher) => (matcher.label === metricNameLabel ? { ...matcher, value: name } : matcher))
}

function isSame(one: GoodCounters, other: GoodCounters): boolean {
  return (
    printCounters(one.good) === printCounters(other.good) && printCounters(one.total) === printCounters(other.total)
  )
}

/** The name of the histogram; undefined when the selector names none, which is then reported. */
function histogramName({ matchers }: Selector, { document, problems }: Reading, path: Path): string | undefined {
  const names = matchers.filter(({ label }) => label === metricNameLabel)
  const name = names.length === 1 && names[0].operator === '=' ? names[0].value : undefined
  const suffix = name === undefined ? undefined : /_(?:bucket|count|sum)$/.exec(name)?.[0]
  const place = document.placeInText(path, 0)
  const report = (message: string, hint: string): undefined => {
    problems.report({ code: 'RULE_HISTOGRAM', path, place, message, hint })
  }
  if (name === undefined) {
    return report(
      'the selector does not name one histogram',
      'begin with the name: http_request_duration_seconds{job="a"}',
    )
  }
  if (suffix !== undefined) {
    const hint = `leave ${suffix} out: ${name.slice(0, -suffix.length)}`
    return report(`${name} is one of the counters of a histogram, and not its name`, hint)
  }
  if (matchers.some(({ label }) => label === bucketBoundLabel)) {
    return report('the bucket is chosen by "below", and here by le as well', 'leave le out')
  }
  return name
}
