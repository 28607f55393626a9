import { labelsOf } from '../../core/model/labels.ts'
import type { HistorySeries } from '../../ports/history-sink.ts'
import { dataOf, type Fields, failed, isRecord, type UnknownAnswer } from './query-answer.ts'

/** Raw samples of some series, or why they are not known. */
export type HistoryAnswer =
  | { readonly kind: 'series'; readonly series: readonly HistorySeries[]; readonly samples: number }
  | UnknownAnswer

/** Reads the answer to a range selector, in the form that Prometheus, Thanos, Mimir and VictoriaMetrics share. */
export function parseHistoryAnswer(status: number, body: string): HistoryAnswer {
  const data = dataOf(status, body)
  if ('kind' in data) return data
  const { resultType, result } = data.fields
  if (resultType !== 'matrix' || !Array.isArray(result)) {
    return failed(`answered a ${String(resultType)}, where raw samples are needed`)
  }
  const series: HistorySeries[] = []
  let samples = 0
  for (const each of result) {
    const read = isRecord(each) ? seriesIn(each) : undefined
    if (read === undefined) return failed('answered a series without labels or samples')
    series.push(read)
    samples += read.timesMs.length
  }
  return { kind: 'series', series, samples }
}

/** Native histograms stand under another name; a series of them alone has no values. */
function seriesIn({ metric, values = [] }: Fields): HistorySeries | undefined {
  if (!isRecord(metric) || !Array.isArray(values)) return undefined
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(metric)) {
    if (typeof value !== 'string') return undefined
    pairs.push([name, value])
  }
  const timesMs: number[] = []
  const numbers: number[] = []
  for (const sample of values) {
    if (!Array.isArray(sample)) return undefined
    const [time, value]: unknown[] = sample
    if (typeof time !== 'number' || typeof value !== 'string') return undefined
    timesMs.push(Math.round(time * 1_000))
    numbers.push(numberOf(value))
  }
  return { labels: labelsOf(pairs), timesMs, values: numbers }
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)
}
