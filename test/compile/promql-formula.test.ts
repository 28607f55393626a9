import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { promqlFormula } from '../../src/compile/promql-formula.ts'
import type { BinaryOperator, Formula, FormulaType } from '../../src/core/model/formula.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import { lowerCondition, lowerNumber } from '../../src/core/sli/lower-formula.ts'
import { foreignTool } from '../support/debian.ts'
import { askPromtool } from '../support/promtool-story.ts'

const promtool = foreignTool('promtool')
const signals = [3, 7, 0.5]

/** Formulas that are worth something whatever the signals are: nothing is divided, so that nothing is by zero. */
const formulas = fc.letrec<{ number: Formula; boolean: Formula }>((tie) => {
  const signal = fc.nat(2).map((place): Formula => ({ kind: 'signal', signal: place }))
  const call = fc
    .tuple(fc.constantFrom('min' as const, 'max' as const), tie('number'), tie('number'))
    .map(([name, ...operands]): Formula => ({ kind: 'call', name, operands }))
  const abs = tie('number').map((operand): Formula => ({ kind: 'call', name: 'abs', operands: [operand] }))
  const negated = tie('number').map((operand): Formula => ({ kind: 'negate', operand }))
  const numberOrSignal = fc.oneof(
    signal,
    fc.integer({ min: -3, max: 9 }).map((value): Formula => ({ kind: 'number', value })),
  )
  return {
    number: fc.oneof({ depthSize: 'small' }, signal, binary(['+', '-', '*'], numberOrSignal), call, abs, negated),
    boolean: fc.oneof(
      { depthSize: 'small' },
      binary(['<', '<=', '>', '>=', '==', '!='], tie('number')),
      binary(['and', 'or'], tie('boolean')),
      tie('boolean').map((operand): Formula => ({ kind: 'not', operand })),
    ),
  }
})

for (const [type, arbitrary] of [
  ['number', formulas.number],
  ['boolean', formulas.boolean],
] as const) {
  test(`Prometheus computes of a formula what the engine does: ${type}`, { skip: promtool.skip }, async () => {
    const drawn = fc.sample(arbitrary, { numRuns: 150, seed: 7 })
    const series = signals.map((value, index) => ({
      labels: labelsOf([
        ['__name__', `s${index}`],
        ['region', 'eu'],
      ]),
      values: [value, value],
      at: { file: '', line: 0, column: 0 },
    }))
    const texts = signals.map((_, index) => `max by (region) (s${index})`)
    const exprs = [...new Set(drawn.map((formula) => `${promqlFormula(formula, texts)} + 1000`))]
    const story = { rules: [], series, everyMs: 60_000, stepMs: 60_000 }
    const answers = await askPromtool(
      promtool.path,
      story,
      exprs.map((expr) => ({ expr, at: 60_000 })),
    )
    const byExpr = new Map(exprs.map((expr, index) => [expr, answers[index]]))
    for (const formula of drawn) {
      const expr = `${promqlFormula(formula, texts)} + 1000`
      const [sample] = byExpr.get(expr) ?? []
      assert.equal(sample?.value, expected(formula, type) + 1_000, expr)
    }
  })
}

function binary(operators: readonly BinaryOperator[], operands: fc.Arbitrary<Formula>): fc.Arbitrary<Formula> {
  return fc
    .tuple(fc.constantFrom(...operators), operands, operands)
    .map(([operator, left, right]): Formula => ({ kind: 'binary', operator, left, right }))
}

function expected(formula: Formula, type: FormulaType): number {
  return type === 'number' ? lowerNumber(formula)(signals) : Number(lowerCondition(formula)(signals))
}
