import { linkTo } from './address.ts'
import { ask, post } from './api.ts'
import { conditionBadge, severityBadge } from './condition.ts'
import { type Child, h } from './dom.ts'
import { amountText, momentText, shareText, spanText, unknown, windowText } from './figures.ts'
import { authorField, form, keepAuthor } from './forms.ts'
import type { IncidentAlertJson, IncidentJson, IncidentSpendJson, TimelineJson } from './incident-answers.ts'
import { burnRatesSection } from './incident-burn-rates.ts'
import { stateText } from './incident-list.ts'
import { timelineSection } from './incident-timeline.ts'
import type { Known } from './known.ts'
import type { AnnotationJson } from './notice-answers.ts'
import type { Page, Scene } from './page.ts'
import { cell, scrollTable } from './tables.ts'
import { whyText } from './why-alerts.ts'
import type { CountUnit } from './wire.ts'

/** Changes this long before an incident opened are shown with it. */
const changesBeforeSeconds = 3_600

/** One incident: what burns, who was told, who has it, and everything that was decided, with the reason. */
export const incidentPage: Page = {
  title: 'Incident',
  nav: 'incidents',
  draw: async (scene) => {
    const { address, known } = scene
    const id = address.get('id') ?? ''
    const [timeline, { annotations }] = await Promise.all([
      ask<TimelineJson>(`api/v1/incidents/${encodeURIComponent(id)}`),
      ask<{ annotations: readonly AnnotationJson[] }>('api/v1/annotations', { limit: '200' }),
    ])
    const { incident } = timeline
    const { now } = known
    const changes = changesNear(incident, annotations)
    return [
      header(timeline, known),
      h('div', { class: 'beside' }, alertsTable(incident, now), acknowledgement(incident, scene)),
      burnRatesSection(timeline, scene),
      timelineSection(timeline, changes, now),
      statusUpdate(incident, now),
    ]
  },
}

function header({ incident, spent }: TimelineJson, known: Known): Child {
  const { now } = known
  const { key, sev, severity, state, openedAt, clearedAt, slos, scopes, service, told, waitsUntil, heldUntil } =
    incident
  const isOver = state !== 'open'
  const lasted = isOver ? `lasted ${spanText((clearedAt ?? now) - openedAt)}` : `open for ${spanText(now - openedAt)}`
  const people =
    told.length === 0
      ? 'nobody was told'
      : `told: ${[...new Set(told.map(({ receiver, recipient }) => (recipient === '' ? receiver : `${receiver} ${recipient}`)))].join(', ')}`
  const waits = waitsUntil === null ? '' : ` · waits until ${momentText(waitsUntil, now)}`
  const held = heldUntil === null ? '' : ` · held back until ${momentText(heldUntil, now)} after a deployment`
  return h(
    'header',
    { class: 'head' },
    h('p', { class: 'crumbs' }, h('a', { href: linkTo('incidents') }, 'Incidents'), ' / ', service),
    h('h1', {}, severityBadge(severity, isOver), ` ${sev} `, key),
    h(
      'p',
      {},
      slos.map((name, index) => [index === 0 ? '' : ', ', h('a', { href: linkTo('slo', { name }) }, name)]),
      ` in ${scopes.join(', ')}`,
    ),
    h(
      'p',
      { class: 'about' },
      `${stateText(incident)} · since ${momentText(openedAt, now)} UTC · ${lasted} · ${people}${waits}${held}`,
    ),
    h('p', { class: 'about' }, spentText(spent, known)),
  )
}

const eventsUnit: CountUnit = { unit: 'events', secondsEach: null }

/** What it has cost of the error budget, by the events that were counted. */
function spentText(spent: IncidentSpendJson | null, { rows, now }: Known): Child {
  if (spent === null) return `Budget spent: ${unknown}`
  const { slo, scope, since, bad, total, ofBudget, isFinal } = spent
  const row = rows.get(slo)
  const window = row === undefined ? '' : ` of ${windowText(row.window)}`
  const where = scope === 'global' ? '' : ` in ${scope}`
  const counted = row ?? eventsUnit
  const counts = counted.unit === 'points' ? '' : `: ${amountText(bad, counted)} bad of ${amountText(total, counted)}`
  return [
    h('b', {}, `${shareText(ofBudget)} of the budget`),
    `${window} spent${isFinal ? '' : ' so far'}${counts}, since ${momentText(since, now)} UTC${where}`,
  ]
}

function alertsTable({ alerts }: IncidentJson, now: number): Child {
  const rows = alerts.map((alert) =>
    h(
      'tr',
      {},
      cell(
        'Severity',
        alert.resolvedAt === null ? conditionBadge(alert.severity) : severityBadge(alert.severity, true),
      ),
      h(
        'th',
        { scope: 'row' },
        h(
          'a',
          { href: linkTo('slo', { name: alert.slo, scope: alert.scope }), 'data-row': `${alert.slo}/${alert.scope}` },
          alert.slo,
        ),
        ` in ${alert.scope}`,
      ),
      cell('Fired, UTC', momentText(alert.firedAt, now)),
      cell(
        'Lasted',
        `${spanText((alert.resolvedAt ?? now) - alert.firedAt)}${alert.resolvedAt === null ? ', burns' : ''}`,
      ),
      h(
        'td',
        { 'data-label': 'Why', class: 'why' },
        reasonOf(alert),
        alert.hush === null
          ? null
          : h('span', { class: 'quiet' }, ` ${alert.hush.kind} by ${alert.hush.by}: ${alert.hush.reason}`),
      ),
    ),
  )
  return h(
    'section',
    { 'aria-labelledby': 'alerts' },
    h('h2', { id: 'alerts' }, 'Alerts'),
    scrollTable('Alerts', ['Severity', 'SLO and scope', 'Fired, UTC', 'Lasted', 'Why'], rows),
  )
}

function reasonOf(alert: IncidentAlertJson): string {
  if (alert.cause === 'blind') return 'Its data cannot be seen.'
  if (alert.cause === 'traffic-gone') return 'Its traffic is gone, against past weeks.'
  return whyText(alert)
}

function acknowledgement(incident: IncidentJson, scene: Scene): Child {
  const { id, acknowledgement: known, state } = incident
  const { now } = scene.known
  const told =
    known === null
      ? null
      : h(
          'p',
          { class: 'good' },
          `${known.by} has it until ${momentText(known.until, now)} UTC${known.note === '' ? '' : `: ${known.note}`}`,
        )
  if (state === 'closed') return known === null ? null : h('aside', {}, h('h2', {}, 'Acknowledged'), told)
  return h(
    'aside',
    {},
    told,
    form({
      id: `ack-${id}`,
      title: known === null ? 'Take it' : 'Take it over',
      action: 'Acknowledge',
      fields: [
        authorField('by', 'Your name'),
        {
          name: 'for',
          label: 'For',
          value: '4h',
          options: ['30m', '1h', '4h', '1d'],
          hint: 'a duration, a day at most; nothing is repeated or handed on until then',
        },
        { name: 'note', label: 'Note', isOptional: true },
      ],
      scene,
      submit: async (written) => {
        const by = keepAuthor(written.get('by') ?? '')
        await post(`api/v1/incidents/${encodeURIComponent(id)}/ack`, {
          by,
          for: written.get('for') ?? '4h',
          note: written.get('note') ?? '',
        })
        return `${by} has it.`
      },
    }),
  )
}

function changesNear(
  { openedAt, clearedAt, service }: IncidentJson,
  annotations: readonly AnnotationJson[],
): readonly AnnotationJson[] {
  return annotations.filter((change) => {
    const isNear = change.at >= openedAt - changesBeforeSeconds && change.at <= (clearedAt ?? Number.MAX_VALUE)
    return isNear && (change.service === null || change.service === service)
  })
}

/** Words for a status page, to be taken and made one's own. */
function statusUpdate({ service, state, openedAt, clearedAt, scopes, severity }: IncidentJson, now: number): Child {
  const where = scopes.includes('global') ? 'all regions' : scopes.join(', ')
  const began = `${momentText(openedAt, now)} UTC`
  const text =
    state === 'open'
      ? `Investigating: since ${began}, ${severity === 'page' ? 'many' : 'some'} requests to ${service} fail or are slow in ${where}. We are looking into it and will tell more within 30 minutes.`
      : `Resolved: from ${began} to ${momentText(clearedAt ?? now, now)} UTC requests to ${service} failed or were slow in ${where}. It has been working as it should since. We will tell what happened.`
  return h(
    'details',
    { class: 'sheet update' },
    h('summary', {}, 'Words for a status update'),
    h('p', { class: 'text' }, text),
  )
}
