import { labelsOf } from '../../core/model/labels.ts'
import type { Matcher } from '../../core/model/selector.ts'
import { compileRegex } from '../../core/sli/compile-regex.ts'
import { compileMatchers } from '../../core/sli/match-selector.ts'

/** A label value that shows that one selector takes more than another. */
export interface Counterexample {
  /** What the other selector demands. */
  readonly demand: Matcher
  readonly value: string
}

/** Stands for all values that no selector names. */
export const anyOtherValue = 'other'

const statusCodes = Array.from({ length: 500 }, (_, index) => String(index + 100))

/**
 * A value of one label that passes all of the matchers and not the demand; undefined when none is known. Every answer is
 * proof; no answer is none, because regular expressions are only tried out on the values named and on status codes.
 */
export function counterexample(matchers: readonly Matcher[], demand: Matcher): Counterexample | undefined {
  const sameLabel = matchers.filter(({ label }) => label === demand.label)
  if (sameLabel.some(({ operator, value }) => operator === demand.operator && value === demand.value)) return undefined
  const involved = [...sameLabel, demand]
  const tried = [anyOtherValue, '', ...involved.flatMap(namedValues)]
  const isSelected = predicateOf(sameLabel, demand.label)
  const isDemanded = predicateOf([demand], demand.label)
  const value = (involved.some(isPattern) ? [...tried, ...statusCodes] : tried).find(
    (candidate) => isSelected(candidate) && !isDemanded(candidate),
  )
  return value === undefined ? undefined : { demand, value }
}

/** Whether a matcher accepts values that it does not name. */
function isPattern({ operator, value }: Matcher): boolean {
  if (operator === '=' || operator === '!=') return false
  const regex = compileRegex(value)
  return regex.kind === 'compiled' && regex.literals === undefined
}

function namedValues({ operator, value }: Matcher): readonly string[] {
  if (operator === '=' || operator === '!=') return [value]
  const regex = compileRegex(value)
  return regex.kind === 'compiled' ? (regex.literals ?? []) : []
}

function predicateOf(matchers: readonly Matcher[], label: string): (value: string) => boolean {
  const compiled = compileMatchers(matchers)
  return (value) => compiled.kind === 'compiled' && compiled.matches(labelsOf([[label, value]]))
}
