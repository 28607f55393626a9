import type { SyntaxNode } from '@lezer/common'
import { readQuoted } from '../../core/sli/promql-string.ts'

/** The labels in the parentheses of `by`, `without`, `on` or `ignoring`. */
export function groupingLabels(clause: SyntaxNode, text: string): ReadonlySet<string> {
  const labels = new Set<string>()
  const list = clause.getChild('GroupingLabels')
  for (let label = list?.firstChild ?? null; label !== null; label = label.nextSibling) {
    if (label.name === 'LabelName') labels.add(text.slice(label.from, label.to))
    if (label.name !== 'QuotedLabelName') continue
    const quoted = readQuoted(text, label.from)
    if (quoted.kind === 'read') labels.add(quoted.value)
  }
  return labels
}
