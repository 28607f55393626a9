import type { Panel, Row } from '../dashboard.ts'
import { inRegions, rate, sumBy, withRegionLabel } from '../promql.ts'
import { eventRate, named, regionsOnly } from '../slo-metrics.ts'
import type { ContentInput } from './content-input.ts'
import { toOnCallOfRegion } from './links.ts'
import { views } from './views.ts'

/** How much traffic each region has, and its share. */
export function trafficRow(input: ContentInput): Row {
  const requests = requestsByRegion(input)
  return {
    title: 'Traffic',
    panels: [
      {
        title: 'Traffic by region',
        description:
          'Requests a second in each region; darker is more. A row that turns pale has lost its traffic: was it moved, or can users not reach it? Click it for the on-call view of that region.',
        width: 16,
        height: 7,
        view: views.cells,
        queries: [{ expr: requests, legend: '{{region}}' }],
        unit: 'reqps',
        decimals: 0,
        min: 0,
        links: [toOnCallOfRegion],
      },
      {
        title: 'Share of each region',
        description:
          'Who serves how much of the traffic now. Budgets of all regions together are spent in these proportions; a share that changed without a decision is a routing problem.',
        width: 8,
        height: 7,
        view: views.pie,
        queries: [{ expr: requests, legend: '{{region}}', instant: true }],
        unit: 'reqps',
        decimals: 0,
        links: [toOnCallOfRegion],
      },
    ],
  }
}

/** Requests a second in each region: of the counter that the settings name, or else of what SLOs count, each request once per SLO. */
export function requestsByRegion({ facts, settings }: ContentInput): string {
  const { requests, regionLabel } = settings
  if (requests.total === undefined) {
    const more = facts.requestSlos.length === 0 ? [] : [named(facts.requestSlos)]
    return eventRate(['region'], ...regionsOnly, ...more)
  }
  return withRegionLabel(sumBy([regionLabel], rate(inRegions(requests.total, regionLabel))), regionLabel)
}

/** The events of all SLOs a second, good and bad. */
export const eventRates: Panel = {
  title: 'Events by outcome',
  description:
    'What the SLOs counted: good and bad events a second in each region. Bad ones that rise with the good ones are load; bad ones that rise alone are a fault.',
  width: 12,
  height: 8,
  view: views.lines,
  queries: [{ expr: eventRate(['region', 'kind'], ...regionsOnly), legend: '{{region}} {{kind}}' }],
  unit: 'eps',
  min: 0,
}
