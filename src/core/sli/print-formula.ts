import type { BinaryOperator, Formula } from '../model/formula.ts'

/** How tightly each operator binds, as in mathjs. */
const strengths: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '==': 3,
  '!=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
}
const comparisonStrength = strengths['==']
const signStrength = 6
const atomStrength = 7

/** The formula as one writes it in a rule file, with no more parentheses than it needs; reading it gives it back. */
export function printFormula(formula: Formula, signalNames: readonly string[]): string {
  const print = (part: Formula, atLeast: number): string => {
    const text = printPart(part, print, signalNames)
    return strengthOf(part) < atLeast ? `(${text})` : text
  }
  return print(formula, 0)
}

function printPart(
  formula: Formula,
  print: (part: Formula, atLeast: number) => string,
  signalNames: readonly string[],
): string {
  switch (formula.kind) {
    case 'number':
      return String(formula.value)
    case 'signal':
      return signalNames[formula.signal]
    case 'negate':
      return `-${print(formula.operand, atomStrength)}`
    case 'not':
      return `not ${print(formula.operand, atomStrength)}`
    case 'call':
      return `${formula.name}(${formula.operands.map((operand) => print(operand, 0)).join(', ')})`
    default: {
      const { operator, left, right } = formula
      const strength = strengths[operator]
      // Equals are read from the left; comparisons cannot follow one another at all.
      const leftAtLeast = strength === comparisonStrength ? strength + 1 : strength
      return `${print(left, leftAtLeast)} ${operator} ${print(right, strength + 1)}`
    }
  }
}

function strengthOf(formula: Formula): number {
  if (formula.kind === 'binary') return strengths[formula.operator]
  return formula.kind === 'negate' || formula.kind === 'not' ? signStrength : atomStrength
}
