import { compileRegex } from '../../src/core/sli/compile-regex.ts'
import type { NativeHistogram } from '../../src/core/sli/native-histogram.ts'
import { parseCounters } from '../../src/core/sli/parse-counters.ts'
import { parseDuration } from '../../src/core/time/duration.ts'
import { answeredHistogram } from './ingest-native-answer.ts'
import { answerJson, type QueryApiServer, queryApiServer } from './query-api-server.ts'

/** A series that a query API holds; samples rise in time. */
export interface ApiSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: [timeMs: number, value: number][]
  readonly histograms: [timeMs: number, histogram: NativeHistogram][]
}

/** A query API that answers range selectors, such as `total{code="500"}[1h]`, with the samples of both ends included. */
export async function rawSamplesApi(series: readonly ApiSeries[]): Promise<QueryApiServer> {
  return await queryApiServer(({ query, time }, response) => {
    const [, selector = '', range = ''] = /^(.*)\[([^\]]+)\]$/s.exec(query) ?? []
    const until = time * 1_000
    const from = until - (parseDuration(range) ?? Number.NaN)
    const isWithin = ([at]: readonly [number, unknown]) => at >= from && at <= until
    const isAsked = matcherOf(selector)
    const result = series.flatMap(({ labels, samples, histograms }) => {
      if (!isAsked(labels)) return []
      const values = samples.filter(isWithin).map(([at, value]) => [at / 1_000, String(value)])
      const native = histograms.filter(isWithin).map(([at, value]) => [at / 1_000, answeredHistogram(value)])
      if (values.length + native.length === 0) return []
      return [
        {
          metric: labels,
          ...(values.length > 0 ? { values } : {}),
          ...(native.length > 0 ? { histograms: native } : {}),
        },
      ]
    })
    answerJson(response, 200, { status: 'success', data: { resultType: 'matrix', result } })
  })
}

/** Conditions compare text with text, as those of an API do: `1` is not `1.0` there. */
function matcherOf(selector: string): (labels: Readonly<Record<string, string>>) => boolean {
  const parsed = parseCounters(selector)
  if (parsed.kind !== 'parsed') throw new Error(`${selector}: ${parsed.message}`)
  const [
    {
      selector: { matchers },
    },
  ] = parsed.expression.terms
  const tests = matchers.map(({ label, operator, value }) => {
    const regex = compileRegex(operator.endsWith('~') ? value : '')
    if (regex.kind === 'failed') throw new Error(`${value}: ${regex.reason}`)
    const isEqual = operator.endsWith('~') ? regex.matches : (text: string) => text === value
    return (labels: Readonly<Record<string, string>>) => isEqual(labels[label] ?? '') !== operator.startsWith('!')
  })
  return (labels) => tests.every((isMet) => isMet(labels))
}
