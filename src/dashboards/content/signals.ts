import type { Panel } from '../dashboard.ts'
import { inRegions, rate, sumBy } from '../promql.ts'
import type { ContentInput } from './content-input.ts'
import { toDebugOfRegion } from './links.ts'
import { views } from './views.ts'

/** Lines of more counters than this cover each other. */
const countersMax = 12

/** The failures of each counter over time; there only where rule files count failures. */
export function signalPanel({ facts, settings }: ContentInput): readonly Panel[] {
  const counters = facts.errors.slice(0, countersMax)
  if (counters.length === 0) return []
  return [
    {
      title: 'Failures by kind',
      description:
        'The counters of bad events themselves, as their services report them, before any SLO. A kind that jumps while the others lie still tells where to look; none moves: the fault is in the rule or the data.',
      width: 12,
      height: 8,
      view: views.lines,
      queries: counters.map(({ slo, selector, by, regionLabel }) => {
        const labels = [...new Set([regionLabel, ...by, ...settings.requests.by])]
        const legend = `${slo} ${labels.map((label) => `{{${label}}}`).join(' ')}`
        return { expr: sumBy(labels, rate(inRegions(selector, regionLabel))), legend }
      }),
      unit: 'reqps',
      min: 0,
      links: [toDebugOfRegion],
    },
  ]
}
