import type { BinaryOperator, Formula, FormulaType } from '../model/formula.ts'
import { constantValue } from './check-formula-linear.ts'
import { type FormulaFailure, formulaFailure } from './parse-formula-result.ts'

const compareIt = 'compare it, e.g. errors > 0'
const joinConditions = 'conditions are joined by "and", "or" and "not"'
const nouns = { number: 'a number', boolean: 'a condition' } as const

/** What the formula answers, provided that its parts fit together. */
export function formulaType(formula: Formula): FormulaType {
  if (formula.kind === 'not') return 'boolean'
  return formula.kind === 'binary' && operandType(formula.operator).answer === 'boolean' ? 'boolean' : 'number'
}

/** The first part that is a condition where a number is needed, or the other way round, or divides by zero. */
export function checkFormula(
  formula: Formula,
  expected: FormulaType,
  offsetOf: (part: Formula) => number,
): FormulaFailure | undefined {
  const fault = partsFault(formula, offsetOf)
  if (fault !== undefined || formulaType(formula) === expected) return fault
  const message = `${expected === 'number' ? 'a number of events' : 'a condition'} is needed here`
  const hint = expected === 'number' ? 'leave the comparison out' : compareIt
  return formulaFailure(offsetOf(formula), `${message}, and this is ${nouns[formulaType(formula)]}`, hint)
}

function partsFault(formula: Formula, offsetOf: (part: Formula) => number): FormulaFailure | undefined {
  for (const { part, needs, by, hint } of needsOf(formula)) {
    const fault = partsFault(part, offsetOf)
    if (fault !== undefined) return fault
    if (formulaType(part) === needs) continue
    const message = `"${by}" needs ${needs === 'number' ? 'numbers' : 'conditions'}, and this is`
    return formulaFailure(offsetOf(part), `${message} ${nouns[formulaType(part)]}`, hint)
  }
  if (formula.kind !== 'binary' || formula.operator !== '/' || constantValue(formula.right) !== 0) return undefined
  return formulaFailure(offsetOf(formula.right), 'this divides by zero', 'divide by a signal or by another number')
}

interface Need {
  readonly part: Formula
  readonly needs: FormulaType
  readonly by: string
  readonly hint: string
}

function needsOf(formula: Formula): readonly Need[] {
  switch (formula.kind) {
    case 'number':
    case 'signal':
      return []
    case 'negate':
      return [{ part: formula.operand, needs: 'number', by: '-', hint: 'write "not" before a condition' }]
    case 'not': {
      // "not" binds tighter than a comparison, which surprises everybody once.
      const hint = 'write not (a > b), with parentheses'
      return [{ part: formula.operand, needs: 'boolean', by: 'not', hint }]
    }
    case 'call':
      return formula.operands.map((part) => ({ part, needs: 'number', by: formula.name, hint: joinConditions }))
    default: {
      const { operator, left, right } = formula
      const needs = operandType(operator).operands
      const hint = needs === 'number' ? joinConditions : compareIt
      return [left, right].map((part) => ({ part, needs, by: operator, hint }))
    }
  }
}

function operandType(operator: BinaryOperator): { operands: FormulaType; answer: FormulaType } {
  if (operator === 'and' || operator === 'or') return { operands: 'boolean', answer: 'boolean' }
  const isArithmetic = operator === '+' || operator === '-' || operator === '*' || operator === '/'
  return { operands: 'number', answer: isArithmetic ? 'number' : 'boolean' }
}
