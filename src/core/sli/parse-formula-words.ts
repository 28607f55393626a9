import type { FormulaFunction } from '../model/formula.ts'

const notAValue = 'compare signals and numbers instead, e.g. errors > 0'
const onlyNumbers = 'a formula knows only signals and finite numbers'
const noUnits = 'give numbers in the unit of the signal'
const lowerCase = (word: string) => `write "${word.toLowerCase()}" in lower case`

/** Words that mathjs gives a meaning a formula has no use for, with what to write instead. */
const refusedWords: ReadonlyMap<string, string> = new Map([
  ['true', notAValue],
  ['false', notAValue],
  ['null', onlyNumbers],
  ['undefined', onlyNumbers],
  ['NaN', onlyNumbers],
  ['Infinity', onlyNumbers],
  ['mod', 'a formula has no remainder; the operators are + - * /'],
  ['xor', 'write (a or b) and not (a and b)'],
  ['to', noUnits],
  ['in', noUnits],
])

/** Words that are most likely meant as something else, unless a signal is called so. */
const mistakenWords: ReadonlyMap<string, string> = new Map([
  ['AND', lowerCase('AND')],
  ['OR', lowerCase('OR')],
  ['NOT', lowerCase('NOT')],
  ['unless', 'write "and not"'],
  ['if', 'a formula has no branches: write a condition with "and", "or" and "not"'],
])

const operatorWords: ReadonlySet<string> = new Set(['and', 'or', 'not'])
const signalName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** What is wrong with a name for a signal, undefined when formulas can use it. */
export function signalNameFault(name: string): string | undefined {
  if (!signalName.test(name)) return 'a signal is named with letters, digits and "_", and begins with a letter or "_"'
  const isReserved = refusedWords.has(name) || operatorWords.has(name) || isFormulaFunction(name)
  return isReserved ? `"${name}" has a meaning of its own in formulas` : undefined
}

/** Whether the word joins or negates conditions. */
export function isOperatorWord(word: string): boolean {
  return operatorWords.has(word)
}

/** Whether the word names a function that a formula may call. */
export function isFormulaFunction(word: string): word is FormulaFunction {
  return word === 'min' || word === 'max' || word === 'abs'
}

/** What to write instead of a word, undefined when nothing is known against it. */
export function wordRefusal(word: string, signalNames: readonly string[]): string | undefined {
  return refusedWords.get(word) ?? (signalNames.includes(word) ? undefined : mistakenWords.get(word))
}
