/**
 * An exact fraction. Objectives, budget shares and burn-rate thresholds are kept as fractions because
 * `1 - 0.999` is 0.0010000000000000009 in doubles, which moves an alert that sits exactly on its threshold.
 */
export interface Rational {
  readonly numerator: bigint
  /** Always above zero. */
  readonly denominator: bigint
}

export const one: Rational = { numerator: 1n, denominator: 1n }

const decimal = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/** Reads a decimal such as `99.9` or `1e-3` without rounding; undefined when the text is not a plain decimal. */
export function parseDecimal(text: string): Rational | undefined {
  const match = decimal.exec(text.trim())
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match
  const digits = BigInt(whole + fraction)
  const exponent = Number(exponentText) - fraction.length
  const scale = 10n ** BigInt(Math.abs(exponent))
  const magnitude = exponent >= 0 ? rational(digits * scale, 1n) : rational(digits, scale)
  return sign === '-' ? { numerator: -magnitude.numerator, denominator: magnitude.denominator } : magnitude
}

/** The fraction in lowest terms, with the sign in the numerator. */
export function rational(numerator: bigint, denominator: bigint): Rational {
  const divisor = greatestCommonDivisor(abs(numerator), abs(denominator)) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator)
}

export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator)
}

export function subtract(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The nearest double, or the one beside it where the parts are too long to be doubles themselves. */
export function toNumber({ numerator, denominator }: Rational): number {
  const above = bitLength(numerator)
  const below = bitLength(denominator)
  if (Math.max(above, below) <= doubleBitsMax) return Number(numerator) / Number(denominator)
  const shift = 64 + below - above
  const quotient = shift >= 0 ? (numerator << BigInt(shift)) / denominator : numerator / (denominator << BigInt(-shift))
  return Number(quotient) * 2 ** -shift
}

/** Larger numbers are infinite as doubles. */
const doubleBitsMax = 1_023

function bitLength(value: bigint): number {
  return abs(value).toString(2).length
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a === 0n ? 1n : a
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}
