import { compare, multiply, one, parseDecimal, type Rational, rational } from '../core/model/rational.ts'
import { type Path, readablePath } from '../documents/source-document.ts'
import { type Reading, readText } from './read-values.ts'
import { budgetShareSchema, burnRateSchema, objectiveSchema } from './schema/scalar-schemas.ts'

const zero = rational(0n, 1n)
const onePercent = rational(1n, 100n)

/** The target ratio from a percentage; exact, because it is read from the digits in the file. */
export function readObjective(reading: Reading, path: Path): Rational | undefined {
  const text = numberText(reading, path)
  if (text === undefined) return undefined
  const percent = parseDecimal(withoutPercentSign(text) ?? text)
  const ratio = percent === undefined ? undefined : multiply(percent, onePercent)
  const { problems } = reading
  if (ratio === undefined || compare(ratio, zero) <= 0 || compare(ratio, one) >= 0) {
    const message = `the objective ${text} is not a percentage above 0 and below 100`
    problems.report({ code: objectiveSchema['x-code'], path, message, hint: objectiveHint(ratio) })
    return undefined
  }
  if (compare(ratio, onePercent) <= 0) warnOfRatio(reading, path, text)
  return ratio
}

/** The share of the error budget from a text such as `2%`. */
export function readBudgetShare(reading: Reading, path: Path): Rational | undefined {
  const text = readText(reading, path)
  if (text === undefined) return undefined
  const percent = parseDecimal(withoutPercentSign(text) ?? '')
  const share = percent === undefined ? undefined : multiply(percent, onePercent)
  if (share !== undefined && compare(share, zero) > 0 && compare(share, one) <= 0) return share
  const message = `${readablePath(path)} ("${text}"): ${budgetShareSchema.errorMessage}`
  reading.problems.report({ code: budgetShareSchema['x-code'], path, message })
  return undefined
}

/** A burn rate above zero. */
export function readBurnRate(reading: Reading, path: Path): Rational | undefined {
  const text = numberText(reading, path)
  if (text === undefined) return undefined
  const burnRate = parseDecimal(text)
  if (burnRate !== undefined && compare(burnRate, zero) > 0) return burnRate
  const message = `${readablePath(path)} (${text}): ${burnRateSchema.errorMessage}`
  reading.problems.report({ code: burnRateSchema['x-code'], path, message })
  return undefined
}

/** A number above zero, exact. */
export function readPositive(reading: Reading, path: Path): Rational | undefined {
  const text = numberText(reading, path)
  if (text === undefined) return undefined
  const number = parseDecimal(text)
  if (number !== undefined && compare(number, zero) > 0) return number
  const message = `${readablePath(path)} (${text}) must be a number above 0`
  reading.problems.report({ code: 'WRONG_VALUE', path, message })
  return undefined
}

function numberText({ document }: Reading, path: Path): string | undefined {
  const value = document.at(path)
  return typeof value === 'number' || typeof value === 'string' ? document.textAt(path) : undefined
}

function withoutPercentSign(text: string): string | undefined {
  const trimmed = text.trimEnd()
  return trimmed.endsWith('%') ? trimmed.slice(0, -1) : undefined
}

function objectiveHint(ratio: Rational | undefined): string {
  if (ratio === undefined) return 'write the target in percent, for example 99.9'
  if (compare(ratio, one) === 0)
    return 'at 100 there would be no error budget, and the first failure would break it for good'
  return 'write the target in percent, for example 99.9'
}

function warnOfRatio({ problems }: Reading, path: Path, text: string): void {
  problems.report({
    code: 'RULE_OBJECTIVE_LOOKS_LIKE_RATIO',
    severity: 'warning',
    path,
    message: `the objective ${text} is read as ${withoutPercentSign(text) ?? text} percent`,
    hint: 'write 99.9 where the ratio 0.999 is meant',
  })
}
