import { labelNameSyntax, metricNameSyntax } from '../model/labels.ts'
import { readQuoted } from './promql-string.ts'

/** Where a parser stands in a text. */
export interface Cursor {
  readonly text: string
  at: number
}

/** What is wrong with a text, and at which character. It leaves the descent of the parser that catches it, and goes no further. */
export class TextFault extends Error {
  readonly offset: number
  readonly hint: string | undefined

  constructor(offset: number, message: string, hint?: string) {
    super(message)
    this.offset = offset
    this.hint = hint
  }
}

/** A text that could not be read, as parsers answer it. */
export interface TextFailure {
  readonly kind: 'failed'
  readonly offset: number
  readonly message: string
  readonly hint?: string
}

/** The failure that a descent was left for; any other error is thrown on. */
export function failureOf(error: unknown): TextFailure {
  if (!(error instanceof TextFault)) throw error
  const { offset, message, hint } = error
  return { kind: 'failed', offset, message, ...(hint === undefined ? {} : { hint }) }
}

/** The name of a metric without quotes, for `take`. */
export const metricNameToken = new RegExp(metricNameSyntax, 'y')

/** The name of a label without quotes, for `take`. */
export const labelNameToken = new RegExp(labelNameSyntax, 'y')

/** Moves past what a sticky pattern matches here; undefined where it does not. */
export function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.text)
  if (match === null) return undefined
  cursor.at = pattern.lastIndex
  return match[0]
}

/** Whether a character begins a text in quotes. */
export function isQuote(character: string): boolean {
  return character === '"' || character === "'" || character === '`'
}

/** Moves past a text in the quotes of PromQL; answers what stands in them. */
export function takeQuoted(cursor: Cursor): string {
  const string = readQuoted(cursor.text, cursor.at)
  if (string.kind === 'failed') throw new TextFault(string.offset, string.message)
  cursor.at = string.end
  return string.value
}
