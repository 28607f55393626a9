import { formatLabels, labelsKey } from '../../core/model/labels.ts'
import { ruleTestValuesPerTestMax } from '../../core/model/limits.ts'
import type { DurationMs } from '../../core/model/units.ts'
import type { Path } from '../../documents/source-document.ts'
import type { Reading } from '../read-values.ts'
import { parseSeriesKey } from './parse-series-key.ts'
import { parseSeriesValues } from './parse-series-values.ts'
import type { TestSeries } from './rule-test.ts'

/** The series of a test, and how long the longest of them lasts. */
export interface ReadSeries {
  readonly series: readonly TestSeries[]
  readonly lengthMs: DurationMs
}

/** Reads the series of a test, written in the notation of Prometheus. */
export function readSeries(reading: Reading, path: Path, everyMs: DurationMs): ReadSeries {
  const { document, problems } = reading
  const written = document.at(path)
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return { series: [], lengthMs: 0 }
  const series = Object.keys(written).flatMap((key) => readOne(reading, [...path, key], key) ?? [])
  reportRepeated(reading, path, series)
  const values = series.reduce((sum, each) => sum + each.values.length, 0)
  if (values > ruleTestValuesPerTestMax) {
    const message = `the series have ${values} values, and a test at most ${ruleTestValuesPerTestMax}`
    problems.report({ code: 'TEST_TOO_LARGE', path, message, hint: 'take a longer interval between the values' })
  }
  const longest = series.reduce((max, each) => Math.max(max, each.values.length), 0)
  return { series, lengthMs: Math.max(0, longest - 1) * everyMs }
}

function readOne({ document, problems }: Reading, path: Path, key: string): TestSeries | undefined {
  const name = parseSeriesKey(key)
  if (name.kind === 'failed') {
    const { offset, message, hint } = name
    problems.report({ code: 'TEST_SERIES', path, place: document.placeInKey(path, offset), message, hint })
    return undefined
  }
  const value = document.at(path)
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  // YAML reads 0x60 as a number and a folded text as one line: of a number the source counts, of a text its value.
  const text = typeof value === 'string' ? value : (document.textAt(path) ?? String(value))
  const values = parseSeriesValues(text)
  if (values.kind === 'failed') {
    const { offset, message, hint } = values
    problems.report({ code: 'TEST_SERIES', path, place: document.placeInText(path, offset), message, hint })
    return undefined
  }
  return { labels: name.labels, values: values.values, at: document.placeOfKey(path) }
}

/** Two ways to write the same labels would give one series two values at a time. */
function reportRepeated({ problems }: Reading, path: Path, series: readonly TestSeries[]): void {
  const first = new Map<string, TestSeries>()
  for (const each of series) {
    const key = labelsKey(each.labels)
    const earlier = first.get(key)
    if (earlier === undefined) first.set(key, each)
    else {
      const message = `the series ${formatLabels(each.labels)} stands in line ${earlier.at.line} already`
      problems.report({ code: 'TEST_SERIES', path: [...path, each.at.path ?? ''], place: each.at, message })
    }
  }
}
