import { type FormulaFailure, formulaFailure } from './parse-formula-result.ts'
import { isOperatorWord } from './parse-formula-words.ts'

/** One number, name, operator or bracket of a formula, and the character where it begins. */
export interface FormulaToken {
  readonly kind: 'number' | 'name' | 'operator' | 'open' | 'close' | 'comma'
  readonly text: string
  readonly offset: number
}

type TokensResult = { readonly kind: 'read'; readonly tokens: readonly FormulaToken[] } | FormulaFailure

interface Refusal {
  /** Tried where no token begins. */
  readonly pattern: RegExp
  readonly message: (found: string) => string
  readonly hint: string
}

const space = /\s+/y
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const numberTail = /[\w.]+/y
const name = /[a-zA-Z_]\w*/y
const symbol = /[!=<>]=(?!=)|[-+/<>]|\*(?!\*)/y

const doesNotBelong = (found: string) => `"${found}" does not belong into a formula`

/** What people bring from other languages, most specific first. */
const refusals: readonly Refusal[] = [
  { pattern: /[!=]==/y, message: doesNotBelong, hint: 'write == or != to compare' },
  { pattern: /:?=/y, message: () => 'a formula assigns nothing', hint: 'write == to compare' },
  { pattern: /&&?/y, message: doesNotBelong, hint: 'write "and"' },
  { pattern: /\|\|?/y, message: doesNotBelong, hint: 'write "or"' },
  { pattern: /!/y, message: doesNotBelong, hint: 'write "not"' },
  { pattern: /\^|\*\*/y, message: doesNotBelong, hint: 'write a * a for a square' },
  { pattern: /%/y, message: doesNotBelong, hint: 'write a share as a number, e.g. 0.05 for 5 %' },
  {
    pattern: /\?/y,
    message: () => 'a formula has no branches',
    hint: 'write a condition with "and", "or" and "not"',
  },
  { pattern: /:/y, message: () => 'a formula has no ranges', hint: 'use the named signals and numbers' },
  {
    pattern: /["'`“”„‘’]/y,
    message: () => 'a formula has no texts',
    hint: 'use the named signals and numbers, without quotes',
  },
  {
    pattern: /[[\]]/y,
    message: () => 'a formula has no lists and no ranges of time',
    hint: 'the alert policy and the SLO set the windows',
  },
  {
    pattern: /[{}]/y,
    message: () => 'labels do not belong into a formula',
    hint: 'declare the selector under "signals" and use its name here',
  },
  { pattern: /;/y, message: () => 'there is more than one formula', hint: 'write one formula only' },
  { pattern: /#/y, message: () => 'a formula has no comments', hint: 'put the comment beside it, in the YAML' },
  { pattern: /\./y, message: doesNotBelong, hint: 'a signal is named with letters, digits and "_"' },
  { pattern: /×/y, message: doesNotBelong, hint: 'write *' },
  { pattern: /÷/y, message: doesNotBelong, hint: 'write /' },
  { pattern: /[−–—]/y, message: doesNotBelong, hint: 'write the plain minus: -' },
  { pattern: /≤/y, message: doesNotBelong, hint: 'write <=' },
  { pattern: /≥/y, message: doesNotBelong, hint: 'write >=' },
  { pattern: /≠/y, message: doesNotBelong, hint: 'write !=' },
  { pattern: /[^]/uy, message: doesNotBelong, hint: 'use the named signals, numbers and + - * / < <= > >= == !=' },
]

/** Takes a formula apart; what can be no part of one is refused. */
export function formulaTokens(text: string): TokensResult {
  const tokens: FormulaToken[] = []
  for (let at = match(space, text, 0).length; at < text.length; ) {
    const token = readToken(text, at)
    if ('message' in token) return token
    tokens.push(token)
    at += token.text.length
    at += match(space, text, at).length
  }
  return { kind: 'read', tokens }
}

function readToken(text: string, offset: number): FormulaToken | FormulaFailure {
  if (match(number, text, offset) !== '') return readNumber(text, offset)
  const word = match(name, text, offset)
  if (word !== '') return { kind: isOperatorWord(word) ? 'operator' : 'name', text: word, offset }
  const operator = match(symbol, text, offset)
  if (operator !== '') return { kind: 'operator', text: operator, offset }
  if (text[offset] === '(') return { kind: 'open', text: '(', offset }
  if (text[offset] === ')') return { kind: 'close', text: ')', offset }
  if (text[offset] === ',') return { kind: 'comma', text: ',', offset }
  return refuse(text, offset)
}

function readNumber(text: string, offset: number): FormulaToken | FormulaFailure {
  const digits = match(number, text, offset)
  const tail = match(numberTail, text, offset + digits.length)
  if (tail !== '') {
    const isWord = /^[a-zA-Z]/.test(tail)
    const hint = isWord ? `to multiply write ${digits} * ${tail}; a number has no unit` : 'write it like 1500 or 0.05'
    return formulaFailure(offset, `"${digits}${tail}" is not a number`, hint)
  }
  if (Number.isFinite(Number(digits))) return { kind: 'number', text: digits, offset }
  return formulaFailure(offset, `the number ${digits} is too large`, 'the largest number is about 1.8e308')
}

function refuse(text: string, offset: number): FormulaFailure {
  for (const { pattern, message, hint } of refusals) {
    const found = match(pattern, text, offset)
    if (found !== '') return formulaFailure(offset, message(found), hint)
  }
  return formulaFailure(offset, 'this character does not belong into a formula', 'use the named signals and numbers')
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
