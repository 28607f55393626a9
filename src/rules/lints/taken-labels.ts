import type { SourceDocument } from '../../documents/source-document.ts'
import type { LintedSlo, SloLint } from './slo-lint.ts'

/** Labels by which receivers tell alerts apart: an alert's own win over those of its SLO. */
const alertLabels: ReadonlySet<string> = new Set([
  'alertname',
  'slo',
  'service',
  'region',
  'severity',
  'window_long',
  'window_short',
])

const labelPaths = [
  ['metadata', 'labels'],
  ['spec', 'labels'],
  ['spec', 'alerting', 'labels'],
  ['spec', 'alerting', 'page', 'labels'],
  ['spec', 'alerting', 'ticket', 'labels'],
] as const

/** Labels that would not be seen because alerts carry their own of that name. */
export const takenLabels: SloLint = ({ draft, document }) => {
  return labelPaths.flatMap((path) =>
    namesAt(document, path)
      .filter((name) => alertLabels.has(name) && !saysTheSame(draft, document.at([...path, name]), name))
      .map((name) => ({
        code: 'RULE_LABEL_TAKEN' as const,
        severity: 'warning' as const,
        path: [...path, name],
        place: document.placeOfKey([...path, name]),
        message: `the label "${name}" would not be seen: every alert has its own`,
        hint: 'give it another name',
      })),
  )
}

function saysTheSame({ slo }: LintedSlo['draft'], value: unknown, name: string): boolean {
  return (name === 'service' && value === slo.service) || (name === 'slo' && value === slo.name)
}

function namesAt(document: SourceDocument, path: readonly string[]): string[] {
  const labels = document.at(path)
  return typeof labels === 'object' && labels !== null ? Object.keys(labels) : []
}
