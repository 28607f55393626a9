import type { Signal } from '../core/model/indicator.ts'
import { signalNameFault } from '../core/sli/parse-formula-words.ts'
import { printCounters } from '../core/sli/print-counters.ts'
import type { Path } from '../documents/source-document.ts'
import { readCounters } from './read-counters.ts'
import { type Reading, readKeys } from './read-values.ts'

/** The names that formulas may use, and the signals; these are undefined when something is wrong with one of them. */
export interface ReadSignals {
  readonly names: readonly string[]
  readonly signals: readonly Signal[] | undefined
}

/** Counters by name. A name that is wrong is reported here and stays known, so that its uses are not reported as well. */
export function readSignals(reading: Reading, path: Path): ReadSignals {
  const names = readKeys(reading, path)
  const signals: Signal[] = []
  for (const name of names) {
    const counters = readCounters(reading, [...path, name])
    if (isUsableName(reading, path, name) && counters !== undefined) signals.push({ name, counters })
  }
  return { names, signals: signals.length === names.length && names.length > 0 ? signals : undefined }
}

/** Signals as they stand in a file. */
export function printSignals(signals: readonly Signal[]): Readonly<Record<string, string>> {
  return Object.fromEntries(signals.map(({ name, counters }) => [name, printCounters(counters)]))
}

function isUsableName({ document, problems }: Reading, path: Path, name: string): boolean {
  const fault = signalNameFault(name)
  if (fault === undefined) return true
  const keyPath = [...path, name]
  const message = `"${name}" cannot be the name of a signal: ${fault}`
  problems.report({ code: 'RULE_SIGNAL_NAME', path: keyPath, place: document.placeOfKey(keyPath), message })
  return false
}
