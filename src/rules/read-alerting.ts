import { noLabels } from '../core/model/labels.ts'
import type { Alerting, Severity, SeverityAlerting } from '../core/model/slo.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readLabels, readTexts } from './read-values.ts'

/** What an SLO says about its alerts, but for the policy, which is known by name only. */
export type AlertingDraft = Omit<Alerting, 'policy'>

/** What is added for a severity of which an SLO says no more than that it is on or off. */
const nothingAdded: SeverityAlerting = { labels: noLabels, receivers: [] }

/** Labels, and for each severity whether it is on and what is added for it. */
export function readAlerting(reading: Reading, path: Path): AlertingDraft {
  const [page, ticket] = (['page', 'ticket'] as const).map((severity) => readSeverity(reading, path, severity))
  return {
    labels: readLabels(reading, [...path, 'labels']),
    severities: { page: page.isOn, ticket: ticket.isOn },
    bySeverity: { page: page.added, ticket: ticket.added },
  }
}

interface ReadSeverity {
  readonly isOn: boolean
  readonly added: SeverityAlerting
}

function readSeverity(reading: Reading, alerting: Path, severity: Severity): ReadSeverity {
  const path = [...alerting, severity]
  const written = reading.document.at(path)
  if (typeof written !== 'object') return { isOn: written !== false, added: nothingAdded }
  const labels = readLabels(reading, [...path, 'labels'])
  return { isOn: true, added: { labels, receivers: readTexts(reading, [...path, 'receivers']) } }
}
