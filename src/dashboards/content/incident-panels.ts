import { ageSteps, colors, conditionWords, noneSteps, plainSteps } from '../colors.ts'
import type { Panel } from '../dashboard.ts'
import {
  conditionOf,
  incidentDurations,
  incidentSpending,
  incidentsInRange,
  ofSlos,
  pagedIncidents,
} from '../slo-metrics.ts'
import { toDetailOfRow, toDetailOfSeries } from './links.ts'
import { views } from './views.ts'

const noIncident = 'there may have been no incident'

/** The state of every SLO over time, in words. */
export const conditions: Panel = {
  title: 'Condition of each SLO',
  description:
    'OK; AT RISK: a ticket is open; EXHAUSTED: no budget is left; BURNING: a page is open; NO DATA: nobody can tell. Much NO DATA is an outage of the monitoring, not good news.',
  width: 24,
  height: 8,
  view: views.timeline,
  queries: [{ expr: conditionOf(['slo', 'service']), legend: '{{slo}}' }],
  unit: 'short',
  words: conditionWords,
  links: [toDetailOfSeries],
}

/** How many incidents the time shown had. */
export const incidentCount: Panel = {
  title: 'Incidents',
  description:
    'Incidents in the time shown: one each, whatever number of regions and windows burned. More than two pages a shift is more than people can learn from.',
  width: 4,
  height: 7,
  view: views.figure,
  queries: [{ expr: `count(${incidentsInRange()}) or vector(0)`, instant: true }],
  unit: 'short',
  decimals: 0,
  steps: noneSteps,
}

/** How long incidents last. */
export const timeToResolve: Panel = {
  title: 'Mean time to resolve',
  description:
    'How long incidents of the time shown were open, on average; those still open count up to now. Where it grows, look at detection and at who is told.',
  width: 4,
  height: 7,
  view: views.figure,
  queries: [{ expr: `avg(${incidentDurations()})`, instant: true }],
  unit: 's',
  decimals: 0,
  steps: plainSteps,
  noValue: '—',
  mayBeEmpty: noIncident,
}

/** How old the figures of a page are. */
export const ageOfData: Panel = {
  title: 'Age of the data',
  description:
    'How long ago the figures of this page were true, in the region that is furthest behind. Above a minute: see which source lags, on the debug dashboard.',
  width: 4,
  height: 7,
  view: views.figure,
  queries: [{ expr: `max(time() - ${ofSlos('slo_evaluated_timestamp_seconds')})`, instant: true }],
  unit: 's',
  decimals: 0,
  steps: ageSteps,
  noValue: '—',
}

/** Every incident of the time shown. */
export const incidentTable: Panel = {
  title: 'Incidents in the time shown',
  description:
    'When each opened, for how long, what it spent of its budget since, and whether it woke somebody. Ask for the review of each that was long or dear.',
  width: 12,
  height: 7,
  view: {
    kind: 'table',
    columns: [
      { of: { label: 'slo' }, title: 'SLO', links: [toDetailOfRow] },
      { of: { label: 'service' }, title: 'Service' },
      { of: { query: 0 }, title: 'Opened', unit: 'dateTimeAsIso' },
      { of: { query: 1 }, title: 'Open for', unit: 's', decimals: 0, noValue: '—' },
      { of: { query: 2 }, title: 'Budget spent', unit: 'percentunit', decimals: 2, noValue: '—' },
      {
        of: { query: 3 },
        title: 'Severity',
        words: [{ value: 1, text: 'PAGE', color: colors.bad }],
        noValue: 'ticket',
      },
    ],
    sortBy: 'Opened',
    descending: true,
  },
  queries: [
    { expr: `${incidentsInRange()} * 1000`, instant: true },
    { expr: incidentDurations(), instant: true },
    { expr: incidentSpending(), instant: true },
    { expr: pagedIncidents(), instant: true },
  ],
  unit: 'short',
  mayBeEmpty: noIncident,
}
