import type { Formula, FormulaType } from '../core/model/formula.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readText } from './read-values.ts'

/** A formula over the named signals; undefined when there is none, there are no signals, or something is wrong with it. */
export function readFormula(
  reading: Reading,
  path: Path,
  signalNames: readonly string[],
  expected: FormulaType,
): Formula | undefined {
  const text = readText(reading, path)
  if (text === undefined || signalNames.length === 0) return undefined
  const { document, problems, languages } = reading
  const result = languages.formulas?.parseFormula(text, signalNames, expected)
  if (result === undefined) throw new Error('a formula was read before the language of formulas was loaded')
  if (result.kind === 'parsed') return result.formula
  const { offset, message, hint } = result
  problems.report({ code: 'RULE_FORMULA', path, place: document.placeInText(path, offset), message, hint })
  return undefined
}
