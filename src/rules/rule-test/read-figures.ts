import { dataStates } from '../../core/model/counts.ts'
import type { Path } from '../../documents/source-document.ts'
import type { Reading } from '../read-values.ts'
import type { Figure, NumberFigureName } from './rule-test.ts'

/**
 * The least number of decimals that each figure is compared with: `remaining: 1` must not be met by 0.6. Events are
 * whole, but for windows that begin between two rows.
 */
const decimalsMin: Readonly<Record<NumberFigureName, number>> = {
  good: 0,
  bad: 0,
  total: 0,
  sli: 3,
  consumed: 3,
  remaining: 3,
  coverage: 3,
  errorRatio: 3,
  burnRate: 1,
}

/** The figures that one entry expects, and how near each must be met. */
export function readFigures(reading: Reading, path: Path): Figure[] {
  const { document, problems } = reading
  const written = document.at([...path, 'tolerance'])
  const tolerance = typeof written === 'number' ? written : undefined
  const figures: Figure[] = []
  for (const name of names) {
    const at = [...path, name]
    const value = document.at(at)
    if (value !== null && typeof value !== 'number') continue
    const text = document.textAt(at) ?? ''
    figures.push({
      name,
      expected: value,
      tolerance: tolerance ?? halfOfLastDigit(text, decimalsMin[name]),
      place: document.placeOf(at),
    })
  }
  const state = dataStates.find((known) => known === document.at([...path, 'state']))
  if (state !== undefined) figures.push({ name: 'state', expected: state, place: document.placeOf([...path, 'state']) })
  if ([...names, 'state'].every((name) => document.at([...path, name]) === undefined)) {
    const hint = 'for example remaining: 0.9, burnRate: 14.4 or bad: 0'
    problems.report({ code: 'TEST_FORM', path, message: 'this entry expects no figure', hint })
  }
  return figures
}

const names: readonly NumberFigureName[] = [
  'good',
  'bad',
  'total',
  'sli',
  'consumed',
  'remaining',
  'coverage',
  'burnRate',
  'errorRatio',
]

/** `0.9961` is met by what rounds to it: by ±0.00005. */
function halfOfLastDigit(text: string, decimalsAtLeast: number): number {
  const [, fraction = '', exponent = '0'] = /^[^.eE]*(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const decimals = Math.max(decimalsAtLeast, fraction.length - Number(exponent))
  return 0.5 * 10 ** -decimals
}
