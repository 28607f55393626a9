import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ratioOf } from '../../../src/rules/promql/ratio-of.ts'

/** Expression, its two parts, and whether it is one minus their ratio. */
const ratios: readonly (readonly [string, string, string, boolean])[] = [
  ['sum(rate(a[5m])) / sum(rate(b[5m]))', 'sum(rate(a[5m]))', 'sum(rate(b[5m]))', false],
  ['1 - sum(rate(a[5m])) / sum(rate(b[5m]))', 'sum(rate(a[5m]))', 'sum(rate(b[5m]))', true],
  ['1.0 - (sum(rate(a[5m])) / sum(rate(b[5m])))', 'sum(rate(a[5m]))', 'sum(rate(b[5m]))', true],
  ['((a / b))', 'a', 'b', false],
  ['(1 - ((a) / (b)))', '(a)', '(b)', true],
  ['(a - b) / b', '(a - b)', 'b', false],
  ['a / b or vector(0)', 'a', 'b', false],
  ['(1 - a / b) OR on() vector(0)', 'a', 'b', true],
  ['100 * a / b', '100 * a', 'b', false],
  ['a / (b > 0)', 'a', '(b > 0)', false],
  ['sum(rate(a[{{.window}}])) / sum(rate(b[$window]))', 'sum(rate(a[{{.window}}]))', 'sum(rate(b[$window]))', false],
  ['sum by (x) (a) / on(x) sum by (x) (b)', 'sum by (x) (a)', 'sum by (x) (b)', false],
  [
    'sum(sum_over_time(a[5m])) / sum(count_over_time(a[5m]))',
    'sum(sum_over_time(a[5m]))',
    'sum(count_over_time(a[5m]))',
    false,
  ],
]

for (const [text, numerator, denominator, complement] of ratios) {
  test(`splits ${JSON.stringify(text)}`, () => {
    const result = ratioOf(text)
    assert.ok(result.kind === 'ratio', JSON.stringify(result))
    assert.equal(result.numerator.text, numerator)
    assert.equal(result.denominator.text, denominator)
    assert.equal(result.complement, complement)
    for (const part of [result.numerator, result.denominator]) assert.ok(text.startsWith(part.text, part.offset))
  })
}

/** Expression, the character that prevents splitting, and why. */
const whole: readonly (readonly [string, number, RegExp])[] = [
  ['sum(rate(a[5m]))', 0, /not of the form a \/ b/],
  ['a / b * 100', 0, /not of the form a \/ b/],
  ['2 - a / b', 0, /not of the form a \/ b/],
  ['1 - a', 4, /not of the form a \/ b/],
  ['1 - a / b or vector(1)', 0, /not of the form a \/ b/],
  ['sum(a) / 300', 9, /divides by a number/],
  ['1 / a', 0, /a number is divided/],
  ['sum by (x) (a) / on(x) group_left() sum by (x) (b)', 17, /group_left/],
  ['sum by (x, y) (a) / ignoring(y) sum by (x, y) (b)', 20, /matches groups by some/],
  ['max by (x) (a) / on(x) max by (x) (b)', 17, /which series meet cannot be told/],
]

for (const [text, offset, reason] of whole) {
  test(`does not split ${JSON.stringify(text)}`, () => {
    const result = ratioOf(text)
    assert.ok(result.kind === 'none', JSON.stringify(result))
    assert.match(result.reason, reason)
    assert.equal(result.offset, offset)
  })
}

test('what is no PromQL has no parts', () => {
  assert.equal(ratioOf('a / ').kind, 'failed')
})
