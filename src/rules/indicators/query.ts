import type { QueryIndicator } from '../../core/model/indicator.ts'
import type { Path } from '../../documents/source-document.ts'
import type { PromqlFailure } from '../promql/parse-promql.ts'
import { type Reading, readText } from '../read-values.ts'
import { querySchema } from '../schema/scalar-schemas.ts'
import type { IndicatorKind } from './indicator-kind.ts'

/** PromQL that the Prometheus-compatible API of each region answers. */
export const query: IndicatorKind = {
  language: 'promql',
  schema: {
    description:
      'PromQL that the Prometheus-compatible API of each region answers, for what cannot be counted as it comes. $window stands where the range goes; the answer is one number.',
    type: 'object',
    properties: {
      bad: { ...querySchema, description: 'The failures, as events or events a second.' },
      good: { ...querySchema, description: 'The successes, in the same unit as total.' },
      errorRatio: {
        ...querySchema,
        description: 'The share of bad events, from 0 to 1, where no counts can be had. Budgets then weigh by time.',
        examples: ['1 - avg_over_time(probe_success{job="checkout"}[$window])'],
      },
      total: {
        ...querySchema,
        description: 'All events, in the same unit; not with errorRatio.',
        examples: ['sum(rate(http_requests_total[$window]))'],
      },
    },
    oneOf: [{ required: ['bad'] }, { required: ['good'] }, { required: ['errorRatio'] }],
    dependencies: { bad: ['total'], good: ['total'] },
    additionalProperties: false,
    errorMessage: 'a query has exactly one of "bad", "good" (both beside "total") and "errorRatio"',
    'x-code': 'RULE_INDICATOR',
    examples: [
      {
        bad: 'sum(rate(http_requests_total{code=~"5.."}[$window]))',
        total: 'sum(rate(http_requests_total[$window]))',
      },
    ],
  },
  read(reading, path) {
    const given = (['errorRatio', 'good', 'bad'] as const).find(
      (key) => reading.document.at([...path, key]) !== undefined,
    )
    const counted = given === undefined ? undefined : readQuery(reading, [...path, given])
    const total = readQuery(reading, [...path, 'total'])
    if (given === 'errorRatio') {
      return refuseTotal(reading, path) || counted === undefined
        ? undefined
        : { kind: 'query', given: 'error-ratio', query: counted, total: null }
    }
    if (given === undefined || counted === undefined || total === undefined) return undefined
    return { kind: 'query', given, query: counted, total }
  },
  print(indicator) {
    if (indicator.kind !== 'query') return undefined
    const { given, query: counted, total } = indicator
    return { [keyOf(given)]: counted, ...(total === null ? {} : { total }) }
  },
}

function keyOf(given: QueryIndicator['given']): string {
  return given === 'error-ratio' ? 'errorRatio' : given
}

function refuseTotal({ document, problems }: Reading, path: Path): boolean {
  if (document.at([...path, 'total']) === undefined) return false
  const message = 'errorRatio is a share already, so total has no effect'
  const place = document.placeOfKey([...path, 'total'])
  const hint = 'leave total out, or give bad in place of errorRatio'
  problems.report({ code: 'RULE_INDICATOR', path: [...path, 'total'], place, message, hint })
  return true
}

/** The text of a query with `$window` wherever it names the window. */
function readQuery(reading: Reading, path: Path): string | undefined {
  const text = readText(reading, path)
  if (text === undefined) return undefined
  const { document, problems, languages } = reading
  const parsed = languages.promql?.parsePromql(text)
  if (parsed === undefined) throw new Error('a query was read before the language of queries was loaded')
  if (parsed.kind === 'failed') return failedQuery(reading, path, text, parsed)
  const { windows } = parsed.tree
  if (windows.length === 0) {
    const message = 'the query does not use $window, so that it would answer the same for every window'
    const hint = 'write $window as the range: rate(errors_total[$window])'
    problems.report({ code: 'RULE_QUERY', path, place: document.placeOf(path), message, hint })
    return undefined
  }
  return windows.toReversed().reduce((rest, { from, to }) => `${rest.slice(0, from)}$window${rest.slice(to)}`, text)
}

function failedQuery(
  { document, problems }: Reading,
  path: Path,
  text: string,
  { cause, offset, message, hint }: PromqlFailure,
): string | undefined {
  const place = document.placeInText(path, offset)
  if (cause !== 'unknown-function') {
    problems.report({ code: 'RULE_QUERY', path, place, message, hint })
    return undefined
  }
  problems.report({ code: 'RULE_QUERY_FUNCTION', severity: 'warning', path, place, message, hint })
  return text
}
