import type { AlertWindows } from '../alert-windows.ts'
import { budgetSteps, colors, plainSteps, wholeSteps } from '../colors.ts'
import type { Panel } from '../dashboard.ts'
import { matcher } from '../promql.ts'
import { eventRate, ofSlos, once, timeToExhaustion } from '../slo-metrics.ts'
import { burnSteps } from './burn-steps.ts'
import { views } from './views.ts'

/** The scope that is chosen. */
export const scope = 'region="$scope"'

/** What one SLO comes to in one scope, in single figures. */
export function detailFigures(windows: AlertWindows): readonly Panel[] {
  return [sli, objective, left, leftInEvents, burn(windows), lasts(windows.fast), seen, traffic]
}

const events = (kind: string) => `sum(${once('slo_window_events', scope, kind)})`

const sli: Panel = figure({
  title: 'SLI',
  description: 'Good events ÷ all events over the SLO window. Below the objective beside it, the promise is not kept.',
  expr: `${events('kind="good"')} / ${events('kind=~"good|bad"')}`,
  unit: 'percentunit',
  decimals: 4,
})

const objective: Panel = figure({
  title: 'Objective',
  description:
    'The share of events that should be good. If users are content below it, or not content above, change it.',
  expr: `max(${ofSlos('slo_objective_ratio', scope)})`,
  unit: 'percentunit',
  decimals: 3,
})

const left: Panel = {
  ...figure({
    title: 'Budget left',
    description:
      'The share of the error budget that is left; negative when overspent. Below 25 % slow down, below 0 stop.',
    expr: `max(${ofSlos('slo_error_budget_remaining_ratio', scope)})`,
    unit: 'percentunit',
    decimals: 2,
  }),
  steps: budgetSteps,
}

const leftInEvents: Panel = {
  ...figure({
    title: 'Bad events left',
    description:
      'How many more events may be bad, for the traffic of this window. For SLOs of time these are milliseconds.',
    expr: `${events('kind=~"good|bad"')} * (1 - max(${ofSlos('slo_objective_ratio', scope)})) - ${events('kind="bad"')}`,
    unit: 'short',
    decimals: 1,
  }),
  steps: [
    { from: null, color: colors.bad },
    { from: 0, color: colors.info },
  ],
}

const seen: Panel = {
  ...figure({
    title: 'Data seen',
    description:
      'The share of the window for which there is data. The lower it is, the less the figures beside it say.',
    expr: `min(${ofSlos('slo_coverage_ratio', scope)})`,
    unit: 'percentunit',
    decimals: 1,
  }),
  steps: wholeSteps,
}

const traffic: Panel = figure({
  title: 'Events',
  description:
    'Events a second now. With few of them a single failure is a large share: see the evidence of the alert.',
  expr: eventRate([], scope),
  unit: 'eps',
  decimals: 1,
})

function lasts(fast: string): Panel {
  return {
    ...figure({
      title: 'Budget lasts',
      description:
        'How long the budget lasts if it goes on burning as now. Less than a working day: act before going home.',
      expr: timeToExhaustion(['slo'], fast, scope),
      unit: 's',
      decimals: 0,
    }),
    noValue: 'not burning',
    mayBeEmpty: 'what does not burn lasts',
  }
}

function figure(
  panel: Pick<Panel, 'title' | 'description' | 'unit'> & { readonly expr: string; readonly decimals: number },
): Panel {
  const { expr, ...rest } = panel
  const query = { expr, instant: true }
  return { ...rest, width: 3, height: 4, view: views.figure, queries: [query], steps: plainSteps, noValue: '—' }
}

function burn({ fast, burnRates }: AlertWindows): Panel {
  return {
    title: `Burn rate (${fast.replaceAll('|', ', ')})`,
    description:
      'Error ratio ÷ error budget. At 1 the budget lasts exactly its window; the colours are what alert rules ask for.',
    width: 3,
    height: 4,
    view: views.figure,
    queries: [{ expr: `max(${ofSlos('slo_burn_rate', scope, matcher('window', '=~', fast))})`, instant: true }],
    unit: 'short',
    decimals: 1,
    steps: burnSteps(burnRates),
    noValue: '—',
  }
}
