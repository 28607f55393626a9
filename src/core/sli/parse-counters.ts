import { metricNameLabel } from '../model/labels.ts'
import { counterNestingMax, counterTermsMax } from '../model/limits.ts'
import type { CounterExpression, CounterTerm, Matcher, MatchOperator, Selector } from '../model/selector.ts'
import { compileRegex } from './compile-regex.ts'
import { explainUnexpected } from './explain-unexpected.ts'
import {
  type Cursor,
  failureOf,
  isQuote,
  labelNameToken,
  metricNameToken,
  type TextFailure,
  TextFault,
  take,
  takeQuoted,
} from './text-cursor.ts'

/** The expression, or what is wrong and at which character of the text. */
export type CountersResult = { readonly kind: 'parsed'; readonly expression: CounterExpression } | TextFailure

const matchOperator = /=~|!~|!=|=/y
const functionCall = /\s*\(|\s*(?:by|without)\s*\([^)]*\)\s*\(/iy

/**
 * Reads counters as a rule file gives them: PromQL selectors without a range, joined by + and -, with parentheses.
 * Every regular expression in the result is valid.
 */
export function parseCounters(text: string): CountersResult {
  const cursor: Cursor = { text, at: 0 }
  try {
    const terms = readSum(cursor, 0)
    if (next(cursor) !== '') throw unexpected(cursor, 'end')
    if (terms.length > counterTermsMax)
      throw new TextFault(0, `more than ${counterTermsMax} counters in one expression`)
    return { kind: 'parsed', expression: { terms } }
  } catch (error) {
    return failureOf(error)
  }
}

function readSum(cursor: Cursor, depth: number): CounterTerm[] {
  const terms = readTerm(cursor, readSign(cursor) ?? 1, depth)
  for (let sign = readSign(cursor); sign !== undefined; sign = readSign(cursor)) {
    terms.push(...readTerm(cursor, sign, depth))
  }
  return terms
}

function readSign(cursor: Cursor): 1 | -1 | undefined {
  const character = next(cursor)
  if (character !== '+' && character !== '-') return undefined
  cursor.at += 1
  return character === '+' ? 1 : -1
}

function readTerm(cursor: Cursor, sign: 1 | -1, depth: number): CounterTerm[] {
  if (next(cursor) !== '(') return [{ sign, selector: readSelector(cursor) }]
  if (depth === counterNestingMax)
    throw new TextFault(cursor.at, `more than ${counterNestingMax} parentheses within each other`)
  cursor.at += 1
  const inner = readSum(cursor, depth + 1)
  if (next(cursor) !== ')') throw unexpected(cursor, '")"')
  cursor.at += 1
  return sign === 1 ? inner : inner.map((term) => ({ sign: term.sign === 1 ? -1 : 1, selector: term.selector }))
}

function readSelector(cursor: Cursor): Selector {
  next(cursor)
  const start = cursor.at
  const name = take(cursor, metricNameToken)
  if (name !== undefined && lookingAt(cursor, functionCall)) throw faultAt(cursor.text, start, 'selector')
  if (next(cursor) !== '{') {
    if (name === undefined) throw unexpected(cursor, 'selector')
    return { matchers: [nameMatcher(name)] }
  }
  const matchers = readMatchers(cursor)
  if (name === undefined) return { matchers }
  if (matchers.some(({ label }) => label === metricNameLabel))
    throw new TextFault(start, 'the metric name is given twice')
  return { matchers: [nameMatcher(name), ...matchers] }
}

function readMatchers(cursor: Cursor): Matcher[] {
  const open = cursor.at
  cursor.at += 1
  const matchers: Matcher[] = []
  while (next(cursor) !== '}') {
    if (cursor.at === cursor.text.length) throw new TextFault(open, 'the "{" is not closed')
    const matcher = readMatcher(cursor)
    if (matcher.isBareName && matchers.some(({ label }) => label === metricNameLabel)) {
      throw new TextFault(open, 'the metric name is given twice')
    }
    matchers.push(matcher.matcher)
    if (next(cursor) === '}') break
    if (next(cursor) !== ',') throw unexpected(cursor, '"," or "}"')
    cursor.at += 1
  }
  cursor.at += 1
  return matchers
}

function readMatcher(cursor: Cursor): { matcher: Matcher; isBareName: boolean } {
  const start = cursor.at
  const isQuoted = isQuote(next(cursor))
  const label = isQuoted ? takeQuoted(cursor) : take(cursor, labelNameToken)
  if (label === undefined) throw unexpected(cursor, 'a label name')
  if (label === '') throw new TextFault(start, 'a name in quotes is empty')
  const after = next(cursor)
  if (isQuoted && (after === ',' || after === '}')) return { matcher: nameMatcher(label), isBareName: true }
  const operator = take(cursor, matchOperator)
  if (operator === undefined || !isMatchOperator(operator))
    throw unexpected(cursor, `one of = != =~ !~ after label "${label}"`)
  if (!isQuote(next(cursor))) throw unexpected(cursor, `a value in quotes for label "${label}"`)
  const valueStart = cursor.at
  const value = takeQuoted(cursor)
  if (operator === '=~' || operator === '!~') checkRegex(value, valueStart)
  return { matcher: { label, operator, value }, isBareName: false }
}

function checkRegex(pattern: string, offset: number): void {
  const regex = compileRegex(pattern)
  if (regex.kind === 'failed') {
    throw new TextFault(
      offset,
      `the regular expression is not valid: ${regex.reason}`,
      'the syntax is that of RE2, as in Prometheus',
    )
  }
}

function nameMatcher(value: string): Matcher {
  return { label: metricNameLabel, operator: '=', value }
}

/** Skips white space and comments; answers the character there, "" at the end. */
function next(cursor: Cursor): string {
  const { text } = cursor
  for (let inComment = false; cursor.at < text.length; cursor.at += 1) {
    const character = text[cursor.at]
    if (character === '\n') inComment = false
    else if (character === '#') inComment = true
    else if (!inComment && !/\s/.test(character)) return character
  }
  return ''
}

function lookingAt(cursor: Cursor, pattern: RegExp): boolean {
  pattern.lastIndex = cursor.at
  return pattern.test(cursor.text)
}

function isMatchOperator(text: string): text is MatchOperator {
  return text === '=' || text === '!=' || text === '=~' || text === '!~'
}

function unexpected(cursor: Cursor, wanted: string): TextFault {
  return faultAt(cursor.text, cursor.at, wanted)
}

function faultAt(text: string, offset: number, wanted: string): TextFault {
  const { message, hint } = explainUnexpected(text, offset, wanted)
  return new TextFault(offset, message, hint)
}
