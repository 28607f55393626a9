import { type Labels, metricNameLabel } from '../model/labels.ts'
import type { Matcher } from '../model/selector.ts'
import { bucketBound, bucketBoundLabel } from './bucket-bound.ts'
import { compileRegex } from './compile-regex.ts'

export type LabelPredicate = (labels: Labels) => boolean

/** A predicate over labels, or the matcher whose regular expression is not valid. */
export type CompiledMatchers =
  | { readonly kind: 'compiled'; readonly matches: LabelPredicate }
  | { readonly kind: 'failed'; readonly matcher: Matcher; readonly reason: string }

/** Compiles a selector's matchers: all must hold, and a label that is absent has the value "". */
export function compileMatchers(matchers: readonly Matcher[]): CompiledMatchers {
  const found: { label: string; accepts: ValueTest }[] = []
  for (const matcher of matchers) {
    const test = valueTest(matcher)
    if (test.kind === 'failed') return { kind: 'failed', matcher, reason: test.reason }
    found.push({ label: matcher.label, accepts: test.accepts })
  }
  // A list that grew has room for seventeen, and there are as many as selectors.
  const tests = found.slice()
  const matches = (labels: Labels): boolean => {
    for (const { label, accepts } of tests) if (!accepts(labels.get(label) ?? '')) return false
    return true
  }
  return { kind: 'compiled', matches }
}

/** Whether matchers accept every series: no series with a metric name is refused for want of a label. */
export function selectsEverything(matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => {
    if (matcher.label === metricNameLabel && acceptsAnyName(matcher)) return true
    const test = valueTest(matcher)
    return test.kind === 'compiled' && test.accepts('')
  })
}

type ValueTest = (value: string) => boolean
type CompiledTest =
  | { readonly kind: 'compiled'; readonly accepts: ValueTest }
  | { readonly kind: 'failed'; readonly reason: string }

function valueTest({ label, operator, value: wanted }: Matcher): CompiledTest {
  const equals = label === bucketBoundLabel ? equalBound(wanted) : (value: string) => value === wanted
  if (operator === '=') return { kind: 'compiled', accepts: equals }
  if (operator === '!=') return { kind: 'compiled', accepts: (value) => !equals(value) }
  const regex = compileRegex(wanted)
  if (regex.kind === 'failed') return regex
  const { matches } = regex
  return { kind: 'compiled', accepts: operator === '=~' ? matches : (value) => !matches(value) }
}

/** Prometheus 2 passed on what the client wrote, `1` or `1.0`; Prometheus 3 writes `1.0`. It is the same bucket. */
function equalBound(wanted: string): ValueTest {
  const bound = bucketBound(wanted)
  return (value) => value === wanted || (bound !== undefined && bucketBound(value) === bound)
}

/** Every series has a name, so asking for any name asks for nothing. */
function acceptsAnyName({ operator, value }: Matcher): boolean {
  return (operator === '=~' && value === '.+') || ((operator === '!=' || operator === '!~') && value === '')
}
