import { budgetSteps, colors, conditionWords, noneSteps } from '../colors.ts'
import type { Column, Dashboard, Panel, Row } from '../dashboard.ts'
import { matcher } from '../promql.ts'
import { conditionOf, nearnessTo, ofRegions, ofSlos, once, regionsOnly, timeToExhaustion } from '../slo-metrics.ts'
import { annotations } from './annotations.ts'
import { burnSteps } from './burn-steps.ts'
import { changesRow } from './changes.ts'
import type { ContentInput } from './content-input.ts'
import { topErrors } from './errors.ts'
import { gaugeRow } from './gauges.ts'
import { ageOfData, incidentTable } from './incident-panels.ts'
import { latencyRow } from './latency.ts'
import { linksFrom, toDebugOfRegion, toDebugOfRow, toDetailOfRow, toDetailOfSeries, toRunbook } from './links.ts'
import { replicationRow } from './replication.ts'
import { variables } from './variables.ts'
import { views } from './views.ts'

/** For whoever was paged: what burns, where, how long the budget lasts and what changed. */
export function onCall(input: ContentInput): Dashboard {
  const { settings } = input
  return {
    uid: 'slo-oncall',
    title: 'SLO / On-call',
    description:
      'What burns now, where, since when, how long the budget lasts, and what changed. Open it from the page.',
    tags: settings.tags,
    from: 'now-6h',
    refresh: '30s',
    variables,
    annotations: annotations(settings),
    links: linksFrom('slo-oncall', settings),
    rows: [
      nowRow(input),
      errorRow(input),
      ...replicationRow(input, 'on-call'),
      ...latencyRow(input, 'on-call'),
      ...gaugeRow(input),
      changesRow(input),
    ],
  }
}

function nowRow(input: ContentInput): Row {
  return {
    title: 'Now',
    panels: [
      openIncidents('page'),
      openIncidents('ticket'),
      { ...ageOfData, height: 5 },
      { ...incidentTable, height: 5 },
      burning(input),
      nearness,
      states,
    ],
  }
}

function openIncidents(severity: 'page' | 'ticket'): Panel {
  const what = severity === 'page' ? 'Somebody was woken' : 'Nobody is woken'
  return {
    title: severity === 'page' ? 'Open pages' : 'Open tickets',
    description: `Incidents that are open now. ${what}; the table below says for what. Acknowledge what you look after, so that nobody else is called.`,
    width: 4,
    height: 5,
    view: views.figure,
    queries: [
      {
        expr: `count(${once('slo_incident_opened_timestamp_seconds', `severity="${severity}"`)}) or vector(0)`,
        instant: true,
      },
    ],
    unit: 'short',
    decimals: 0,
    steps:
      severity === 'page'
        ? noneSteps
        : [
            { from: null, color: colors.good },
            { from: 1, color: colors.watch },
          ],
  }
}

const nearness: Panel = {
  title: 'Nearest to a page',
  description:
    'Burn rate over the long window ÷ what the page rule asks for, of the rule that is nearest. From 1 it pages as soon as its short window burns too. A line that climbs is worth a look before it does.',
  width: 12,
  height: 8,
  view: views.lines,
  queries: [
    { expr: nearnessTo('page', ['slo', 'region'], 'region=~"$region|global"'), legend: '{{slo}} {{region}}' },
    { expr: 'vector(1)', legend: 'pages', isLimit: true },
  ],
  unit: 'percentunit',
  decimals: 0,
  min: 0,
  links: [toDetailOfSeries],
}

/** Every SLO in every scope with its burn rates, worst first. */
function burning({ facts }: ContentInput): Panel {
  const { columns, fast, burnRates } = facts.windows
  const scopes = 'region=~"$region|global"'
  const by = ['slo', 'service', 'region']
  const windows = columns.map((window) => ({
    expr: `max by (${by.join(', ')}) (${ofSlos('slo_burn_rate', scopes, matcher('window', '=', window))})`,
    instant: true,
  }))
  const left = ofSlos('slo_error_budget_remaining_ratio', scopes)
  const runbooks = `on (slo, service) group_left (runbook) ${once('slo_info')}`
  return {
    title: 'What burns',
    description:
      'Every SLO in every region, the worst condition first: burn rate over each window, budget left and how long it lasts at this rate. Begin with the first line: its SLO leads to the detail, its region to what is behind it, its runbook to what to do.',
    width: 24,
    height: 10,
    view: {
      kind: 'table',
      columns: [
        { of: { query: 0 }, title: 'Condition', words: conditionWords, width: 110 },
        { of: { label: 'slo' }, title: 'SLO', links: [toDetailOfRow] },
        { of: { label: 'service' }, title: 'Service' },
        { of: { label: 'region' }, title: 'Region', links: [toDebugOfRow] },
        ...columns.map((window, index): Column => {
          const steps = burnSteps(burnRates)
          return { of: { query: index + 3 }, title: `Burn ${window}`, unit: 'short', decimals: 1, steps, noValue: '—' }
        }),
        { of: { query: 1 }, title: 'Budget left', unit: 'percentunit', decimals: 1, steps: budgetSteps, noValue: '—' },
        { of: { query: 2 }, title: 'Lasts', unit: 's', decimals: 0, noValue: 'not burning' },
        { of: { label: 'runbook' }, title: 'Runbook', links: [toRunbook] },
      ],
      sortBy: 'Condition',
      descending: true,
    },
    queries: [
      { expr: conditionOf(by, scopes), instant: true },
      { expr: `max by (${by.join(', ')}, runbook) (${left} * ${runbooks})`, instant: true },
      { expr: timeToExhaustion(by, fast, scopes), instant: true },
      ...windows,
    ],
    unit: 'short',
  }
}

const states: Panel = {
  title: 'Condition by region',
  description:
    'When each SLO began to burn in each region, and when it stopped. Regions that begin together share a cause: look for a change at that moment. One alone: think of moving its traffic.',
  width: 24,
  height: 9,
  view: views.timeline,
  queries: [{ expr: conditionOf(['slo', 'region'], ...regionsOnly), legend: '{{slo}} {{region}}' }],
  unit: 'short',
  words: conditionWords,
  links: [toDebugOfRegion],
}

function errorRow(input: ContentInput): Row {
  const first = matcher('window', '=~', input.facts.windows.first)
  const ratios: Panel = {
    title: `Error ratio by region (${input.facts.windows.first.replaceAll('|', ', ')})`,
    description:
      'The share of bad events in each region, over the shortest window that alerts look at; dashed is what the objective allows. All regions up: a release or a shared dependency. One up: that region.',
    width: 12,
    height: 8,
    view: views.lines,
    queries: [
      { expr: `max by (slo, region) (${ofRegions('slo_error_ratio', first)})`, legend: '{{slo}} {{region}}' },
      { expr: `max by (slo) (1 - ${ofRegions('slo_objective_ratio')})`, legend: '{{slo}} allows', isLimit: true },
    ],
    unit: 'percentunit',
    min: 0,
    links: [toDebugOfRegion],
  }
  return { title: 'Errors', panels: [ratios, ...topErrors(input)] }
}
