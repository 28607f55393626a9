import { quoteText } from '../../core/sli/promql-string.ts'
import type { Panel } from '../dashboard.ts'
import { inRegions, rate, sumBy, withRegionLabel } from '../promql.ts'
import type { ErrorCounter } from '../rule-facts.ts'
import { eventRate, ofSlos, once, regionsOnly } from '../slo-metrics.ts'
import type { ContentInput } from './content-input.ts'
import { toDebugOfRow, toDetailOfRow } from './links.ts'

/** A query of more counters than this takes a Prometheus too long for a page that is opened in a hurry. */
const countersMax = 20

/** Which failures there are most of, broken down by what tells them apart; there only where rule files count failures. */
export function topErrors({ facts, settings }: ContentInput): readonly Panel[] {
  const counters = facts.errors.slice(0, countersMax)
  if (counters.length === 0) return []
  const extra = settings.requests.by
  const labels = [...new Set([...counters.flatMap(({ by }) => by), ...extra])].sort()
  const errors = counters.map((counter) => failures(counter, extra)).join(' or ')
  const allowed = `(${eventRate(['slo', 'region'], ...regionsOnly)} * on (slo, region) (1 - ${once('slo_objective_ratio', ...regionsOnly)}))`
  return [
    {
      title: 'Top errors',
      description:
        'The ten kinds of failures that there are most of now, and the burn rate that each alone amounts to: how many times the allowed failures it is. The first line is what to mend.',
      width: 12,
      height: 8,
      view: {
        kind: 'table',
        columns: [
          { of: { label: 'slo' }, title: 'SLO', links: [toDetailOfRow] },
          { of: { label: 'region' }, title: 'Region', links: [toDebugOfRow] },
          ...labels.map((label) => ({ of: { label }, title: label })),
          { of: { query: 0 }, title: 'Failures', unit: 'reqps', decimals: 2 },
          { of: { query: 1 }, title: 'Burns', unit: 'short', decimals: 1, noValue: '—' },
        ],
        sortBy: 'Failures',
        descending: true,
      },
      queries: [
        { expr: `topk(10, ${errors})`, instant: true },
        { expr: `topk(10, (${errors}) / on (slo, region) group_left () ${allowed})`, instant: true },
      ],
      unit: 'reqps',
    },
  ]
}

/** Failures a second of one counter, with the SLO that counts them, and none while another SLO is chosen. */
function failures({ slo, isGrouped, selector, by, regionLabel }: ErrorCounter, extra: readonly string[]): string {
  const labels = [...new Set([regionLabel, ...by, ...extra])]
  const counted = withRegionLabel(sumBy(labels, rate(inRegions(selector, regionLabel))), regionLabel)
  const named = `label_replace(${counted}, "slo", ${quoteText(slo)}, "", "")`
  // The series of groups have names of their own, which a counter cannot be told to belong to.
  return isGrouped ? named : `(${named} and on (slo) ${ofSlos('slo_info')})`
}
