import type { AlertPolicy, AlertRule } from '../core/model/slo.ts'
import type { Path } from '../documents/source-document.ts'
import { readEvidence } from './read-evidence.ts'
import { readName } from './read-name.ts'
import { readBudgetShare, readBurnRate } from './read-numbers.ts'
import { type Reading, readDuration, readSpan, readText } from './read-values.ts'

/** Reads a document of kind AlertPolicy; undefined when something is wrong, which is then reported. */
export function readAlertPolicy(reading: Reading): AlertPolicy | undefined {
  const { document, problems } = reading
  const name = readName(reading)
  const written = document.at(['spec', 'rules'])
  const rules = (Array.isArray(written) ? written : []).map((_, index) => readRule(reading, ['spec', 'rules', index]))
  const forMs = readDuration(reading, ['spec', 'for']) ?? 0
  const keepFiringForMs = readDuration(reading, ['spec', 'keepFiringFor']) ?? 0
  const evidence = readEvidence(reading, ['spec', 'evidence'])
  const complete = rules.filter((rule) => rule !== undefined)
  if (name === undefined || complete.length < rules.length || problems.hasErrors()) return undefined
  const plain = { name, rules: complete, forMs, keepFiringForMs }
  return evidence === undefined ? plain : { ...plain, evidence }
}

function readRule(reading: Reading, path: Path): AlertRule | undefined {
  const severity = readText(reading, [...path, 'severity'])
  const longMs = readSpan(reading, [...path, 'long'])
  const shortMs = readSpan(reading, [...path, 'short'])
  const threshold = readThreshold(reading, path)
  if (longMs !== undefined && shortMs !== undefined && shortMs >= longMs) {
    const long = readText(reading, [...path, 'long'])
    const message = `the short window ${readText(reading, [...path, 'short'])} is not shorter than the long window ${long}`
    const hint = 'the SRE Workbook takes a twelfth: 5m for 1h, 30m for 6h'
    const place = [...path, 'short']
    if (reading.problems.report({ code: 'RULE_SHORT_NOT_SHORTER', path: place, message, hint })) return undefined
  }
  if (severity !== 'page' && severity !== 'ticket') return undefined
  if (longMs === undefined || shortMs === undefined || threshold === undefined) return undefined
  return { severity, longMs, shortMs, threshold }
}

function readThreshold(reading: Reading, path: Path): AlertRule['threshold'] | undefined {
  const budgetShare = readBudgetShare(reading, [...path, 'budget'])
  const burnRate = readBurnRate(reading, [...path, 'burnRate'])
  if (budgetShare !== undefined) return { budgetShare }
  return burnRate === undefined ? undefined : { burnRate }
}
