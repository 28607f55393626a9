import type { Matcher, MatchOperator } from './selector.ts'

const operators: readonly MatchOperator[] = ['=~', '!~', '!=', '=']

/**
 * Reads one condition on one label as Alertmanager writes it: `severity="page"`, `region=~"eu-.*"`, `team!=search`. Undefined when
 * it is none. Whether a regular expression is valid is not looked at.
 */
export function parseMatcher(text: string): Matcher | undefined {
  const match = /^([a-zA-Z_][a-zA-Z0-9_.]*)\s*(=~|!~|!=|=)\s*(.*)$/s.exec(text.trim())
  if (match === null) return undefined
  const [, label, word, quoted] = match
  const operator = operators.find((one) => one === word)
  const value = quoted.startsWith('"') ? unquoted(quoted) : quoted
  if (operator === undefined || value === undefined || (!quoted.startsWith('"') && /["\s]/.test(value)))
    return undefined
  return { label, operator, value }
}

/** The condition as it is read. */
export function printMatcher({ label, operator, value }: Matcher): string {
  return `${label}${operator}${JSON.stringify(value)}`
}

/** Quotes as in JSON, but that a backslash before anything without a meaning stands for itself, as in `\d`. */
function unquoted(text: string): string | undefined {
  if (!/^"(?:[^"\\]|\\.)*"$/s.test(text)) return undefined
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' }
  return text.slice(1, -1).replace(/\\(.)/gs, (whole, character: string) => escapes[character] ?? whole)
}
