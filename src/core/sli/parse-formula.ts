import type { FormulaType } from '../model/formula.ts'
import { formulaLengthMax } from '../model/limits.ts'
import { checkFormula } from './check-formula.ts'
import { formulaOrderFault } from './parse-formula-order.ts'
import { type FormulaFailure, type FormulaResult, formulaFailure } from './parse-formula-result.ts'
import { formulaTokens } from './parse-formula-tokens.ts'
import { locateFormula, type MathNode, type MathParser } from './parse-formula-tree.ts'

/** Reads formulas; loaded only where a rule file has some. */
export interface FormulaParser {
  /**
   * Reads arithmetic, comparison and logic over the named signals. A condition is refused where a number is expected, and
   * the other way round.
   */
  readonly parseFormula: (text: string, signalNames: readonly string[], expected: FormulaType) => FormulaResult
}

/**
 * Loads mathjs. Its modules take 0.6 s of CPU to import and its own number-only build 0.25 s; the one-file bundle it
 * publishes takes 0.1 s.
 */
export async function loadFormulaParser(): Promise<FormulaParser> {
  const { default: math } = await import('mathjs/lib/browser/math.js')
  return { parseFormula: (text, signalNames, expected) => parseFormula(math, text, signalNames, expected) }
}

function parseFormula(
  math: MathParser,
  text: string,
  signalNames: readonly string[],
  expected: FormulaType,
): FormulaResult {
  if (text.length > formulaLengthMax) return tooLong()
  const read = formulaTokens(text)
  if (read.kind === 'failed') return read
  const { tokens } = read
  const fault = formulaOrderFault(tokens, signalNames, text.trimEnd().length)
  if (fault !== undefined) return fault
  const parsed = parseWithMathjs(math, text)
  if (parsed.kind === 'failed') return parsed
  const located = locateFormula(parsed.root, tokens, signalNames)
  if (located.kind === 'failed') return located
  const { formula, offsetOf } = located
  return checkFormula(formula, expected, offsetOf) ?? { kind: 'parsed', formula }
}

function parseWithMathjs(math: MathParser, text: string): { kind: 'tree'; root: MathNode } | FormulaFailure {
  try {
    // A line break separates formulas in mathjs; in YAML it is where the author's editor broke the line.
    return { kind: 'tree', root: math.parse(text.replaceAll(/\s/g, ' ')) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return formulaFailure(0, error.message, 'use arithmetic, comparisons, and/or/not')
  }
}

function tooLong(): FormulaFailure {
  return formulaFailure(
    formulaLengthMax,
    `the formula is longer than ${formulaLengthMax} characters`,
    'declare parts of it as signals: a signal may add and subtract counters',
  )
}
