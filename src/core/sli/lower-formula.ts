import type { BinaryOperator, Formula, FormulaFunction } from '../model/formula.ts'
import { formulaType } from './check-formula.ts'

/** The value from the signals in their order; NaN when it cannot be known. */
export type NumberFunction = (signals: ArrayLike<number>) => number

/** Whether the condition holds for the signals; undefined when that cannot be known. */
export type ConditionFunction = (signals: ArrayLike<number>) => boolean | undefined

/**
 * Makes a formula that answers a number ready for the tick. A division by zero, like a signal that is NaN, makes the
 * value NaN: there was nothing to measure, which callers treat as no events and never as zero.
 */
export function lowerNumber(formula: Formula): NumberFunction {
  switch (formula.kind) {
    case 'number': {
      const { value } = formula
      return () => value
    }
    case 'signal': {
      const { signal } = formula
      return (signals) => signals[signal]
    }
    case 'negate': {
      const operand = lowerNumber(formula.operand)
      return (signals) => -operand(signals)
    }
    case 'call':
      return lowerCall(formula.name, formula.operands.map(lowerNumber))
    case 'not':
      throw new TypeError('a condition was lowered as a number')
    default:
      return lowerArithmetic(formula.operator, lowerNumber(formula.left), lowerNumber(formula.right))
  }
}

/**
 * Makes a condition ready for the tick. Where a comparison meets NaN the answer is undefined, unless the rest decides:
 * `total == 0 or bad / total <= 0.01` is true without events. Callers treat undefined as a slice without events.
 *
 * As in mathjs, numbers that differ by no more than rounding (1e-12 of the larger) are equal, so that
 * `1 - good / total <= 0.01` holds at exactly 99 %.
 */
export function lowerCondition(formula: Formula): ConditionFunction {
  if (formula.kind === 'not') {
    const operand = lowerCondition(formula.operand)
    return (signals) => negated(operand(signals))
  }
  if (formula.kind !== 'binary' || formulaType(formula) !== 'boolean') {
    throw new TypeError('a number was lowered as a condition')
  }
  const { operator, left, right } = formula
  if (operator === 'and' || operator === 'or') {
    return lowerLogic(operator, lowerCondition(left), lowerCondition(right))
  }
  return lowerComparison(operator, lowerNumber(left), lowerNumber(right))
}

function lowerArithmetic(operator: BinaryOperator, left: NumberFunction, right: NumberFunction): NumberFunction {
  switch (operator) {
    case '+':
      return (signals) => left(signals) + right(signals)
    case '-':
      return (signals) => left(signals) - right(signals)
    case '*':
      return (signals) => left(signals) * right(signals)
    case '/':
      return (signals) => {
        const divisor = right(signals)
        return divisor === 0 ? Number.NaN : left(signals) / divisor
      }
    default:
      throw new TypeError('a condition was lowered as a number')
  }
}

function lowerCall(name: FormulaFunction, operands: readonly NumberFunction[]): NumberFunction {
  const [first, ...others] = operands
  if (name === 'abs') return (signals) => Math.abs(first(signals))
  const choose = name === 'min' ? Math.min : Math.max
  return (signals) => {
    let chosen = first(signals)
    for (const other of others) chosen = choose(chosen, other(signals))
    return chosen
  }
}

function lowerComparison(operator: BinaryOperator, left: NumberFunction, right: NumberFunction): ConditionFunction {
  const holds = comparison(operator)
  return (signals) => {
    const a = left(signals)
    const b = right(signals)
    return Number.isNaN(a) || Number.isNaN(b) ? undefined : holds(a, b)
  }
}

function comparison(operator: BinaryOperator): (a: number, b: number) => boolean {
  switch (operator) {
    case '<':
      return (a, b) => a < b && !nearlyEqual(a, b)
    case '<=':
      return (a, b) => a <= b || nearlyEqual(a, b)
    case '>':
      return (a, b) => a > b && !nearlyEqual(a, b)
    case '>=':
      return (a, b) => a >= b || nearlyEqual(a, b)
    case '==':
      return nearlyEqual
    case '!=':
      return (a, b) => !nearlyEqual(a, b)
    default:
      throw new TypeError(`"${operator}" compares nothing`)
  }
}

function nearlyEqual(a: number, b: number): boolean {
  if (a === b) return true
  const tolerance = Math.max(1e-12 * Math.max(Math.abs(a), Math.abs(b)), 1e-15)
  return tolerance < Number.POSITIVE_INFINITY && Math.abs(a - b) <= tolerance
}

function lowerLogic(operator: 'and' | 'or', left: ConditionFunction, right: ConditionFunction): ConditionFunction {
  const decisive = operator === 'or'
  return (signals) => {
    const a = left(signals)
    if (a === decisive) return decisive
    const b = right(signals)
    if (b === decisive) return decisive
    return a === undefined || b === undefined ? undefined : !decisive
  }
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value
}
