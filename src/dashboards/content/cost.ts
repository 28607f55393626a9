import { plainSteps } from '../colors.ts'
import type { Row } from '../dashboard.ts'
import { inRegions, sumBy, withRegionLabel } from '../promql.ts'
import type { ContentInput } from './content-input.ts'
import { currencyUnit } from './currency.ts'
import { requestsByRegion } from './traffic.ts'
import { views } from './views.ts'

/** What the regions cost; there only where a metric of cost is named. */
export function costRow(input: ContentInput): readonly Row[] {
  const { cost, regionLabel } = input.settings
  if (cost === undefined) return []
  const perHour = withRegionLabel(sumBy([regionLabel], inRegions(cost.perHour, regionLabel)), regionLabel)
  const unit = currencyUnit(cost.currency)
  return [
    {
      title: 'Cost',
      panels: [
        {
          title: 'Cost of a month by region',
          description:
            'What a month of 730 hours costs at the price of this hour. Put it beside the share of traffic: a region that costs more than it serves is a spare, and should be one on purpose.',
          width: 8,
          height: 7,
          view: views.bars,
          queries: [{ expr: `${perHour} * 730`, legend: '{{region}}', instant: true }],
          unit,
          decimals: 0,
          min: 0,
          steps: plainSteps,
        },
        {
          title: 'Cost of a million requests',
          description:
            'What a million requests cost at the traffic and the price of now. It rises when traffic falls and nothing is scaled down.',
          width: 4,
          height: 7,
          view: views.figure,
          queries: [{ expr: `sum(${perHour}) / (sum(${requestsByRegion(input)}) * 3600) * 1000000`, instant: true }],
          unit,
          decimals: 2,
          steps: plainSteps,
          noValue: '—',
        },
        {
          title: 'Cost over time',
          description:
            'Money per hour in each region. A step without a decision behind it is worth a question; a step after a change is what the change costs.',
          width: 12,
          height: 7,
          view: views.stacked,
          queries: [{ expr: perHour, legend: '{{region}}' }],
          unit,
          decimals: 2,
          min: 0,
        },
      ],
    },
  ]
}
