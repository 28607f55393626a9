import type { Column, Panel, Row } from '../dashboard.ts'
import { inRegions } from '../promql.ts'
import { announced } from './annotations.ts'
import type { ContentInput } from './content-input.ts'
import { views } from './views.ts'

/** What changed: the first thing to ask when something breaks. */
export function changesRow({ settings }: ContentInput): Row {
  const { deployments, regionLabel } = settings
  const deployed: readonly Panel[] =
    deployments === undefined
      ? []
      : [
          {
            title: 'Deployments by region',
            description:
              'When each version came to each region, newest first. If the trouble began just after one of them, roll it back first and ask why later.',
            width: 12,
            height: 7,
            view: {
              kind: 'table',
              columns: [
                { of: { label: regionLabel }, title: 'Region' },
                { of: { label: deployments.version }, title: 'Version' },
                { of: { query: 0 }, title: 'Deployed', unit: 'dateTimeAsIso' },
              ],
              sortBy: 'Deployed',
              descending: true,
            },
            queries: [
              {
                expr: `max by (${regionLabel}, ${deployments.version}) (${inRegions(deployments.timestamp, regionLabel)}) * 1000`,
                instant: true,
              },
            ],
            unit: 'short',
          },
        ]
  return { title: 'Changes', panels: [announcedChanges, ...deployed, maintenance, reloads] }
}

const changeColumns: readonly Column[] = [
  { of: { query: 0 }, title: 'When', unit: 'dateTimeAsIso' },
  { of: { label: 'kind' }, title: 'What' },
  { of: { label: 'text' }, title: 'Which' },
  { of: { label: 'service' }, title: 'Service' },
  { of: { label: 'region' }, title: 'Region' },
]

const announcedChanges: Panel = {
  title: 'Announced changes',
  description:
    'Deployments, flags and whatever else was announced to the engine, newest first. Something in it shortly before the trouble began is the first suspect: roll it back.',
  width: 12,
  height: 7,
  view: { kind: 'table', columns: changeColumns, sortBy: 'When', descending: true },
  queries: [{ expr: `max by (kind, text, service, region) (${announced()}) * 1000`, instant: true }],
  unit: 'short',
  mayBeEmpty: 'nothing may have been announced',
}

const maintenance: Panel = {
  title: 'Maintenance now',
  description:
    'Maintenance that is going on. While it lasts, alerts it is about may be muted; whether the budget is spent stands beside it. End it when the work is done.',
  width: 12,
  height: 5,
  view: {
    kind: 'table',
    columns: [
      { of: { label: 'about' }, title: 'About' },
      { of: { label: 'reason' }, title: 'Reason' },
      { of: { label: 'author' }, title: 'By' },
      { of: { label: 'budget' }, title: 'Budget is' },
    ],
    sortBy: 'About',
    descending: false,
  },
  queries: [{ expr: 'max by (about, reason, author, budget) (slo_maintenance_active)', instant: true }],
  unit: 'short',
  mayBeEmpty: 'there may be no maintenance',
}

const reloads: Panel = {
  title: 'Rules loaded',
  description:
    'How long ago the engine took over its config and rules. Just before an alert: it may be the rule that changed, not the service.',
  width: 12,
  height: 5,
  view: views.figures,
  queries: [
    {
      expr: 'time() - max by (instance) (sloburn_config_last_reload_success_timestamp_seconds)',
      legend: '{{instance}}',
      instant: true,
    },
  ],
  unit: 's',
  decimals: 0,
  noValue: '—',
}
