import type { Matcher } from '../model/selector.ts'
import { compileMatchers } from '../sli/match-selector.ts'

/** Labels as alerts carry them. */
export type AlertLabels = Readonly<Record<string, string>>

/** Whether labels meet all matchers; a label that is absent has the value "". One that cannot be compiled matches nothing. */
export function matchesAll(matchers: readonly Matcher[], labels: AlertLabels): boolean {
  return matchers.length === 0 || predicateOf(matchers)(labels)
}

const predicates = new WeakMap<readonly Matcher[], (labels: AlertLabels) => boolean>()

/** Compiled once per list of matchers: silences and rules are asked about every alert at every step. */
function predicateOf(matchers: readonly Matcher[]): (labels: AlertLabels) => boolean {
  const known = predicates.get(matchers)
  if (known !== undefined) return known
  const compiled = compileMatchers(matchers)
  const predicate =
    compiled.kind === 'failed'
      ? () => false
      : (labels: AlertLabels) => compiled.matches(new Map(Object.entries(labels)))
  predicates.set(matchers, predicate)
  return predicate
}
