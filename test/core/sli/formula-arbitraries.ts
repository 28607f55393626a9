import * as fc from 'fast-check'
import type { Formula, FormulaFunction } from '../../../src/core/model/formula.ts'

/** The signals that drawn formulas are over. */
export const signalNames: readonly string[] = ['a', 'b', 'c']

const leaf: fc.Arbitrary<Formula> = fc.oneof(
  fc.constantFrom(0, 1, 2, 0.25, 0.01, 1e-7, 1e21, 100).map((value) => ({ kind: 'number' as const, value })),
  fc.nat({ max: signalNames.length - 1 }).map((signal) => ({ kind: 'signal' as const, signal })),
)

const { number, condition } = fc.letrec<{ number: Formula; condition: Formula }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf,
    binary(['+', '-', '*', '/'], tie('number')),
    tie('number').map((operand) => ({ kind: 'negate' as const, operand })),
    calls(tie('number')),
  ),
  condition: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    binary(['<', '<=', '>', '>=', '==', '!='], tie('number')),
    binary(['and', 'or'], tie('condition')),
    tie('condition').map((operand) => ({ kind: 'not' as const, operand })),
  ),
}))

/** Formulas that answer a number. */
export const numberFormulas: fc.Arbitrary<Formula> = number

/** Formulas that answer a condition. */
export const conditionFormulas: fc.Arbitrary<Formula> = condition

type Binary = Formula & { kind: 'binary' }

function binary(operators: readonly Binary['operator'][], operands: fc.Arbitrary<Formula>): fc.Arbitrary<Formula> {
  return fc
    .tuple(fc.constantFrom(...operators), operands, operands)
    .map(([operator, left, right]): Binary => ({ kind: 'binary', operator, left, right }))
}

function calls(operands: fc.Arbitrary<Formula>): fc.Arbitrary<Formula> {
  return fc.oneof(
    operands.map((operand) => call('abs', [operand])),
    fc
      .tuple(fc.constantFrom<FormulaFunction>('min', 'max'), fc.array(operands, { minLength: 2, maxLength: 3 }))
      .map(([name, given]) => call(name, given)),
  )
}

function call(name: FormulaFunction, operands: readonly Formula[]): Formula {
  return { kind: 'call', name, operands }
}
