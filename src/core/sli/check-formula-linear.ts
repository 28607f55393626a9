import type { ArithmeticOperator, BinaryOperator, Formula } from '../model/formula.ts'

/**
 * Whether the formula is a weighted sum of its signals and nothing else. Only then is its value over several regions or
 * windows together the sum of its values over each.
 */
export function isLinear(formula: Formula): boolean {
  const shape = shapeOf(formula)
  return shape.kind === 'linear' || (shape.kind === 'constant' && shape.value === 0)
}

/** The value of a formula without signals, undefined when it has some or is a condition. */
export function constantValue(formula: Formula): number | undefined {
  const shape = shapeOf(formula)
  return shape.kind === 'constant' ? shape.value : undefined
}

/** The places of the signals that the formula uses. */
export function signalsUsed(formula: Formula): ReadonlySet<number> {
  const used = new Set<number>()
  const visit = (part: Formula): void => {
    if (part.kind === 'signal') used.add(part.signal)
    for (const child of partsOf(part)) visit(child)
  }
  visit(formula)
  return used
}

type Shape =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'linear' }
  | { readonly kind: 'other' }

const linear: Shape = { kind: 'linear' }
const other: Shape = { kind: 'other' }

function shapeOf(formula: Formula): Shape {
  switch (formula.kind) {
    case 'number':
      return constant(formula.value)
    case 'signal':
      return linear
    case 'negate': {
      const shape = shapeOf(formula.operand)
      return shape.kind === 'constant' ? constant(-shape.value) : shape
    }
    case 'not':
      return other
    case 'call':
      return callShape(formula)
    default:
      return isArithmetic(formula.operator)
        ? arithmeticShape(formula.operator, shapeOf(formula.left), shapeOf(formula.right))
        : other
  }
}

function arithmeticShape(operator: ArithmeticOperator, left: Shape, right: Shape): Shape {
  if (left.kind === 'other' || right.kind === 'other') return other
  if (left.kind === 'constant' && right.kind === 'constant')
    return constant(calculate(operator, left.value, right.value))
  if (operator === '*') return left.kind === 'linear' && right.kind === 'linear' ? other : linear
  if (operator === '/') return right.kind === 'constant' && right.value !== 0 ? linear : other
  return isZeroOrLinear(left) && isZeroOrLinear(right) ? linear : other
}

function callShape({ name, operands }: Formula & { kind: 'call' }): Shape {
  const values: number[] = []
  for (const operand of operands) {
    const shape = shapeOf(operand)
    if (shape.kind !== 'constant') return other
    values.push(shape.value)
  }
  if (name === 'abs') return constant(Math.abs(values[0]))
  return constant(name === 'min' ? Math.min(...values) : Math.max(...values))
}

function isZeroOrLinear(shape: Shape): boolean {
  return shape.kind === 'linear' || (shape.kind === 'constant' && shape.value === 0)
}

function constant(value: number): Shape {
  return Number.isNaN(value) ? other : { kind: 'constant', value }
}

function calculate(operator: ArithmeticOperator, left: number, right: number): number {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  return right === 0 ? Number.NaN : left / right
}

function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return operator === '+' || operator === '-' || operator === '*' || operator === '/'
}

function partsOf(formula: Formula): readonly Formula[] {
  if (formula.kind === 'binary') return [formula.left, formula.right]
  if (formula.kind === 'call') return formula.operands
  return formula.kind === 'negate' || formula.kind === 'not' ? [formula.operand] : []
}
