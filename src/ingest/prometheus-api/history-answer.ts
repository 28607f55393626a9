import { labelsKey, labelsOf } from '../../core/model/labels.ts'
import { historyBucketsMax } from '../../core/model/limits.ts'
import { isMapping, type Mapping } from '../../core/model/mapping.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { NativeHistogram } from '../../core/sli/native-histogram.ts'
import type { HistorySeries } from '../../ports/history-sink.ts'
import { nativeHistogramIn, numberOf } from './native-answer.ts'
import { dataOf, failed, type UnknownAnswer } from './query-answer.ts'

/** Raw samples of some series, or why they are not known. */
export type HistoryAnswer =
  | { readonly kind: 'series'; readonly series: readonly AnsweredSeries[]; readonly samples: number }
  | UnknownAnswer

/** Numbers and native histograms of one series, which may have both at different times; each rising in time. */
export interface AnsweredSeries extends HistorySeries {
  readonly histograms: readonly TimedHistogram[]
}

/** A native histogram as of a moment. */
export interface TimedHistogram {
  readonly timeMs: EpochMs
  readonly histogram: NativeHistogram
}

/**
 * Reads the answer to a range selector, in the form that Prometheus, Thanos, Mimir and VictoriaMetrics share. Of `samples` each
 * bucket of a histogram is one more, since that is what makes an answer large.
 */
export function parseHistoryAnswer(status: number, body: string): HistoryAnswer {
  const data = dataOf(status, body)
  if ('kind' in data) return data
  const { resultType, result } = data.fields
  if (resultType !== 'matrix' || !Array.isArray(result)) {
    return failed(`answered a ${String(resultType)}, where raw samples are needed`)
  }
  const series: AnsweredSeries[] = []
  const room: Room = { buckets: historyBucketsMax }
  let samples = 0
  for (const each of result) {
    const read = isMapping(each) ? seriesIn(each, room) : undefined
    if (room.buckets < 0) {
      return { ...failed(`answered more than ${historyBucketsMax} buckets of histograms`), limit: 'historyBucketsMax' }
    }
    if (read === undefined) return failed('answered a series without labels or samples')
    series.push(read)
    samples += read.timesMs.length + read.histograms.length
  }
  samples += historyBucketsMax - room.buckets
  return { kind: 'series', series, samples }
}

/** Each series once, whichever questions it answered to. */
export function eachOnce(series: readonly AnsweredSeries[]): AnsweredSeries[] {
  return [...new Map(series.map((each) => [labelsKey(each.labels), each])).values()]
}

/** What an answer may still hold. */
interface Room {
  buckets: number
}

function seriesIn({ metric, values = [], histograms = [] }: Mapping, room: Room): AnsweredSeries | undefined {
  if (!isMapping(metric) || !Array.isArray(values) || !Array.isArray(histograms)) return undefined
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(metric)) {
    if (typeof value !== 'string') return undefined
    pairs.push([name, value])
  }
  const timesMs: number[] = []
  const numbers: number[] = []
  for (const sample of values) {
    const [timeMs, text] = sampleIn(sample)
    const value = numberOf(text)
    if (timeMs === undefined || value === undefined) return undefined
    timesMs.push(timeMs)
    numbers.push(value)
  }
  const timed: TimedHistogram[] = []
  for (const sample of histograms) {
    const [timeMs, buckets] = sampleIn(sample)
    const histogram = nativeHistogramIn(buckets)
    if (timeMs === undefined || histogram === undefined) return undefined
    room.buckets -= histogram.positive.counts.length + histogram.negative.counts.length
    if (room.buckets < 0) return undefined
    timed.push({ timeMs, histogram })
  }
  return { labels: labelsOf(pairs), timesMs, values: numbers, histograms: timed }
}

/** A sample is a pair of its time in seconds, and what was sampled. */
function sampleIn(sample: unknown): readonly [timeMs: EpochMs | undefined, sampled: unknown] {
  if (!Array.isArray(sample)) return [undefined, undefined]
  const [time, sampled]: unknown[] = sample
  return [typeof time === 'number' ? Math.round(time * 1_000) : undefined, sampled]
}
