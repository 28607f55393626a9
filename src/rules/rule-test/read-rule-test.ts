import { basename, dirname, isAbsolute, join } from 'node:path'
import { ruleTestStepsMax } from '../../core/model/limits.ts'
import { type DurationMs, type EpochMs, secondMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { parseTime } from '../../core/time/parse-time.ts'
import type { Path } from '../../documents/source-document.ts'
import { type Reading, readLabels, readSpan, readText, readTexts } from '../read-values.ts'
import { readExpectations } from './read-expectations.ts'
import { readSeries } from './read-series.ts'
import type { AlertsMode, RulePath, RuleTest, RuleTestFile } from './rule-test.ts'

/** As in the engine config. */
const defaultStepMs: DurationMs = 15 * secondMs

/** Far from any change of clocks, and a multiple of every interval that divides a day. */
const defaultStart: EpochMs = Date.UTC(2026, 0, 1)

/** Reads one document of a rule test file; use the result only when no problem was reported. */
export function readRuleTest(reading: Reading): RuleTestFile {
  const { document, problems } = reading
  const tests = document.at(['tests'])
  if (tests !== undefined && document.at(['name']) !== undefined) {
    const message = 'beside "tests" there is no test that this could be the name of'
    problems.report({ code: 'TEST_FORM', path: ['name'], message, hint: 'each of the tests has its own name' })
  }
  const places = Array.isArray(tests) ? tests.map((_, index): Path => ['tests', index]) : [[]]
  return { file: document.file, rules: readRulePaths(reading), tests: places.map((path) => readTest(reading, path)) }
}

function readRulePaths(reading: Reading): RulePath[] {
  const { document } = reading
  const written = document.at(['rules'])
  const paths: readonly Path[] = Array.isArray(written) ? written.map((_, index) => ['rules', index]) : [['rules']]
  return paths.flatMap((path) => {
    const text = readText(reading, path)
    if (text === undefined) return []
    return [{ path: isAbsolute(text) ? text : join(dirname(document.file), text), at: document.placeOf(path) }]
  })
}

function readTest(reading: Reading, path: Path): RuleTest {
  const { document } = reading
  const stepMs = readSpan(reading, ['evaluation', 'interval']) ?? defaultStepMs
  const everyMs = readSpan(reading, [...path, 'every']) ?? readSpan(reading, ['every']) ?? 0
  const start = readStart(reading, path, stepMs)
  const { series, lengthMs } = readSeries(reading, [...path, 'series'], everyMs)
  checkLength(reading, [...path, 'series'], lengthMs, stepMs)
  const namePath = [...path, 'name']
  return {
    name: readText(reading, namePath) ?? basename(document.file).replace(/(\.test)?\.[^.]+$/, ''),
    at: document.placeOf(namePath),
    expectAt: document.placeOfKey([...path, 'expect']),
    start,
    everyMs,
    stepMs,
    routes: readRoutes(reading),
    alerts: readAlertsMode(reading, [...path, 'alerts']) ?? readAlertsMode(reading, ['alerts']) ?? 'pages',
    series,
    expectations: readExpectations(reading, [...path, 'expect'], start),
  }
}

function readStart(reading: Reading, path: Path, stepMs: DurationMs): EpochMs {
  const own = [...path, 'start']
  const { document, problems } = reading
  const where = document.at(own) === undefined ? ['start'] : own
  const value = document.at(where)
  if (typeof value !== 'string' && typeof value !== 'number') return defaultStart
  const text = String(value)
  const start = parseTime(text)
  if (start === undefined) {
    const message = `the start "${text}" is not a time`
    problems.report({
      code: 'TEST_TIME',
      path: where,
      message,
      hint: 'write RFC 3339 such as 2026-01-01T00:00:00Z, or Unix seconds',
    })
  } else if (start % stepMs !== 0) {
    const message = `the start is not a multiple of the evaluation interval ${formatDuration(stepMs)}`
    problems.report({ code: 'TEST_TIME', path: where, message, hint: `for example ${nearestStep(start, stepMs)}` })
  }
  return start ?? defaultStart
}

function nearestStep(start: EpochMs, stepMs: DurationMs): string {
  return new Date(Math.floor(start / stepMs) * stepMs).toISOString().replace('.000Z', 'Z')
}

function checkLength({ problems }: Reading, path: Path, lengthMs: DurationMs, stepMs: DurationMs): void {
  const steps = Math.floor(lengthMs / stepMs)
  if (steps <= ruleTestStepsMax) return
  const message = `the series last ${formatDuration(lengthMs)}, which are ${steps} evaluations and at most ${ruleTestStepsMax} make sense`
  const hint = 'take a longer evaluation: { interval: … }, or tell a shorter story'
  problems.report({ code: 'TEST_TOO_LARGE', path, message, hint })
}

function readRoutes(reading: Reading): RuleTest['routes'] {
  const written = reading.document.at(['routes'])
  if (!Array.isArray(written)) return []
  return written.map((_, index) => ({
    match: Object.fromEntries(readLabels(reading, ['routes', index, 'match'])),
    receivers: readTexts(reading, ['routes', index, 'receivers']),
  }))
}

function readAlertsMode(reading: Reading, path: Path): AlertsMode | undefined {
  const text = readText(reading, path)
  return text === 'pages' || text === 'exactly' || text === 'listed' ? text : undefined
}
