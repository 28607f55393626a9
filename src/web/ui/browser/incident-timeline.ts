import { type Child, h } from './dom.ts'
import { momentText, spanText } from './figures.ts'
import type { DeliveryJson, TimelineJson } from './incident-answers.ts'
import type { AnnotationJson } from './notice-answers.ts'

interface Entry {
  readonly at: number
  readonly key: string
  readonly kind: string
  readonly word: string
  readonly about: string
  readonly more?: Child
}

/** Decisions, messages with their attempts, and changes, in the order in which they happened. */
export function timelineSection(
  { incident, events, deliveries }: TimelineJson,
  changes: readonly AnnotationJson[],
  now: number,
): Child {
  const decided = events.map(({ sequence, at, kind, about, reason }): Entry => {
    return {
      at,
      key: `e${sequence}`,
      kind,
      word: kind.replaceAll('-', ' '),
      about: `${about === null ? '' : `${about}: `}${reason}`,
    }
  })
  const sent = deliveries.map((delivery): Entry => {
    const { id, createdAt, receiver, recipient, change, status } = delivery
    const to = recipient === '' ? receiver : `${receiver} (${recipient})`
    return {
      at: createdAt,
      key: `d${id}`,
      kind: `delivery ${status}`,
      word: `${change} → ${to}`,
      about: deliveryText(delivery),
      more: attemptsOf(delivery, now),
    }
  })
  const changed = changes.map(({ id, at, kind, text, createdBy, region }): Entry => {
    const before = at < incident.openedAt ? `, ${spanText(incident.openedAt - at)} before it opened` : ''
    return {
      at,
      key: `c${id}`,
      kind: 'change',
      word: kind,
      about: `${text}${region === null ? '' : ` to ${region}`}, by ${createdBy}${before}`,
    }
  })
  const entries = [...decided, ...sent, ...changed].sort((a, b) => a.at - b.at)
  const items = entries.map(({ at, key, kind, word, about, more }) =>
    h(
      'li',
      { key, class: kind },
      h('time', { datetime: new Date(at * 1_000).toISOString() }, momentText(at, now)),
      h('span', {}, h('b', {}, word), ` ${about}`, more ?? null),
    ),
  )
  return h(
    'section',
    { 'aria-labelledby': 'timeline' },
    h('h2', { id: 'timeline' }, 'Timeline', h('span', { class: 'about' }, ' decisions, messages and changes, in UTC')),
    h('ol', { class: 'timeline sheet' }, items),
  )
}

function deliveryText({ status, createdAt, settledAt, reason, attempts, message }: DeliveryJson): string {
  const took = settledAt === null ? '' : ` after ${seconds(settledAt - createdAt)}`
  const tries = attempts.length === 1 ? '' : `, ${attempts.length} attempts`
  const why = reason === null ? '' : `: ${reason}`
  return `${message === 'resolved' ? 'the end, ' : ''}${status}${took}${tries}${why}`
}

/** A receiver that is gone for a day is tried hundreds of times. */
const attemptsShownMax = 10

function attemptsOf({ attempts }: DeliveryJson, now: number): Child {
  if (attempts.length < 2) return null
  const earlier = attempts.slice(0, -attemptsShownMax).length
  const items = attempts
    .slice(-attemptsShownMax)
    .map(({ attempt, startedAt, outcome, reason }) =>
      h(
        'li',
        {},
        `${attempt}. ${momentText(startedAt, now)} ${outcome ?? 'under way'}${reason === null ? '' : `: ${reason}`}`,
      ),
    )
  return h('ul', { class: 'attempts' }, earlier === 0 ? null : h('li', {}, `${earlier} earlier ones`), items)
}

function seconds(span: number): string {
  return span < 1 ? `${Math.round(span * 1_000)} ms` : span < 60 ? `${span.toFixed(1)} s` : spanText(span)
}
