import type { Rational } from '../../core/model/rational.ts'

/** A fraction as a decimal of at most four places, rounded up, so that what is said to be above it is. */
export function roundedUp({ numerator, denominator }: Rational): string {
  const scaled = (numerator * 10_000n + denominator - 1n) / denominator
  const text = String(scaled).padStart(5, '0')
  return `${text.slice(0, -4)}.${text.slice(-4)}`.replace(/\.?0+$/, '')
}
