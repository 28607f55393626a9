import { divide, type Rational, rational } from '../core/model/rational.ts'
import { dayMs, secondMs } from '../core/model/units.ts'
import type { Path } from '../documents/source-document.ts'
import { readPositive } from './read-numbers.ts'
import type { Reading } from './read-values.ts'

/** What a month is where traffic is given by the month. */
const monthMs = 30 * dayMs

/** Events in a millisecond, as an SLO expects them; undefined when it does not say. */
export function readTraffic(reading: Reading, path: Path): Rational | undefined {
  const perMonth = readPositive(reading, [...path, 'perMonth'])
  if (perMonth !== undefined) return divide(perMonth, rational(BigInt(monthMs), 1n))
  const perSecond = readPositive(reading, [...path, 'perSecond'])
  return perSecond === undefined ? undefined : divide(perSecond, rational(BigInt(secondMs), 1n))
}
