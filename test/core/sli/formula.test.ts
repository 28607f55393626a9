import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { FormulaType } from '../../../src/core/model/formula.ts'
import { isLinear, signalsUsed } from '../../../src/core/sli/check-formula-linear.ts'
import { loadFormulaParser } from '../../../src/core/sli/parse-formula.ts'
import { signalNameFault } from '../../../src/core/sli/parse-formula-words.ts'
import { printFormula } from '../../../src/core/sli/print-formula.ts'
import { signalNames } from './formula-arbitraries.ts'

const { parseFormula } = await loadFormulaParser()

test('reads arithmetic over signals by their places', () => {
  assert.deepEqual(parseFormula('b + 2 * -a', ['a', 'b'], 'number'), {
    kind: 'parsed',
    formula: {
      kind: 'binary',
      operator: '+',
      left: { kind: 'signal', signal: 1 },
      right: {
        kind: 'binary',
        operator: '*',
        left: { kind: 'number', value: 2 },
        right: { kind: 'negate', operand: { kind: 'signal', signal: 0 } },
      },
    },
  })
})

/** Text, what is expected of it, and its canonical form. */
const accepted: readonly (readonly [string, FormulaType, string])[] = [
  ['a', 'number', 'a'],
  ['  a+b ', 'number', 'a + b'],
  ['a\n+ b\r\n\t- c', 'number', 'a + b - c'],
  ['((a))', 'number', 'a'],
  ['a - (b - c)', 'number', 'a - (b - c)'],
  ['(a - b) - c', 'number', 'a - b - c'],
  ['(a + b) * c / 2', 'number', '(a + b) * c / 2'],
  ['a / (b * c)', 'number', 'a / (b * c)'],
  ['-(a + b)', 'number', '-(a + b)'],
  ['- -a', 'number', '-(-a)'],
  ['a * -b', 'number', 'a * -b'],
  ['1e3 + .5 + 2. + 007', 'number', '1000 + 0.5 + 2 + 7'],
  ['1e21 * a', 'number', '1e+21 * a'],
  ['max(a, b, c) - min (a, 0) + abs(-a)', 'number', 'max(a, b, c) - min(a, 0) + abs(-a)'],
  ['a < 3', 'boolean', 'a < 3'],
  ['a/b<=0.01 and not(c>1) or a==b and b!=c', 'boolean', 'a / b <= 0.01 and not (c > 1) or a == b and b != c'],
  ['(a > 1 or b > 1) and c >= 2', 'boolean', '(a > 1 or b > 1) and c >= 2'],
  ['a > 1 and (b > 1 and c > 1)', 'boolean', 'a > 1 and (b > 1 and c > 1)'],
  ['not (not (a > 1))', 'boolean', 'not (not (a > 1))'],
]

for (const [text, expected, canonical] of accepted) {
  test(`reads ${JSON.stringify(text)}`, () => {
    const result = parseFormula(text, ['a', 'b', 'c'], expected)
    assert.ok(result.kind === 'parsed', JSON.stringify(result))
    assert.equal(printFormula(result.formula, ['a', 'b', 'c']), canonical)
    assert.deepEqual(parseFormula(canonical, ['a', 'b', 'c'], expected), result)
  })
}

/** Text, what is expected of it, the character pointed at, and what the message and the hint say. */
const refused: readonly (readonly [string, FormulaType, number, RegExp, RegExp])[] = [
  ['', 'number', 0, /there is no formula/, /write a signal/],
  ['  \n', 'number', 0, /there is no formula/, /write a signal/],
  ['a +', 'number', 3, /nothing after "\+"/, /write a signal/],
  ['a + * b', 'number', 4, /nothing between "\+" and "\*"/, /write a signal/],
  ['* b', 'number', 0, /nothing before "\*"/, /write a signal/],
  ['+a', 'number', 0, /"\+" has nothing before it/, /leave it out/],
  ['a + +b', 'number', 4, /"\+" has nothing before it/, /leave it out/],
  ['(a', 'number', 0, /"\(" is not closed/, /close it/],
  ['a)', 'number', 1, /"\)" closes nothing/, /leave it out/],
  ['a + ()', 'number', 5, /nothing between "\(" and "\)"/, /write a signal/],
  ['d', 'number', 0, /no signal "d"/, /signals here are a, b, c/],
  ['a + erors', 'number', 4, /no signal "erors"/, /signals here are a, b, c/],
  ['2 a', 'number', 2, /no operator between "2" and "a"/, /write 2 \* a/],
  ['2a', 'number', 0, /"2a" is not a number/, /write 2 \* a/],
  ['a < 300ms', 'boolean', 4, /"300ms" is not a number/, /a number has no unit/],
  ['1_000', 'number', 0, /"1_000" is not a number/, /1500/],
  ['1.2.3', 'number', 0, /"1\.2\.3" is not a number/, /1500/],
  ['1e999', 'number', 0, /too large/, /1\.8e308/],
  ['a b', 'number', 2, /no operator between "a" and "b"/, /write a \* b/],
  ['(a)(b)', 'number', 3, /no operator between "\)" and "\("/, /put a \* between them/],
  ['a (b)', 'number', 0, /"a" is not a function/, /to multiply write a \* /],
  ['sqrt(a)', 'number', 0, /"sqrt" is not a function/, /min, max and abs/],
  ['rate(a[5m])', 'number', 6, /no lists and no ranges of time/, /set the windows/],
  ['import("fs")', 'number', 7, /no texts/, /without quotes/],
  ['a = b', 'number', 2, /assigns nothing/, /write ==/],
  ['a := b', 'number', 2, /assigns nothing/, /write ==/],
  ['f(x) = x', 'number', 5, /assigns nothing/, /write ==/],
  ['a === b', 'boolean', 2, /"===" does not belong/, /write ==/],
  ['a && b', 'boolean', 2, /"&&" does not belong/, /write "and"/],
  ['a | b', 'boolean', 2, /"\|" does not belong/, /write "or"/],
  ['!a', 'boolean', 0, /"!" does not belong/, /write "not"/],
  ['a ^ 2', 'number', 2, /"\^" does not belong/, /a \* a/],
  ['a ** 2', 'number', 2, /"\*\*" does not belong/, /a \* a/],
  ['5%', 'number', 1, /"%" does not belong/, /0\.05/],
  ['a mod b', 'number', 2, /"mod" does not belong/, /no remainder/],
  ['a > 1 ? b : c', 'number', 6, /no branches/, /"and", "or" and "not"/],
  ['1:3', 'number', 1, /no ranges/, /named signals/],
  ['[a, b]', 'number', 0, /no lists/, /windows/],
  ['a{job="x"}', 'number', 1, /labels do not belong/, /"signals"/],
  ["a'", 'number', 1, /no texts/, /without quotes/],
  ['a; b', 'number', 1, /more than one formula/, /one formula/],
  ['a # all', 'number', 2, /no comments/, /YAML/],
  ['a.b', 'number', 1, /"\." does not belong/, /letters, digits/],
  ['a × b', 'number', 2, /"×" does not belong/, /write \*/],
  ['a − b', 'number', 2, /"−" does not belong/, /plain minus/],
  ['a ≤ b', 'boolean', 2, /"≤" does not belong/, /write <=/],
  ['💥', 'number', 0, /"💥" does not belong/, /named signals/],
  ['a, b', 'number', 1, /"," stands only between/, /0\.5/],
  ['max((a, b), c)', 'number', 6, /"," stands only between/, /0\.5/],
  ['0,5 * a', 'number', 1, /"," stands only between/, /0\.5/],
  ['min(a,)', 'number', 6, /nothing between "," and "\)"/, /write a signal/],
  ['min()', 'number', 4, /nothing between "\(" and "\)"/, /write min\(a, b\)/],
  ['min(a)', 'number', 0, /"min" takes two values or more/, /write min\(a, b\)/],
  ['abs(a, b)', 'number', 0, /"abs" takes one value/, /write abs\(a\)/],
  ['min + a', 'number', 4, /"\(" is missing after "min"/, /write min\(a, b\)/],
  ['a * abs', 'number', 7, /"\(" is missing after "abs"/, /write abs\(a\)/],
  ['true', 'boolean', 0, /"true" does not belong/, /errors > 0/],
  ['a == NaN', 'boolean', 5, /"NaN" does not belong/, /finite numbers/],
  ['a to b', 'number', 2, /"to" does not belong/, /unit of the signal/],
  ['a > 1 AND b > 1', 'boolean', 6, /"AND" does not belong/, /lower case/],
  ['a > 1 unless b > 1', 'boolean', 6, /"unless" does not belong/, /and not/],
  ['a > 1 xor b > 1', 'boolean', 6, /"xor" does not belong/, /\(a or b\)/],
  ['a > 1 not b > 1', 'boolean', 6, /no operator between "1" and "not"/, /and not/],
  ['a < b < c', 'boolean', 6, /"<" follows another comparison/, /a < b and b < c/],
  ['(a + b) == c * 2 != 0', 'boolean', 17, /"!=" follows another comparison/, /a == b and b != c/],
  ['(a < b) < c', 'boolean', 0, /"<" needs numbers, and this is a condition/, /"and"/],
  ['a + (b > c)', 'number', 4, /"\+" needs numbers, and this is a condition/, /"and"/],
  ['-(a > b)', 'number', 1, /"-" needs numbers/, /write "not"/],
  ['max(a, b > c)', 'number', 7, /"max" needs numbers/, /"and"/],
  ['a and b > 1', 'boolean', 0, /"and" needs conditions, and this is a number/, /errors > 0/],
  ['a > 1 or b + c', 'boolean', 9, /"or" needs conditions, and this is a number/, /errors > 0/],
  ['not a > b', 'boolean', 4, /"not" needs conditions, and this is a number/, /not \(a > b\)/],
  ['a + b', 'boolean', 0, /a condition is needed here, and this is a number/, /errors > 0/],
  [' a > b', 'number', 1, /a number of events is needed here, and this is a condition/, /leave the comparison out/],
  ['a / (2 - 2)', 'number', 4, /divides by zero/, /another number/],
  [`${'('.repeat(21)}a${')'.repeat(21)}`, 'number', 20, /more than 20 parentheses/, /a signal of its own/],
  [`a${' + a'.repeat(500)}`, 'number', 1000, /longer than 1000 characters/, /as signals/],
]

for (const [text, expected, offset, message, hint] of refused) {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  test(`refuses ${JSON.stringify(shown)} as a ${expected}`, () => {
    const result = parseFormula(text, ['a', 'b', 'c'], expected)
    assert.ok(result.kind === 'failed', JSON.stringify(result))
    assert.match(result.message, message)
    assert.match(result.hint, hint)
    assert.equal(result.offset, offset)
  })
}

test('takes a signal whose name means something in mathjs or in JavaScript', () => {
  for (const name of ['e', 'pi', 'i', 'end', 'constructor', '__proto__', 'AND', 'sqrt']) {
    assert.equal(signalNameFault(name), undefined, name)
    const result = parseFormula(`2 * ${name}`, [name], 'number')
    assert.ok(result.kind === 'parsed', JSON.stringify(result))
    assert.equal(printFormula(result.formula, [name]), `2 * ${name}`)
  }
})

test('tells which names a signal cannot have', () => {
  for (const name of ['and', 'not', 'in', 'true', 'min', 'NaN', 'mod']) {
    assert.match(signalNameFault(name) ?? '', /has a meaning of its own/, name)
  }
  for (const name of ['', '2a', 'a.b', 'a-b', 'ä']) assert.match(signalNameFault(name) ?? '', /letters, digits/, name)
})

test('never throws, and points into the text, whatever it is given', () => {
  const piece = fc.oneof(
    fc.constantFrom('a', 'b', '1', '2.5', '+', '-', '*', '/', '(', ')', ',', '<', '==', 'and', 'or', 'not', 'min', ' '),
    fc.string({ maxLength: 3, unit: 'binary' }),
  )
  const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(texts, fc.constantFrom<FormulaType>('number', 'boolean'), (text, expected) => {
      const result = parseFormula(text, signalNames, expected)
      if (result.kind === 'parsed') return
      assert.ok(result.offset >= 0 && result.offset <= text.length, JSON.stringify(result))
      assert.ok(result.message !== '' && result.hint !== '')
      assert.doesNotMatch(result.message, /char \d/, 'mathjs itself found the fault, without place and hint')
    }),
    { numRuns: 3_000 },
  )
})

test('knows which formulas are weighted sums of their signals', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['a', true],
    ['0', true],
    ['a - b + c', true],
    ['2 * a - b / (1 + 3)', true],
    ['-(a * 3) * 2', true],
    ['a + 0', true],
    ['max(1, 2) * a', true],
    ['5', false],
    ['a + 1', false],
    ['a * b', false],
    ['a / b', false],
    ['1 / a', false],
    ['max(a, 0)', false],
    ['abs(a)', false],
    ['a - (b + 2)', false],
  ]
  for (const [text, expected] of table) {
    const result = parseFormula(text, ['a', 'b', 'c'], 'number')
    assert.ok(result.kind === 'parsed', text)
    assert.equal(isLinear(result.formula), expected, text)
  }
  const condition = parseFormula('a > b', ['a', 'b'], 'boolean')
  assert.ok(condition.kind === 'parsed' && !isLinear(condition.formula))
})

test('tells which signals a formula uses', () => {
  const result = parseFormula('not (max(c, 1) > -a)', ['a', 'b', 'c'], 'boolean')
  assert.ok(result.kind === 'parsed')
  assert.deepEqual(signalsUsed(result.formula), new Set([0, 2]))
})
