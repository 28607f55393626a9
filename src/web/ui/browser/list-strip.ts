import { linkTo } from './address.ts'
import { conditionIcon, conditionMeaning, conditions, conditionWord, severityBadge } from './condition.ts'
import { type Child, h } from './dom.ts'
import { momentText, sliText, spanText, unknown } from './figures.ts'
import type { Known } from './known.ts'
import type { ChoiceParts } from './list-choice.ts'
import { countByCondition, type ListChoice, wholeAvailability } from './list-model.ts'
import type { Condition, InboxJson, SourceJson } from './wire.ts'

/** Incidents shown above the list; the others stand on their page. */
const incidentsShown = 4
/** A source that lags this much is marked. */
const lagMaxSeconds = 120

/** How many SLOs are in each state, how good all are together, and how fresh the data of each region is. */
export function strip(known: Known, { states }: ListChoice, amend: (parts: ChoiceParts) => void): Child {
  const counts = countByCondition(known.rows.values())
  const tiles = conditions.map((condition) => {
    const count = counts.get(condition) ?? 0
    const isOn = states.includes(condition)
    const next = isOn ? states.filter((one) => one !== condition) : [...states, condition]
    return h(
      'button',
      {
        class: `tile ${condition}${count === 0 ? ' none' : ''}`,
        'aria-pressed': String(isOn),
        title: `${conditionMeaning(condition)}; click to see only these`,
        click: () => amend({ state: next.join(',') }),
      },
      h('b', {}, count),
      h('span', {}, conditionIcon(condition), ` ${conditionWord(condition)}`),
    )
  })
  return h('section', { class: 'strip', 'aria-label': 'At a glance' }, tiles, availability(known), freshness(known))
}

function availability({ rows }: Known): Child {
  const { sli, unknown: missing } = wholeAvailability(rows.values())
  const note = missing === 0 ? 'each SLO over its window' : `each over its window, without ${missing} unknown`
  return h(
    'p',
    { class: 'tile wide', title: 'good events ÷ all events of all SLOs together, each over its own window' },
    h('b', {}, sli === null ? unknown : sliText(sli, 0.999)),
    h('span', {}, `good, ${note}`),
  )
}

function freshness({ overview, now }: Known): Child {
  const byRegion = Map.groupBy(overview?.sources ?? [], ({ region, name }) => region ?? name)
  const items = [...byRegion].map(([region, sources]) => {
    const { text, isLate } = lagOf(sources, now)
    const problem = sources.find((source) => source.problem !== null)?.problem
    const title = problem ?? 'how far behind the clock its data is'
    return h('li', { class: isLate || problem != null ? 'late' : '', title }, `${region} `, h('b', {}, text))
  })
  return h('ul', { class: 'freshness', 'aria-label': 'Data of each region is this old' }, items)
}

function lagOf(sources: readonly SourceJson[], now: number): { text: string; isLate: boolean } {
  const marks = sources.map(({ watermark }) => watermark)
  const seen = marks.filter((mark) => mark !== null)
  if (seen.length === 0) return { text: unknown, isLate: true }
  const lag = now - Math.min(...seen)
  return { text: spanText(lag), isLate: lag > lagMaxSeconds || seen.length < marks.length }
}

/** The incidents that are open, pages first. */
export function incidentsStrip({ overview, now }: Known): Child {
  const open = [...(overview?.incidents ?? [])].sort(
    (a, b) => (a.severity === 'page' ? 0 : 1) - (b.severity === 'page' ? 0 : 1) || b.openedAt - a.openedAt,
  )
  if (open.length === 0) return null
  const cards = open
    .slice(0, incidentsShown)
    .map(({ id, key, sev, severity, scopes, openedAt, acknowledgedBy, isQuiet }) => {
      const who =
        acknowledgedBy === null ? (isQuiet ? 'quiet: nobody is told' : 'nobody has it') : `${acknowledgedBy} has it`
      return h(
        'li',
        { key: id, class: `card ${severity}` },
        h('p', {}, severityBadge(severity, false), ` ${sev} `, h('a', { href: linkTo('incident', { id }) }, key)),
        h(
          'p',
          { class: 'about' },
          `${scopes.join(', ')} · since ${momentText(openedAt, now)} (${spanText(now - openedAt)}) · ${who}`,
        ),
      )
    })
  const rest = open.length - cards.length
  const more = rest === 0 ? null : h('p', {}, h('a', { href: linkTo('incidents') }, `${rest} more open`))
  return h('section', { class: 'open', 'aria-label': 'Open incidents' }, h('ul', { class: 'cards' }, cards), more)
}

/** The messages that a local receiver took in, as the demo has one. */
export function inboxSection({ overview, now }: Known, most: number): Child {
  const inbox = overview?.inbox ?? null
  if (inbox === null) return null
  const items = inbox.slice(0, most).map((message) => inboxItem(message, now))
  const more =
    inbox.length <= most ? null : h('p', { class: 'actions' }, h('a', { href: linkTo('engine') }, 'Older messages'))
  return h(
    'section',
    { class: 'inbox', 'aria-labelledby': 'inbox' },
    h('h2', { id: 'inbox' }, 'Inbox of the demo’s receiver'),
    items.length === 0 ? h('p', { class: 'none' }, 'No message yet.') : h('ul', {}, items),
    more,
  )
}

function inboxItem({ at, status, severity, title, text }: InboxJson, now: number): Child {
  const kind: Condition = status === 'resolved' ? 'ok' : severity
  const word = status === 'resolved' ? '✓ resolved' : `${severity === 'page' ? '▲' : '◆'} ${severity}`
  return h(
    'li',
    { key: `${at}/${title}`, class: `message ${kind}` },
    h(
      'p',
      { class: 'about' },
      h('b', {}, word),
      h('time', { datetime: new Date(at * 1_000).toISOString() }, momentText(at, now)),
    ),
    h('p', {}, h('b', {}, title)),
    h('p', { class: 'text' }, text),
  )
}
