import { colors, wholeSteps } from '../colors.ts'
import type { Row, Word } from '../dashboard.ts'
import { ofRegions, ofSlos } from '../slo-metrics.ts'
import { views } from './views.ts'

const stateNumbers: readonly (Word & { readonly state: string })[] = [
  { value: 1, state: 'ok', text: 'ok', color: colors.good },
  { value: 2, state: 'no-traffic', text: 'no traffic', color: colors.info },
  { value: 3, state: 'partial', text: 'partial', color: colors.watch },
  { value: 4, state: 'stale', text: 'stale', color: colors.bad },
  { value: 5, state: 'no-data', text: 'no data', color: colors.unknown },
]

const dataState = stateNumbers
  .map(({ value, state }) => `${value} * (${ofRegions('slo_data_state', `state="${state}"`)} == 1)`)
  .join(' or ')

/** What is known, and of how much: figures are only as good as it is. */
export const dataRow: Row = {
  title: 'Data',
  panels: [
    {
      title: 'What is known of each SLO',
      description:
        'The state of the data of each SLO in each region. Stale or no data never resolves an alert: the source below says why. No traffic is not a fault of the data; ask where the traffic went.',
      width: 12,
      height: 8,
      view: views.timeline,
      queries: [{ expr: `max by (slo, region) (${dataState})`, legend: '{{slo}} {{region}}' }],
      unit: 'short',
      words: stateNumbers.map(({ value, text, color }) => ({ value, text, color })),
    },
    {
      title: 'Age of the data',
      description:
        'How far behind the clock each region is evaluated. One region that falls behind: its network or its Prometheus. All of them: the engine, see below.',
      width: 12,
      height: 8,
      view: views.lines,
      queries: [
        {
          expr: `max by (region) (time() - ${ofSlos('slo_evaluated_timestamp_seconds', 'region=~"$region|global"')})`,
          legend: '{{region}}',
        },
      ],
      unit: 's',
      min: 0,
    },
    {
      title: 'Share of the window that was seen',
      description:
        'For how much of its window each SLO has data. It grows after a start and stays at 100 %. A step down is history that was lost: backfill it.',
      width: 24,
      height: 6,
      view: views.bars,
      queries: [{ expr: `min by (slo) (${ofRegions('slo_coverage_ratio')})`, legend: '{{slo}}', instant: true }],
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      steps: wholeSteps,
    },
  ],
}
