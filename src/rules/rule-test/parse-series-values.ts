import { ruleTestValuesMax } from '../../core/model/limits.ts'

/** One moment of a series: a sample, no sample, or the marker that the series ended. */
export type SeriesValue = number | 'none' | 'stale'

/** The values of a series in order of time, or what is wrong and at which character of the text. */
export type SeriesValuesResult =
  | { readonly kind: 'parsed'; readonly values: readonly SeriesValue[] }
  | { readonly kind: 'failed'; readonly offset: number; readonly message: string; readonly hint: string }

const number = '(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|[iI][nN][fF]|[nN][aA][nN])'
const item = new RegExp(`(?:(_)|(stale)|([+-]?${number})([+-]${number})?)(x(\\d+))?(?=\\s|$)`, 'y')
const readableStart = new RegExp(`(?:_|stale|[+-]?${number}(?:[+-]${number})?)(?:x\\d*)?`, 'y')
const known = 'a value is a number, 0+10x60, 5x60, _, _x5 or stale'

/**
 * Reads values in the series notation of Prometheus' rule tests: `1 2 3`, `0+10x60` (61 values, each 10 above the one
 * before), `5x3` (four times 5), `_` and `_x5` (no sample), `stale`. Numbers are added up as Prometheus does it, one step
 * after the other.
 */
export function parseSeriesValues(text: string): SeriesValuesResult {
  const values: SeriesValue[] = []
  let at = firstAfterSpace(text, 0)
  while (at < text.length) {
    item.lastIndex = at
    const match = item.exec(text)
    if (match === null) return explain(text, at)
    const fault = append(match, values)
    if (fault !== undefined) return { kind: 'failed', offset: at, ...fault }
    at = firstAfterSpace(text, item.lastIndex)
  }
  return { kind: 'parsed', values }
}

interface Fault {
  readonly message: string
  readonly hint: string
}

function append(match: RegExpExecArray, values: SeriesValue[]): Fault | undefined {
  const [written, blank, stale, first, step, repeat, times] = match
  const fault = misuse(written, stale ?? first, step, repeat)
  if (fault !== undefined) return fault
  // Prometheus counts the first value apart from its repetitions, but not so for blanks.
  const count = blank === undefined ? Number(times ?? 0) + 1 : Number(times ?? 1)
  if (count > ruleTestValuesMax - values.length) {
    const hint = 'take a longer interval between the values, or a shorter story'
    return { message: `more than ${ruleTestValuesMax} values`, hint }
  }
  let value = Number(numberText(first ?? '0'))
  for (let index = 0; index < count; index++) {
    values.push(blank !== undefined ? 'none' : stale !== undefined ? 'stale' : value)
    value += Number(numberText(step ?? '0'))
  }
  return undefined
}

/** What the pattern lets through and Prometheus refuses, or reads as another number than a person does. */
function misuse(
  written: string,
  first: string | undefined,
  step: string | undefined,
  repeat: string | undefined,
): Fault | undefined {
  const octal = [first, step].find((text) => text !== undefined && /^[+-]?0\d+$/.test(text))
  if (octal !== undefined) {
    return { message: `${octal} begins with 0, which Prometheus reads as an octal number`, hint: 'leave the 0 out' }
  }
  if (step !== undefined && repeat === undefined) {
    return { message: `${written} does not say how often`, hint: `for example ${written}x60` }
  }
  const last = step ?? first ?? ''
  if (repeat !== undefined && /[a-zA-Z]$/.test(last)) {
    return { message: `"${last}" cannot be repeated with x`, hint: 'write it out as often as it is needed' }
  }
  const infinite = [first, step].find((text) => text !== undefined && isTooLarge(text))
  return infinite === undefined ? undefined : { message: `${infinite} is too large for a number`, hint: known }
}

function isTooLarge(text: string): boolean {
  return /\d/.test(text) && !Number.isFinite(Number(text))
}

/** A number as JavaScript reads it. */
function numberText(text: string): string {
  if (/nan$/i.test(text)) return 'NaN'
  return text.replace(/inf$/i, 'Infinity')
}

function explain(text: string, start: number): SeriesValuesResult {
  const word = /\S*/.exec(text.slice(start))?.[0] ?? ''
  readableStart.lastIndex = start
  const read = readableStart.exec(text)?.[0] ?? ''
  const offset = start + read.length
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word
  const fault = (message: string, hint = known): SeriesValuesResult => ({ kind: 'failed', offset, message, hint })
  if (word.startsWith('{{')) {
    return fault('native histograms cannot be written here yet', 'write the buckets as series with the label le')
  }
  if (read.includes('x')) {
    return fault(`"${shown}" does not end in a whole number of repetitions`, 'for example 0+10x60')
  }
  if (text[offset] === ',') return fault('"," does not belong here', 'values stand apart by spaces')
  return fault(`"${shown}" is not a value`)
}

function firstAfterSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\r\n'.includes(text[at])) at++
  return at
}
