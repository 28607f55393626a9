import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  compare,
  divide,
  multiply,
  parseDecimal,
  rational,
  subtract,
  toNumber,
} from '../../../src/core/model/rational.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const anyRational = fc
  .record({
    numerator: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    denominator: fc.bigInt({ min: 1n, max: 10n ** 30n }),
  })
  .map(({ numerator, denominator }) => rational(numerator, denominator))

test('fractions are in lowest terms with the sign above', () => {
  assert.deepEqual(rational(6n, -8n), { numerator: -3n, denominator: 4n })
  assert.deepEqual(rational(0n, -5n), { numerator: 0n, denominator: 1n })
  assert.deepEqual(rational(-6n, -8n), { numerator: 3n, denominator: 4n })
})

test('arithmetic is exact: what is done can be undone', () => {
  holdsForAll(
    fc.property(anyRational, anyRational, (a, b) => {
      const minusB = rational(-b.numerator, b.denominator)
      assert.deepEqual(subtract(subtract(a, b), minusB), a)
      if (b.numerator !== 0n) assert.deepEqual(divide(multiply(a, b), b), a)
      assert.equal(compare(a, b), -compare(b, a) + 0)
      assert.equal(compare(a, a), 0)
      assert.equal(compare(a, b) > 0, subtract(a, b).numerator > 0n)
    }),
  )
})

test('decimals are read without rounding', () => {
  assert.deepEqual(parseDecimal('99.9'), { numerator: 999n, denominator: 10n })
  assert.deepEqual(parseDecimal(' 1e-3 '), { numerator: 1n, denominator: 1_000n })
  assert.deepEqual(parseDecimal('-2.50E2'), { numerator: -250n, denominator: 1n })
  assert.deepEqual(parseDecimal('7.'), { numerator: 7n, denominator: 1n })
})

test('every printed double is read as the decimal it is printed as', () => {
  holdsForAll(
    fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
      const parsed = parseDecimal(String(value))
      assert.ok(parsed)
      assert.ok(parsed.denominator > 0n)
      assert.ok(Math.abs(toNumber(parsed) - value) <= Math.abs(value) * 1e-15 + 1e-300)
    }),
  )
})

test('what is no plain decimal is undefined', () => {
  for (const text of ['', '.', '.5', 'NaN', 'Infinity', '0x10', '1_000', '1e', '1e9999', '--1', '1 2']) {
    assert.equal(parseDecimal(text), undefined, text)
  }
})

test('a fraction of parts that fit a double becomes the nearest double', () => {
  assert.equal(toNumber(rational(1n, 1_000n)), 0.001)
  assert.equal(toNumber(rational(-1n, 3n)), -1 / 3)
})

test('parts too long for a double still make a number', () => {
  const nines = `0.${'9'.repeat(900)}`
  const parsed = parseDecimal(nines)
  assert.ok(parsed)
  assert.equal(toNumber(parsed), 1)
  assert.equal(toNumber(rational(10n ** 500n, 4n * 10n ** 500n + 1n)), 0.25)
  assert.equal(toNumber(rational(-(10n ** 400n), 10n ** 200n + 1n)), -1e200)
  assert.equal(toNumber(rational(1n, 10n ** 500n)), 0)
})
