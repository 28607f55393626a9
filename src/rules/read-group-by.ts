import type { Indicator } from '../core/model/indicator.ts'
import { metricNameLabel } from '../core/model/labels.ts'
import type { RegionSettings } from '../core/model/slo.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readItems, readText } from './read-values.ts'

/** The labels an SLO is divided by; those that cannot divide it are reported. */
export function readGroupBy(
  reading: Reading,
  path: Path,
  regions: RegionSettings,
  indicator: Indicator | undefined,
): readonly string[] {
  const labels: string[] = []
  for (const item of readItems(reading, path)) {
    const label = readText(reading, item)
    if (label === undefined) continue
    labels.push(label)
    const refusal = labelRefusal(label, regions.label)
    if (refusal !== undefined) reading.problems.report({ code: 'RULE_GROUP_BY', path: item, ...refusal })
  }
  const refusal = indicator === undefined ? undefined : indicatorRefusal(indicator.kind)
  if (labels.length > 0 && refusal !== undefined) {
    reading.problems.report({ code: 'RULE_GROUP_BY', path, place: reading.document.placeOfKey(path), ...refusal })
  }
  return labels
}

interface Refusal {
  readonly message: string
  readonly hint: string
}

function labelRefusal(label: string, regionLabel: string): Refusal | undefined {
  if (label === metricNameLabel) {
    return { message: 'an SLO cannot be divided by the name of its metrics', hint: 'write one SLO for each metric' }
  }
  if (label !== regionLabel) return undefined
  return {
    message: `"${label}" is the region label, and every region has its own budget and alerts already`,
    hint: 'leave it out; for budgets of regions alone write regions: { global: none }',
  }
}

function indicatorRefusal(kind: Indicator['kind']): Refusal | undefined {
  if (kind === 'composite') {
    return {
      message: 'a composite cannot be divided: it has no series of its own',
      hint: 'write one composite for each group, from SLOs that each select one group',
    }
  }
  if (kind !== 'query') return undefined
  return {
    message: 'a query cannot be divided: its answer is one number',
    hint: 'write one SLO for each group with the label in its queries, or an indicator made of counters',
  }
}
