import { metricNameLabel } from '../../core/model/labels.ts'
import type { Matcher, Selector } from '../../core/model/selector.ts'
import type { DurationMs } from '../../core/model/units.ts'
import { bucketBound, bucketBoundLabel, formatBucketBound, wantedBucket } from '../../core/sli/bucket-bound.ts'
import { printSelector } from '../../core/sli/print-counters.ts'
import { anyOf } from '../../core/sli/promql-string.ts'
import { formatDuration } from '../../core/time/duration.ts'

/**
 * The raw samples of a span that selectors want, each asked once. Conditions on labels that are made here are left out, since
 * the API does not know them: they are judged when its series are. What may be part of a histogram is asked as the histogram
 * too, since an API that has it native knows no counter of its parts; and a bucket by its bound however that is written.
 */
export function rangesOf(
  selectors: readonly Selector[],
  spanMs: DurationMs,
  madeLabels: ReadonlySet<string>,
): readonly string[] {
  const asked = new Set<string>()
  const histograms = new Map<string, AskedHistogram>()
  for (const { matchers } of selectors) {
    const known = matchers.filter(({ label }) => !madeLabels.has(label))
    const part = histogramPart(known)
    if (part === undefined) asked.add(printSelector({ matchers: known }))
    else noteHistogram(histograms, part)
  }
  for (const histogram of histograms.values()) for (const selector of askedOf(histogram)) asked.add(selector)
  return [...asked].map((selector) => `${selector}[${formatDuration(spanMs)}]`)
}

/** A counter that may be made of a histogram. */
interface HistogramPart {
  /** Name of the histogram. */
  readonly histogram: string
  /** Name of the counter. */
  readonly counter: string
  /** Of a bucket. */
  readonly bound: number | undefined
  /** All conditions but those on the name and the bound. */
  readonly conditions: readonly Matcher[]
}

/** What is asked of one histogram under the same conditions. */
interface AskedHistogram {
  readonly histogram: string
  readonly conditions: readonly Matcher[]
  readonly counters: Set<string>
  readonly bounds: Set<number>
}

/** What a selector wants of a histogram; undefined where that is no one part of it. */
function histogramPart(matchers: readonly Matcher[]): HistogramPart | undefined {
  const [name, ...otherNames] = matchers.filter(({ label }) => label === metricNameLabel)
  if (name === undefined || name.operator !== '=' || otherNames.length > 0) return undefined
  const conditions = matchers.filter(({ label }) => label !== metricNameLabel && label !== bucketBoundLabel)
  const boundsGiven = matchers.length - 1 - conditions.length
  const counter = name.value
  const histogram = /^(.+)_(?:count|sum)$/s.exec(counter)?.[1]
  if (histogram !== undefined) {
    return boundsGiven === 0 ? { histogram, counter, bound: undefined, conditions } : undefined
  }
  const bucket = boundsGiven === 1 ? wantedBucket({ matchers }) : undefined
  return bucket === undefined ? undefined : { ...bucket, counter, conditions }
}

function noteHistogram(
  all: Map<string, AskedHistogram>,
  { histogram, counter, bound, conditions }: HistogramPart,
): void {
  const key = printSelector({ matchers: [nameIs(histogram), ...conditions] })
  const known = all.get(key) ?? { histogram, conditions, counters: new Set(), bounds: new Set() }
  all.set(key, known)
  if (bound === undefined) known.counters.add(counter)
  else known.bounds.add(bound)
}

function* askedOf({ histogram, conditions, counters, bounds }: AskedHistogram): Iterable<string> {
  const names = [histogram, ...[...counters].sort()]
  const name = names.length === 1 ? nameIs(histogram) : isOneOf(metricNameLabel, names)
  yield printSelector({ matchers: [name, ...conditions] })
  if (bounds.size === 0) return
  const written = [...bounds].sort((a, b) => a - b).flatMap(waysToWrite)
  yield printSelector({ matchers: [nameIs(`${histogram}_bucket`), ...conditions, isOneOf(bucketBoundLabel, written)] })
}

/** `1`, `1.0`, and where Go takes an exponent `1e+06`: sources of one API differ, and regular expressions compare text. */
function waysToWrite(bound: number): readonly string[] {
  const plain = formatBucketBound(bound)
  const [digits, exponent] = bound.toExponential().split('e')
  const isLong = Number(exponent) < -4 || Number(exponent) > 5
  const ofGo = isLong ? `${digits}e${exponent?.replace(/^([+-])(\d)$/, '$10$2')}` : plain
  return [...new Set([plain, `${plain}.0`, ofGo])].filter((way) => bucketBound(way) === bound)
}

function nameIs(value: string): Matcher {
  return { label: metricNameLabel, operator: '=', value }
}

function isOneOf(label: string, values: readonly string[]): Matcher {
  const [only, ...others] = values
  if (only !== undefined && others.length === 0) return { label, operator: '=', value: only }
  return { label, operator: '=~', value: anyOf(values) }
}
