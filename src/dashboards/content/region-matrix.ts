import type { AlertWindows } from '../alert-windows.ts'
import { budgetSteps } from '../colors.ts'
import type { Column, Panel } from '../dashboard.ts'
import { matcher } from '../promql.ts'
import { ofSlos } from '../slo-metrics.ts'
import { burnSteps } from './burn-steps.ts'
import { toDebugOfRow } from './links.ts'

/** One SLO in each region: burn rates, budget, and how old the data is. */
export function regionMatrix({ columns, burnRates }: AlertWindows): Panel {
  const by = ['slo', 'region']
  const value = (metric: string, ...more: string[]) => `max by (${by.join(', ')}) (${ofSlos(metric, ...more)})`
  return {
    title: 'Regions side by side',
    description:
      'Burn rate over each window in each region, the budget that is left there and the age of its data. One region that burns alone: move its traffic; all of them: undo the last change.',
    width: 24,
    height: 7,
    view: {
      kind: 'table',
      columns: [
        { of: { label: 'slo' }, title: 'SLO' },
        { of: { label: 'region' }, title: 'Region', links: [toDebugOfRow] },
        ...columns.map((window, index): Column => {
          const steps = burnSteps(burnRates)
          return { of: { query: index + 2 }, title: `Burn ${window}`, unit: 'short', decimals: 1, steps, noValue: '—' }
        }),
        { of: { query: 0 }, title: 'Budget left', unit: 'percentunit', decimals: 1, steps: budgetSteps, noValue: '—' },
        { of: { query: 1 }, title: 'Data age', unit: 's', decimals: 0, noValue: '—' },
      ],
      sortBy: 'Budget left',
      descending: false,
    },
    queries: [
      { expr: value('slo_error_budget_remaining_ratio'), instant: true },
      { expr: `max by (${by.join(', ')}) (time() - ${ofSlos('slo_evaluated_timestamp_seconds')})`, instant: true },
      ...columns.map((window) => ({ expr: value('slo_burn_rate', matcher('window', '=', window)), instant: true })),
    ],
    unit: 'short',
  }
}
