import { metricNameLabel } from '../../core/model/labels.ts'
import type { Panel, Query, Row } from '../dashboard.ts'
import { inRegions } from '../promql.ts'
import type { GaugeBound } from '../rule-facts.ts'
import type { ContentInput } from './content-input.ts'
import { toDebugOfRegion } from './links.ts'
import { views } from './views.ts'

/** Panels of one row; SLOs beyond it have their own detail. */
const gaugesMax = 8

/** The gauges that SLOs put a bound on, such as replication lag; there only where rule files have some. */
export function gaugeRow({ facts }: ContentInput): readonly Row[] {
  const gauges = facts.gauges.slice(0, gaugesMax)
  return gauges.length === 0 ? [] : [{ title: 'Measured against a bound', panels: gauges.map(gaugePanel) }]
}

function gaugePanel(gauge: GaugeBound): Panel {
  const { slo, description, selector, combine, bound, regionLabel } = gauge
  const aggregation = combine === 'mean' ? 'avg' : combine
  const limit: readonly Query[] =
    bound === undefined ? [] : [{ expr: `vector(${bound})`, legend: 'bound', isLimit: true }]
  return {
    title: slo,
    description: `${description === '' ? 'The value that this SLO looks at, in each region.' : description} Dashed is the bound. A region on the wrong side of it spends budget for as long as it stays there.`,
    width: 12,
    height: 7,
    view: views.lines,
    queries: [
      {
        expr: `${aggregation} by (${regionLabel}) (${inRegions(selector, regionLabel)})`,
        legend: `{{${regionLabel}}}`,
      },
      ...limit,
    ],
    unit: unitOf(gauge),
    links: [toDebugOfRegion],
  }
}

/** By the suffix that a metric's name has by convention. */
function unitOf({ selector }: GaugeBound): string {
  const name = selector.matchers.find(({ label }) => label === metricNameLabel)?.value ?? ''
  if (/_seconds(_|$)/.test(name)) return 's'
  if (name.endsWith('_bytes')) return 'bytes'
  return name.endsWith('_ratio') ? 'percentunit' : 'short'
}
