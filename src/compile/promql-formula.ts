import type { BinaryOperator, Formula } from '../core/model/formula.ts'
import { constantValue } from '../core/sli/check-formula-linear.ts'

/** A part of a formula in PromQL: a vector with the labels of the signals, or a plain number. */
interface Part {
  readonly text: string
  readonly isNumber: boolean
}

/**
 * A formula in PromQL over signals that have the same labels; what a condition says becomes 1 or 0. Everything is put in
 * parentheses, since operators bind otherwise in PromQL.
 */
export function promqlFormula(formula: Formula, signals: readonly string[]): string {
  return partOf(formula, signals).text
}

function partOf(formula: Formula, signals: readonly string[]): Part {
  // Of numbers alone PromQL can take no minimum, nor anything else that is asked of vectors.
  const constant = constantValue(formula)
  if (constant !== undefined) return { text: String(constant), isNumber: true }
  switch (formula.kind) {
    case 'number':
      return { text: String(formula.value), isNumber: true }
    case 'signal':
      return { text: signals[formula.signal], isNumber: false }
    case 'negate':
      return map(partOf(formula.operand, signals), (text) => `(-${text})`)
    case 'not':
      return map(partOf(formula.operand, signals), (text) => `(1 - ${text})`)
    case 'call':
      return callOf(
        formula.name,
        formula.operands.map((operand) => partOf(operand, signals)),
      )
    default:
      return binaryOf(formula.operator, partOf(formula.left, signals), partOf(formula.right, signals))
  }
}

function map({ text, isNumber }: Part, change: (text: string) => string): Part {
  return { text: change(text), isNumber }
}

function binaryOf(operator: BinaryOperator, left: Part, right: Part): Part {
  const isNumber = left.isNumber && right.isNumber
  // Conditions are 1 or 0, so that both hold where the product is 1, and one of them where the sum is above 0.
  if (operator === 'and') return { text: `(${left.text} * ${right.text})`, isNumber }
  if (operator === 'or') return { text: `((${left.text} + ${right.text}) > bool 0)`, isNumber }
  const isComparison = !['+', '-', '*', '/'].includes(operator)
  return { text: `(${left.text} ${operator}${isComparison ? ' bool' : ''} ${right.text})`, isNumber }
}

function callOf(name: 'min' | 'max' | 'abs', operands: readonly Part[]): Part {
  const [first, ...others] = operands
  if (name === 'abs') return map(first, (text) => `abs(${text})`)
  return others.reduce((best, next) => extremeOf(name, best, next), first)
}

/** PromQL's own min and max are over series; of two vectors one is taken where it wins, and else the other. */
function extremeOf(name: 'min' | 'max', one: Part, other: Part): Part {
  const clamp = name === 'min' ? 'clamp_max' : 'clamp_min'
  const number = one.isNumber ? one : other
  const vector = one.isNumber ? other : one
  if (number.isNumber) return { text: `${clamp}(${vector.text}, ${number.text})`, isNumber: false }
  const wins = name === 'min' ? '<' : '>'
  return { text: `((${one.text} ${wins} ${other.text}) or ${other.text})`, isNumber: false }
}
