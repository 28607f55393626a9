import type { CounterExpression, Selector } from '../core/model/selector.ts'
import { selectsEverything } from '../core/sli/match-selector.ts'
import { parseCounters } from '../core/sli/parse-counters.ts'
import { printSelector } from '../core/sli/print-counters.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readText } from './read-values.ts'

/** Counters from a text such as `a_total{x="1"} + b_total`. */
export function readCounters(reading: Reading, path: Path): CounterExpression | undefined {
  const text = readText(reading, path)
  if (text === undefined) return undefined
  const result = parseCounters(text)
  const { document, problems } = reading
  if (result.kind === 'failed') {
    const { offset, message, hint = cutOffHint(reading, path, text, offset) } = result
    problems.report({ code: 'RULE_COUNTERS', path, place: document.placeInText(path, offset), message, hint })
    return undefined
  }
  const greedy = result.expression.terms.find(({ selector }) => selectsEverything(selector.matchers))
  if (greedy === undefined) return result.expression
  const isRefused = problems.report({
    code: 'RULE_SELECTS_EVERYTHING',
    path,
    message: `${printSelector(greedy.selector)} selects every series there is`,
    hint: 'name the metric, or a label that only the wanted series have',
  })
  return isRefused ? undefined : result.expression
}

/** One selector, where counters cannot be added up. */
export function readSelector(reading: Reading, path: Path): Selector | undefined {
  const counters = readCounters(reading, path)
  if (counters === undefined) return undefined
  const [first, second] = counters.terms
  if (second === undefined && first.sign === 1) return first.selector
  const message = 'one selector is needed here, and this adds or subtracts'
  const hint = 'select all that belongs together by labels: {__name__=~"a|b"}'
  reading.problems.report({ code: 'RULE_COUNTERS', path, message, hint })
  return undefined
}

/** Whoever writes ` #` inside an unquoted YAML text loses what follows, so that a quote or bracket stays open. */
function cutOffHint({ document }: Reading, path: Path, text: string, offset: number): string | undefined {
  const staysOpen = offset >= text.length || '"\'`{'.includes(text[offset])
  if (!staysOpen || !document.isFollowedByComment(path)) return undefined
  return 'a " #" begins a YAML comment: put the whole text between single quotes'
}
