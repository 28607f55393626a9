import { metricNameLabel } from '../../core/model/labels.ts'
import type { Selector } from '../../core/model/selector.ts'
import { unitsPerSecond } from '../../core/sli/histogram-unit.ts'
import type { Panel, Query, Row } from '../dashboard.ts'
import { inRegions, rate, sumBy } from '../promql.ts'
import type { ContentInput } from './content-input.ts'
import { toDebugOfRegion } from './links.ts'
import { views } from './views.ts'

/** One panel of more histograms than this cannot be read. */
const histogramsMax = 6

interface Histogram {
  /** What it times. */
  readonly name: string
  readonly buckets: Selector
  readonly regionLabel: string
  readonly unitsPerSecond: number
  /** What an SLO asks for, in seconds. */
  readonly boundSeconds: number | undefined
}

/** How long requests take; there only where a rule file or a setting names a histogram. */
export function latencyRow(input: ContentInput, on: 'on-call' | 'debug'): readonly Row[] {
  const histograms = histogramsOf(input).slice(0, histogramsMax)
  if (histograms.length === 0) return []
  const panels =
    on === 'on-call'
      ? [quantile(0.95, histograms)]
      : [...[0.5, 0.95, 0.99].map((q) => quantile(q, histograms)), heatmap(histograms)]
  return [{ title: 'Latency', panels: panels }]
}

function histogramsOf({ facts, settings }: ContentInput): readonly Histogram[] {
  const ofRules = facts.latencies.map(({ slo, bound, ...rest }): Histogram => {
    return { name: slo, boundSeconds: bound / rest.unitsPerSecond, ...rest }
  })
  const { duration } = settings.requests
  if (duration === undefined) return ofRules
  const name = duration.matchers.find(({ label }) => label === metricNameLabel)?.value ?? ''
  const matchers = duration.matchers.map((one) =>
    one.label === metricNameLabel ? { ...one, value: `${name}_bucket` } : one,
  )
  const buckets = { matchers }
  if (ofRules.some((one) => JSON.stringify(one.buckets) === JSON.stringify(buckets))) return ofRules
  const { regionLabel } = settings
  return [
    ...ofRules,
    { name: 'requests', buckets, regionLabel, unitsPerSecond: unitsPerSecond(name), boundSeconds: undefined },
  ]
}

function quantile(q: number, histograms: readonly Histogram[]): Panel {
  const name = `p${q * 100}`
  return {
    title: `Latency ${name} by region`,
    description: `The time within which ${q * 100} % of requests are answered; dashed is what the objective asks for. The dots are single requests with their traces: open one of the slowest.`,
    width: 12,
    height: 8,
    view: views.lines,
    queries: histograms.flatMap((one) => [quantileQuery(q, one), ...boundQuery(one)]),
    unit: 's',
    min: 0,
    links: [toDebugOfRegion],
  }
}

function quantileQuery(q: number, { name, buckets, regionLabel, unitsPerSecond: units }: Histogram): Query {
  const counts = sumBy(['le', regionLabel], rate(inRegions(buckets, regionLabel)))
  const scale = units === 1 ? '' : ` / ${units}`
  return { expr: `histogram_quantile(${q}, ${counts})${scale}`, legend: `${name} {{${regionLabel}}}`, exemplars: true }
}

function boundQuery({ name, boundSeconds }: Histogram): readonly Query[] {
  return boundSeconds === undefined
    ? []
    : [{ expr: `vector(${boundSeconds})`, legend: `${name} asks for`, isLimit: true }]
}

function heatmap([first]: readonly Histogram[]): Panel {
  const { buckets, regionLabel, name } = first
  return {
    title: `Latency of ${name}`,
    description:
      'How many requests took how long, all regions chosen together. Two bands are two kinds of requests, or a cache that half of them miss; a band that rises is a queue.',
    width: 12,
    height: 8,
    view: views.heatmap,
    queries: [
      { expr: sumBy(['le'], rate(inRegions(buckets, regionLabel))), legend: '{{le}}', buckets: true, exemplars: true },
    ],
    unit:
      first.unitsPerSecond === 1
        ? 's'
        : first.unitsPerSecond === 1e3
          ? 'ms'
          : first.unitsPerSecond === 1e6
            ? 'µs'
            : 'ns',
  }
}
