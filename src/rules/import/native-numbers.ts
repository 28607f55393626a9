import { multiply, parseDecimal, type Rational, rational, subtract } from '../../core/model/rational.ts'
import { type Carried, carried } from './carried.ts'
import type { ForeignValue } from './foreign-value.ts'

const hundred = rational(100n, 1n)

/** A number as it was written; the native reader says what is wrong when it is none. */
export function carriedNumber(from: ForeignValue): Carried | undefined {
  if (from.text === undefined) return undefined
  const exact = parseDecimal(from.text)
  return carried(exact === undefined ? from.text : plainNumber(exact), from)
}

/** A ratio such as 0.999 as the percentage 99.9, digit by digit. */
export function percentOf(from: ForeignValue): Carried | undefined {
  if (from.text === undefined) return undefined
  const exact = parseDecimal(from.text)
  return carried(exact === undefined ? from.text : plainNumber(multiply(exact, hundred)), from)
}

/** What a ratio leaves of 1, as a decimal. */
export function complementText(ratio: Rational): string {
  return decimalText(subtract(rational(1n, 1n), ratio))
}

/** A decimal written out; only numbers with a finite decimal expansion have one. */
export function decimalText({ numerator, denominator }: Rational): string {
  let [above, below, places] = [numerator, denominator, 0]
  while (above % below !== 0n && places < placesMax) {
    above *= 10n
    places += 1
  }
  const digits = String((above < 0n ? -above : above) / below).padStart(places + 1, '0')
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return above < 0n ? `-${text}` : text
}

/** What was written as a decimal has fewer places than this. */
const placesMax = 1_000

/** A number where a double holds it exactly as written, otherwise its digits. */
function plainNumber(exact: Rational): number | string {
  const text = decimalText(exact)
  return String(Number(text)) === text ? Number(text) : text
}
