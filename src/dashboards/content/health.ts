import { colors } from '../colors.ts'
import type { Panel, Row } from '../dashboard.ts'
import { inRegions, rate, sumBy } from '../promql.ts'
import type { ContentInput } from './content-input.ts'
import { views } from './views.ts'

/** Health checks, routing weights and failovers; a panel for each that is named. */
export function healthRow({ settings }: ContentInput): readonly Row[] {
  const { health, regionLabel } = settings
  if (health === undefined) return []
  const { checks, endpoint, weights, failovers } = health
  const panels: readonly Panel[] = [
    ...(checks === undefined
      ? []
      : [
          {
            title: 'Health checks',
            description:
              'Which check passed when, in each region. One endpoint red everywhere: the endpoint. All endpoints red in one region: the region, or the way to it.',
            width: 12,
            height: 8,
            view: views.timeline,
            queries: [
              {
                expr: `min by (${regionLabel}, ${endpoint}) (${inRegions(checks, regionLabel)})`,
                legend: `{{${regionLabel}}} {{${endpoint}}}`,
              },
            ],
            unit: 'short',
            words: [
              { value: 0, text: 'FAILS', color: colors.bad },
              { value: 1, text: 'passes', color: colors.good },
            ],
          },
        ]),
    ...(weights === undefined
      ? []
      : [
          {
            title: 'Routing weights',
            description:
              'Which share of traffic is sent to each region. Compare it with the traffic that arrives: where the two differ, a cache or a resolver does not follow.',
            width: 12,
            height: 8,
            view: views.stacked,
            queries: [{ expr: sumBy([regionLabel], inRegions(weights, regionLabel)), legend: `{{${regionLabel}}}` }],
            unit: 'percentunit',
            min: 0,
          },
        ]),
    ...(failovers === undefined
      ? []
      : [
          {
            title: 'Failovers',
            description:
              'Failovers a second in each region; any bump is one. More than one in an hour is flapping: pin the routing before looking for the reason.',
            width: 12,
            height: 8,
            view: views.lines,
            queries: [
              { expr: sumBy([regionLabel], rate(inRegions(failovers, regionLabel))), legend: `{{${regionLabel}}}` },
            ],
            unit: 'ops',
            min: 0,
          },
        ]),
  ]
  return panels.length === 0 ? [] : [{ title: 'Health and routing', panels }]
}
