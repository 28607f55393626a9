import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { all, create } from 'mathjs/number'
import type { Formula } from '../../../src/core/model/formula.ts'
import { checkFormula } from '../../../src/core/sli/check-formula.ts'
import { isLinear } from '../../../src/core/sli/check-formula-linear.ts'
import { lowerCondition, lowerNumber } from '../../../src/core/sli/lower-formula.ts'
import { loadFormulaParser } from '../../../src/core/sli/parse-formula.ts'
import { printFormula } from '../../../src/core/sli/print-formula.ts'
import { conditionFormulas, numberFormulas, signalNames } from './formula-arbitraries.ts'

const { parseFormula } = await loadFormulaParser()
/** Its own max and min take the first of two numbers that differ by rounding only. */
const math = create(all)
math.import({ max: Math.max, min: Math.min }, { override: true })

const signalValues = fc.tuple(events(), events(), events())

test('reads what it prints', () => {
  let compared = 0
  const compare = (formula: Formula, expected: 'number' | 'boolean') => {
    if (isRefused(formula, expected)) return
    compared += 1
    const text = printFormula(formula, signalNames)
    assert.deepEqual(parseFormula(text, signalNames, expected), { kind: 'parsed', formula }, text)
  }
  fc.assert(
    fc.property(numberFormulas, conditionFormulas, (value, condition) => {
      compare(value, 'number')
      compare(condition, 'boolean')
    }),
    { numRuns: 500 },
  )
  assert.ok(compared > 700, `only ${compared} of 1000 formulas were compared`)
})

test('answers the same number as mathjs, or that it cannot be known', () => {
  let known = 0
  fc.assert(
    fc.property(numberFormulas, signalValues, (formula, signals) => {
      const text = printFormula(formula, signalNames)
      const value = lowerNumber(formula)(signals)
      if (Number.isNaN(value)) return
      known += 1
      const expected = evaluateWithMathjs(text, signals)
      assert.ok(value === expected, `${text} is ${value}, but mathjs says ${String(expected)}`)
    }),
    { numRuns: 1_000 },
  )
  assert.ok(known > 500, `only ${known} of 1000 formulas had a known value`)
})

test('answers the same condition as mathjs, or that it cannot be known', () => {
  const seen = new Map<unknown, number>()
  fc.assert(
    fc.property(conditionFormulas, signalValues, (formula, signals) => {
      const holds = lowerCondition(formula)(signals)
      seen.set(holds, (seen.get(holds) ?? 0) + 1)
      const text = printFormula(formula, signalNames)
      if (holds !== undefined) assert.equal(holds, evaluateWithMathjs(text, signals), text)
    }),
    { numRuns: 1_000 },
  )
  for (const holds of [true, false, undefined]) assert.ok((seen.get(holds) ?? 0) > 20, String(holds))
})

test('a division by zero is NaN, even where JavaScript would say Infinity', () => {
  for (const text of ['a / b', '1 / b', '-a / b', 'a / (b - b)', 'max(a, a / b)', '0 * (a / b)', 'b / b']) {
    assert.equal(lowerNumber(parsed(text, 'number'))([5, 0, 0]), Number.NaN, text)
  }
})

test('a condition on what cannot be known is undefined unless the rest decides', () => {
  const table: readonly (readonly [string, boolean | undefined])[] = [
    ['a / b < 1', undefined],
    ['not (a / b < 1)', undefined],
    ['a / b != 1', undefined],
    ['b == 0 or a / b < 1', true],
    ['a / b < 1 or b == 0', true],
    ['b > 0 and a / b < 1', false],
    ['a / b < 1 and b > 0', false],
    ['b == 0 and a / b < 1', undefined],
    ['a / b < 1 and b == 0', undefined],
    ['b > 0 or a / b < 1', undefined],
  ]
  for (const [text, expected] of table) {
    assert.equal(lowerCondition(parsed(text, 'boolean'))([5, 0, 0]), expected, text)
  }
})

test('a signal without a value makes the answer unknown', () => {
  assert.equal(lowerNumber(parsed('a + b', 'number'))([1, Number.NaN, 0]), Number.NaN)
  assert.equal(lowerCondition(parsed('a < b', 'boolean'))([1, Number.NaN, 0]), undefined)
})

test('numbers that differ by rounding only are equal', () => {
  assert.notEqual(1 - 99 / 100, 0.01)
  assert.equal(lowerCondition(parsed('1 - a / b <= 0.01', 'boolean'))([99, 100, 0]), true)
  assert.equal(lowerCondition(parsed('1 - a / b > 0.01', 'boolean'))([99, 100, 0]), false)
  assert.equal(lowerCondition(parsed('1 - a / b == 0.01', 'boolean'))([99, 100, 0]), true)
  assert.equal(lowerCondition(parsed('a == b', 'boolean'))([1e9, 1e9 + 1, 0]), false)
})

test('infinite values are equal only to themselves', () => {
  const infinite = Number.POSITIVE_INFINITY
  assert.equal(lowerCondition(parsed('a == b', 'boolean'))([infinite, infinite, 0]), true)
  assert.equal(lowerCondition(parsed('a == b', 'boolean'))([infinite, 1, 0]), false)
  assert.equal(lowerCondition(parsed('a > b', 'boolean'))([infinite, 1, 0]), true)
})

test('a linear formula of sums is the sum of the formula', () => {
  let linear = 0
  fc.assert(
    fc.property(numberFormulas, signalValues, signalValues, (formula, one, other) => {
      if (!isLinear(formula) || isRefused(formula, 'number')) return
      linear += 1
      const value = lowerNumber(formula)
      const together = one.map((signal, index) => signal + other[index])
      const [first, second] = [value(one), value(other)]
      const tolerance = 1e-9 * (Math.abs(first) + Math.abs(second) + largestPart(formula, together))
      assert.ok(Math.abs(value(together) - first - second) <= tolerance, printFormula(formula, signalNames))
    }),
    { numRuns: 1_000 },
  )
  assert.ok(linear > 100, `only ${linear} of 1000 formulas were linear`)
})

function parsed(text: string, expected: 'number' | 'boolean'): Formula {
  const result = parseFormula(text, signalNames, expected)
  assert.ok(result.kind === 'parsed', JSON.stringify(result))
  return result.formula
}

function isRefused(formula: Formula, expected: 'number' | 'boolean'): boolean {
  return checkFormula(formula, expected, () => 0) !== undefined || printFormula(formula, signalNames).length > 1_000
}

function evaluateWithMathjs(text: string, [a, b, c]: readonly number[]): unknown {
  return math.evaluate(text, { a, b, c })
}

/** The size of the largest intermediate result, which bounds the rounding. */
function largestPart(formula: Formula, signals: readonly number[]): number {
  const own = Math.abs(lowerNumber(formula)(signals))
  if (formula.kind === 'negate') return Math.max(own, largestPart(formula.operand, signals))
  if (formula.kind !== 'binary') return own
  return Math.max(own, largestPart(formula.left, signals), largestPart(formula.right, signals))
}

function events(): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(0, 1, 100), fc.nat({ max: 1_000_000 }))
}
