import { amendAddress } from './address.ts'
import { ask } from './api.ts'
import { h } from './dom.ts'
import type { IncidentJson } from './incident-answers.ts'
import { incidentList } from './incident-list.ts'
import { select } from './list-toolbar.ts'
import type { Page } from './page.ts'

const parts = ['state', 'service', 'severity', 'sev', 'after'] as const

/** Incidents that are open, or past ones, the newest first. */
export const incidentsPage: Page = {
  title: 'Incidents',
  nav: 'incidents',
  draw: async ({ address, known, redraw }) => {
    const query = Object.fromEntries(
      parts.flatMap((part) => (address.get(part) === null ? [] : [[part, address.get(part) ?? '']])),
    )
    const { incidents, next } = await ask<{ incidents: readonly IncidentJson[]; next: string | null }>(
      'api/v1/incidents',
      query,
    )
    const choose = (part: (typeof parts)[number]) => (value: string | undefined) => {
      amendAddress({ [part]: value, after: undefined })
      void redraw()
    }
    const turn = (after: string | undefined) => (): void => {
      amendAddress({ after })
      void redraw()
    }
    const services = [...new Set([...known.rows.values()].map(({ service }) => service))].sort()
    const chosen = (part: (typeof parts)[number]) => address.get(part) ?? ''
    return [
      h('h1', {}, 'Incidents'),
      h(
        'p',
        { class: 'about' },
        'All alerts of one SLO, or of several of one service that broke together, from the first that opens until all are over. Times are in UTC.',
      ),
      h(
        'div',
        { class: 'toolbar' },
        select('State', 'open', ['closed', 'all'], chosen('state'), choose('state')),
        select('Service', 'every service', services, chosen('service'), choose('service')),
        select('Severity', 'pages and tickets', ['page', 'ticket'], chosen('severity'), choose('severity')),
        select('Name', 'SEV1 to SEV4', ['SEV1', 'SEV2', 'SEV3', 'SEV4'], chosen('sev'), choose('sev')),
        h('span', { class: 'shown', role: 'status' }, `${incidents.length}${next === null ? '' : '+'} shown`),
      ),
      incidents.length === 0
        ? h('p', { class: 'none' }, chosen('state') === '' ? 'Nothing is open.' : 'No incident matches.')
        : incidentList(incidents, known.now),
      h(
        'p',
        { class: 'actions' },
        chosen('after') === '' ? null : h('button', { click: turn(undefined) }, 'The newest'),
        next === null ? null : h('button', { click: turn(next) }, 'Older'),
      ),
    ]
  },
}
