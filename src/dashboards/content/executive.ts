import { budgetSteps, plainSteps, wholeSteps } from '../colors.ts'
import type { Dashboard, Panel, Row } from '../dashboard.ts'
import { matcher } from '../promql.ts'
import { longWindowsOf, named, ofSlos, once, overall } from '../slo-metrics.ts'
import { annotations } from './annotations.ts'
import { burnSteps } from './burn-steps.ts'
import type { ContentInput } from './content-input.ts'
import { costRow } from './cost.ts'
import { ageOfData, conditions, incidentCount, incidentTable, timeToResolve } from './incident-panels.ts'
import { linksFrom, toDetailOfSeries } from './links.ts'
import { trafficRow } from './traffic.ts'
import { variables } from './variables.ts'
import { views } from './views.ts'

/** For leadership: whether the promise is kept, what it cost, and who spends the budget. */
export function executive(input: ContentInput): Dashboard {
  const { settings } = input
  return {
    uid: 'slo-exec',
    title: 'SLO / Executive',
    description: 'Whether users get what was promised, how much error budget is left, and what spends it. Begin here.',
    tags: settings.tags,
    from: 'now-30d',
    refresh: '5m',
    variables,
    annotations: annotations(settings),
    links: linksFrom('slo-exec', settings),
    rows: [
      availabilityRow(input),
      trafficRow(input),
      { title: 'Incidents', panels: [conditions, incidentCount, timeToResolve, ageOfData, incidentTable] },
      ...costRow(input),
    ],
  }
}

function availabilityRow(input: ContentInput): Row {
  const { requestSlos } = input.facts
  const first = requestSlos.length === 0 ? [] : [availability(requestSlos)]
  return {
    title: 'Availability',
    panels: [...first, objectivesMet, worstBudget, dataSeen, burnNow(input), burnOverTime(input), budgets],
  }
}

const remaining = overall('slo_error_budget_remaining_ratio', 'min')

const objectivesMet: Panel = {
  title: 'Objectives met',
  description:
    'How many SLOs have error budget left, of how many. Those that have none are at the top of the bars below: their budget policy says what follows.',
  width: 5,
  height: 5,
  view: views.figures,
  queries: [
    { expr: `sum(${remaining} >= bool 0)`, legend: 'met', instant: true },
    { expr: `count(${remaining})`, legend: 'of', instant: true },
  ],
  unit: 'short',
  decimals: 0,
  steps: plainSteps,
}

const worstBudget: Panel = {
  title: 'Budget left (worst)',
  description:
    'The least error budget that any SLO has left. Below 25 %: slow down what is risky. Below 0: the objective is missed; stop changes until it recovers.',
  width: 4,
  height: 5,
  view: views.figure,
  queries: [{ expr: `min(${remaining})`, instant: true }],
  unit: 'percentunit',
  decimals: 1,
  steps: budgetSteps,
  noValue: '—',
}

const dataSeen: Panel = {
  title: 'Data seen',
  description:
    'The least share of its window for which any SLO has seen data. The figures of an SLO that saw little say little: ask why data is missing.',
  width: 4,
  height: 5,
  view: views.figure,
  queries: [{ expr: `min(${overall('slo_coverage_ratio', 'min')})`, instant: true }],
  unit: 'percentunit',
  decimals: 1,
  steps: wholeSteps,
  noValue: '—',
}

const budgets: Panel = {
  title: 'Budget left per SLO',
  description:
    'The share of its error budget that each SLO has left, least first. Click a bar for the SLO; below 25 % its team should be able to say why.',
  width: 12,
  height: 8,
  view: views.bars,
  queries: [{ expr: `sort(${remaining})`, legend: '{{slo}}', instant: true }],
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
  steps: budgetSteps,
  links: [toDetailOfSeries],
}

function availability(slos: readonly string[]): Panel {
  const events = (kind: string) => once('slo_window_events', named(slos), 'region="global"', kind)
  return {
    title: 'Global availability',
    description:
      'Good requests ÷ all requests over the SLO windows, by the traffic of every region, over all SLOs that count requests. Compare it with what customers were promised; the bars below say which SLO pulls it down.',
    width: 6,
    height: 5,
    view: views.trend,
    queries: [{ expr: `sum(${events('kind="good"')}) / sum(${events('kind=~"good|bad"')})`, legend: 'availability' }],
    unit: 'percentunit',
    decimals: 4,
    steps: plainSteps,
    noValue: '—',
  }
}

function burnNow({ facts }: ContentInput): Panel {
  const { fast, burnRates } = facts.windows
  const steps = burnSteps(burnRates)
  return {
    title: `Burn rate now (${fast.replaceAll('|', ', ')})`,
    description:
      'The fastest burn of any SLO in any region. At 1 the budget lasts exactly its window; in the last colour somebody is paged. Red, and nobody works on it? Open the on-call dashboard.',
    width: 5,
    height: 5,
    view: views.gauge,
    queries: [
      {
        expr: `max(${ofSlos('slo_burn_rate', matcher('window', '=~', fast))} ${longWindowsOf('page')})`,
        instant: true,
      },
    ],
    unit: 'short',
    decimals: 1,
    min: 0,
    max: Math.ceil(Math.max(...burnRates) * 1.5),
    steps,
    noValue: '—',
  }
}

function burnOverTime({ facts }: ContentInput): Panel {
  const slow = matcher('window', '=~', facts.windows.slow)
  return {
    title: 'Burn rate of each SLO',
    description:
      'Error ratio ÷ error budget over the long windows. At 1 the budget lasts exactly its window; above, it does not. A line that stays above 1 needs an owner this week.',
    width: 12,
    height: 8,
    view: views.lines,
    queries: [
      { expr: overall('slo_burn_rate', 'max', ['window'], slow), legend: '{{slo}} ({{window}})' },
      { expr: 'vector(1)', legend: 'budget lasts its window', isLimit: true },
    ],
    unit: 'short',
    decimals: 2,
    min: 0,
    links: [toDetailOfSeries],
  }
}
