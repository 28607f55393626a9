import { matchersMax } from '../../core/model/limits.ts'
import { parseMatcher } from '../../core/model/parse-matcher.ts'
import type { Matcher } from '../../core/model/selector.ts'
import { compileMatchers } from '../../core/sli/match-selector.ts'
import type { Reading } from '../part-reading.ts'

/** Draft-07 schema of a list of matchers. */
export const matchersSchema = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
  maxItems: matchersMax,
  description: `conditions on labels, such as ['severity="page"', 'region=~"eu-.*"']`,
} as const

/** Reads matchers in Alertmanager's notation; those that are none are reported, each at its place. */
export function readMatchers(texts: readonly string[], pointer: string, { problems }: Reading): readonly Matcher[] {
  return texts.flatMap((text, index) => {
    const matcher = parseMatcher(text)
    const compiled = matcher === undefined ? undefined : compileMatchers([matcher])
    if (matcher !== undefined && compiled?.kind === 'compiled') return [matcher]
    const message = compiled?.kind === 'failed' ? compiled.reason : `${JSON.stringify(text)} is not a matcher`
    const hint = `for example 'region=~"eu-.*"'; the operators are = != =~ !~`
    problems.report({ code: 'CONFIG_MATCHER', pointer: `${pointer}/${index}`, message, hint })
    return []
  })
}
