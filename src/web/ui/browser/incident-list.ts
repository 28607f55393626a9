import { linkTo } from './address.ts'
import { severityBadge } from './condition.ts'
import { type Child, h } from './dom.ts'
import { momentText, spanText, unknown } from './figures.ts'
import type { IncidentJson } from './incident-answers.ts'
import { cell, figure, figures, scrollTable } from './tables.ts'

/** Incidents, one a row. */
export function incidentList(incidents: readonly IncidentJson[], now: number): Child {
  if (incidents.length === 0) return h('p', { class: 'none' }, 'None is remembered.')
  const rows = incidents.map((incident) => {
    const { id, sev, severity, state, openedAt, clearedAt, scopes, acknowledgement, key } = incident
    const isOver = state !== 'open'
    return h(
      'tr',
      { key: id },
      cell('Severity', [severityBadge(severity, isOver), ` ${sev}`]),
      h('th', { scope: 'row' }, h('a', { href: linkTo('incident', { id }), 'data-row': id }, key)),
      cell('State', stateText(incident)),
      cell('Opened, UTC', momentText(openedAt, now)),
      figure('Lasted', spanText((clearedAt ?? now) - openedAt)),
      cell('Where', scopes.join(', ')),
      cell('Who has it', acknowledgement?.by ?? unknown),
    )
  })
  return scrollTable(
    'Incidents',
    ['Severity', 'Incident', 'State', 'Opened, UTC', ...figures('Lasted'), 'Where', 'Who has it'],
    rows,
  )
}

/** How an incident stands, in words. */
export function stateText({ state, alerts, flapping, waitsUntil }: IncidentJson): string {
  if (state === 'closed') return 'over'
  if (state === 'settling') return 'settling'
  const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null)
  const quiet = firing.length > 0 && firing.every(({ hush }) => hush !== null) ? ', quiet' : ''
  return `open${quiet}${flapping ? ', flapping' : ''}${waitsUntil === null ? '' : ', waits for office hours'}`
}
