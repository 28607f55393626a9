import type { Formula } from '../model/formula.ts'

/** The formula, or what is wrong and at which character of the text. */
export type FormulaResult = { readonly kind: 'parsed'; readonly formula: Formula } | FormulaFailure

/** What is wrong, at which character, and what to write instead. */
export interface FormulaFailure {
  readonly kind: 'failed'
  readonly offset: number
  readonly message: string
  readonly hint: string
}

/** A failure at a character of the text. */
export function formulaFailure(offset: number, message: string, hint: string): FormulaFailure {
  return { kind: 'failed', offset, message, hint }
}
