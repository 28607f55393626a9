import { type DataPolicy, defaultDataPolicy, type Severity } from '../core/model/slo.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readSpan, readText } from './read-values.ts'

/** What an SLO does about data that cannot be seen; what it does not say is as in `defaultDataPolicy`. */
export function readData(reading: Reading, path: Path): DataPolicy {
  const standard = defaultDataPolicy
  const unseen = readText(reading, [...path, 'unseen'])
  return {
    unseen: unseen === 'bad' || unseen === 'good' || unseen === 'ignore' ? unseen : standard.unseen,
    blind: {
      severity: readSeverity(readText(reading, [...path, 'blind', 'severity']), standard.blind.severity),
      afterMs: readSpan(reading, [...path, 'blind', 'after']) ?? standard.blind.afterMs,
    },
    trafficGone: readSeverity(readText(reading, [...path, 'trafficGone']), standard.trafficGone),
    forgetRegionAfterMs: readSpan(reading, [...path, 'forgetRegionAfter']) ?? standard.forgetRegionAfterMs,
  }
}

function readSeverity(text: string | undefined, whenAbsent: Severity | 'off'): Severity | 'off' {
  return text === 'page' || text === 'ticket' || text === 'off' ? text : whenAbsent
}
