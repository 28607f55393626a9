import type { Severity } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import { parseDuration } from '../../core/time/duration.ts'
import { parseTime } from '../../core/time/parse-time.ts'
import type { Path } from '../../documents/source-document.ts'
import { type Reading, readDuration, readLabels, readSpan, readText, readTexts } from '../read-values.ts'
import { readFigures } from './read-figures.ts'
import type { AlertPattern, Expectation, RulePattern, SloPattern } from './rule-test.ts'

/** Everything that a test expects, in the order in which it is written; `start` is time 0. */
export function readExpectations(reading: Reading, path: Path, start: EpochMs): Expectation[] {
  const written = reading.document.at(path)
  if (!Array.isArray(written)) return []
  return written.flatMap((_, index) => readEntry(reading, [...path, index], start))
}

function readEntry(reading: Reading, path: Path, start: EpochMs): Expectation[] {
  const at = readMoment(reading, [...path, 'at'], start)
  if (at === undefined) return []
  const { document } = reading
  const present = (key: string): Path | undefined =>
    document.at([...path, key]) === undefined ? undefined : [...path, key]
  const resolved = present('resolved')
  const open = present('firing')
  const none = present('none')
  return [
    ...(['page', 'ticket'] as const).flatMap((severity) => readFired(reading, present(severity), severity, at)),
    ...(resolved === undefined
      ? []
      : [{ kind: 'resolved' as const, at, ...timing(reading, resolved), alert: readAlert(reading, resolved) }]),
    ...(open === undefined
      ? []
      : [{ kind: 'open' as const, at, alerts: readAlerts(reading, open), place: document.placeOfKey(open) }]),
    ...(none === undefined ? [] : [{ kind: 'open' as const, at, alerts: [], place: document.placeOfKey(none) }]),
    ...readFigureList(reading, [...path, 'budgets'], at),
    ...readFigureList(reading, [...path, 'burnRates'], at),
  ]
}

function readMoment({ document, problems }: Reading, path: Path, start: EpochMs): EpochMs | undefined {
  const value = document.at(path)
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const since = typeof value === 'string' ? parseDuration(value) : undefined
  const at = since === undefined ? parseMoment(String(value)) : start + since
  if (at === undefined) {
    const hint = typeof value === 'number' ? `write it with a unit, for example ${value}m` : 'write 1h8m, or RFC 3339'
    problems.report({ code: 'TEST_TIME', path, message: `"${value}" is not a time`, hint })
  } else if (at < start) {
    problems.report({ code: 'TEST_TIME', path, message: `${value} lies before the start` })
  }
  return at
}

/** A number alone could be Unix seconds, but is much rather a duration without its unit. */
function parseMoment(text: string): EpochMs | undefined {
  return /^[\d.]+$/.test(text) ? undefined : parseTime(text)
}

function readFired(reading: Reading, path: Path | undefined, severity: Severity, at: EpochMs): Expectation[] {
  if (path === undefined) return []
  const receivers = readTextOrTexts(reading, [...path, 'receiver'])
  const alert = { ...readAlert(reading, path), severity }
  return [{ kind: 'fired', at, severity, alert, rule: readRule(reading, path), receivers, ...timing(reading, path) }]
}

function timing(reading: Reading, path: Path): { withinMs: DurationMs; place: Expectation['place'] } {
  return { withinMs: readDuration(reading, [...path, 'within']) ?? 0, place: reading.document.placeOfKey(path) }
}

function readRule(reading: Reading, path: Path): RulePattern | undefined {
  const rule = [...path, 'rule']
  if (reading.document.at(rule) === undefined) return undefined
  const burnRate = reading.document.at([...rule, 'burnRate'])
  return {
    longMs: readSpan(reading, [...rule, 'long']),
    shortMs: readSpan(reading, [...rule, 'short']),
    burnRate: typeof burnRate === 'number' ? burnRate : undefined,
  }
}

function readAlerts(reading: Reading, path: Path): AlertPattern[] {
  const written = reading.document.at(path)
  return Array.isArray(written) ? written.map((_, index) => readAlert(reading, [...path, index])) : []
}

function readAlert(reading: Reading, path: Path): AlertPattern {
  const severity = readText(reading, [...path, 'severity'])
  return {
    slo: readSlo(reading, path),
    severity: severity === 'page' || severity === 'ticket' ? severity : undefined,
    scopes: readTextOrTexts(reading, [...path, 'scope']),
    place: reading.document.placeOf(path),
  }
}

function readSlo(reading: Reading, path: Path): SloPattern {
  const { document } = reading
  const group = [...path, 'group']
  return {
    name: readText(reading, [...path, 'slo']) ?? '',
    group: document.at(group) === undefined ? undefined : readLabels(reading, group),
    place: document.placeOf([...path, 'slo']),
  }
}

function readFigureList(reading: Reading, path: Path, at: EpochMs): Expectation[] {
  const written = reading.document.at(path)
  if (!Array.isArray(written)) return []
  return written.map((_, index) => {
    const entry = [...path, index]
    return {
      kind: 'figures',
      at,
      slo: readSlo(reading, entry),
      scope: readText(reading, [...entry, 'scope']) ?? 'global',
      windowMs: readSpan(reading, [...entry, 'window']),
      figures: readFigures(reading, entry),
      place: reading.document.placeOf(entry),
    }
  })
}

function readTextOrTexts(reading: Reading, path: Path): readonly string[] | undefined {
  const text = readText(reading, path)
  if (text !== undefined) return [text]
  return Array.isArray(reading.document.at(path)) ? readTexts(reading, path) : undefined
}
