import { conditionWords } from '../colors.ts'
import type { Annotation, Dashboard, Panel, Query, Row } from '../dashboard.ts'
import { conditionOf, eventRate, ofSlos, once } from '../slo-metrics.ts'
import { annotations } from './annotations.ts'
import type { ContentInput } from './content-input.ts'
import { detailFigures, scope } from './detail-figures.ts'
import { incidentTable } from './incident-panels.ts'
import { linksFrom, toRunbook } from './links.ts'
import { regionMatrix } from './region-matrix.ts'
import { detailVariables } from './variables.ts'
import { views } from './views.ts'

/** Everything about one SLO, whichever is chosen, in one scope. */
export function detail(input: ContentInput): Dashboard {
  const { settings, facts } = input
  return ofOneSlo({
    uid: 'slo-detail',
    title: 'SLO / Detail',
    description: 'Everything about one SLO in one region, or in all together: choose them above.',
    tags: settings.tags,
    from: 'now-24h',
    refresh: '1m',
    variables: detailVariables,
    annotations: annotations(settings, '.*'),
    links: linksFrom('slo-detail', settings),
    rows: [
      {
        title: '$slo in $scope',
        panels: detailFigures(facts.windows),
      },
      courseRow,
      { title: 'Regions', panels: [regionMatrix(facts.windows), condition] },
      { title: 'Alerts', panels: [rules, incidentTable] },
    ],
  })
}

function exact<T extends Query | Annotation>(one: T): T {
  return { ...one, expr: one.expr.replaceAll('slo=~"$slo"', 'slo="$slo"') }
}

/** One value is not made a regular expression of by Grafana, and the names of groups hold braces: it is compared as it is. */
function ofOneSlo(made: Dashboard): Dashboard {
  return {
    ...made,
    annotations: made.annotations.map(exact),
    rows: made.rows.map((row) => ({
      ...row,
      panels: row.panels.map((panel) => ({ ...panel, queries: panel.queries.map(exact) })),
    })),
  }
}

const courseRow: Row = {
  title: 'Course',
  panels: [
    {
      title: 'Error budget left',
      description:
        'How the budget went. Steps down are incidents, a slope is a constant leak; where old failures leave the window it rises again. At 0 the objective is missed.',
      width: 12,
      height: 8,
      view: views.area,
      queries: [
        { expr: `max by (slo) (${ofSlos('slo_error_budget_remaining_ratio', scope)})`, legend: '{{slo}}' },
        { expr: 'vector(0)', legend: 'objective missed', isLimit: true },
      ],
      unit: 'percentunit',
      decimals: 2,
      max: 1,
    },
    {
      title: 'Burn rate by window',
      description:
        'Burn rate over every window of the alert rules; dashed is what a rule asks of its long window. Short windows spike first and fall first. All above their limits: it pages.',
      width: 12,
      height: 8,
      view: views.lines,
      queries: [
        { expr: `max by (window) (${ofSlos('slo_burn_rate', scope)})`, legend: '{{window}}' },
        {
          expr: `max by (severity, window) (${ofSlos('slo_burn_rate_threshold')})`,
          legend: '{{severity}} above, {{window}}',
          isLimit: true,
        },
      ],
      unit: 'short',
      decimals: 1,
      min: 0,
    },
    {
      title: 'Good share against the objective',
      description:
        'The good share over each window; dashed is the objective. Only the longest line decides whether the promise is kept, the shorter ones say where it goes.',
      width: 12,
      height: 8,
      view: views.lines,
      queries: [
        { expr: `1 - max by (window) (${ofSlos('slo_error_ratio', scope)})`, legend: '{{window}}' },
        { expr: `max(${ofSlos('slo_objective_ratio', scope)})`, legend: 'objective', isLimit: true },
      ],
      unit: 'percentunit',
      decimals: 3,
      max: 1,
    },
    {
      title: 'Good and bad events',
      description:
        'Events a second. Bad ones that rise with the good ones are load, bad ones alone a fault; both at zero: the traffic or the data is gone.',
      width: 12,
      height: 8,
      view: views.stacked,
      queries: [{ expr: eventRate(['kind'], scope), legend: '{{kind}}' }],
      unit: 'eps',
      min: 0,
    },
  ],
}

const condition: Panel = {
  title: 'Condition by region',
  description:
    'When it began in each region and in all together, and when it ended. Regions that begin together share a cause.',
  width: 24,
  height: 7,
  view: views.timeline,
  queries: [{ expr: conditionOf(['region']), legend: '{{region}}' }],
  unit: 'short',
  words: conditionWords,
}

const rules: Panel = {
  title: 'Alert rules',
  description:
    'For each rule its long window, the burn rate it asks for and what it is now. A rule holds when its short window is above the same burn rate too; its runbook says what to do then.',
  width: 12,
  height: 7,
  view: {
    kind: 'table',
    columns: [
      { of: { label: 'severity' }, title: 'Severity' },
      { of: { label: 'window' }, title: 'Long window' },
      { of: { query: 0 }, title: 'Asks for', unit: 'short', decimals: 1 },
      { of: { query: 1 }, title: 'Burns now', unit: 'short', decimals: 1, noValue: '—' },
      { of: { label: 'runbook' }, title: 'Runbook', links: [toRunbook] },
    ],
    sortBy: 'Asks for',
    descending: true,
  },
  queries: [
    {
      expr: `max by (severity, window, runbook) (${ofSlos('slo_burn_rate_threshold')} * on (slo, service) group_left (runbook) ${once('slo_info')})`,
      instant: true,
    },
    {
      expr: `max by (severity, window) (${ofSlos('slo_burn_rate_threshold')} * 0 + on (slo, service, window) group_left () ${once('slo_burn_rate', scope)})`,
      instant: true,
    },
  ],
  unit: 'short',
}
