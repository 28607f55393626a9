import { multiply, type Rational, rational } from '../../../src/core/model/rational.ts'

/** A fraction in all its decimal places. Throws a RangeError where they do not end, which no file can have said. */
export function exactDecimal({ numerator, denominator }: Rational): string {
  const places = decimalPlaces(denominator)
  const scaled = (numerator * 10n ** BigInt(places)) / denominator
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  return `${scaled < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${digits.slice(-places)}`}`
}

/** A share in percent, without the sign. */
export function exactPercent(share: Rational): string {
  return exactDecimal(multiply(share, rational(100n, 1n)))
}

function decimalPlaces(denominator: bigint): number {
  const [twos, withoutTwos] = divideOut(denominator, 2n)
  const [fives, rest] = divideOut(withoutTwos, 5n)
  if (rest !== 1n) throw new RangeError(`a fraction with the denominator ${denominator} has no end as a decimal`)
  return Math.max(twos, fives)
}

function divideOut(value: bigint, factor: bigint): readonly [number, bigint] {
  let count = 0
  let rest = value
  for (; rest % factor === 0n; rest /= factor) count += 1
  return [count, rest]
}
