import { type Child, h } from './dom.ts'
import type { Condition, DataState, Severity } from './wire.ts'

interface Look {
  readonly icon: string
  readonly word: string
  readonly meaning: string
}

/** The worst first; what nobody can see stands just below what burns. */
export const conditions: readonly Condition[] = ['page', 'ticket', 'no-data', 'stale', 'partial', 'no-traffic', 'ok']

/** Icon and word say the same as the colour, for those who do not see it. */
const looks: Readonly<Record<Condition, Look>> = {
  page: { icon: '▲', word: 'page', meaning: 'the error budget burns fast enough to wake somebody' },
  ticket: { icon: '◆', word: 'ticket', meaning: 'the error budget burns steadily' },
  'no-data': { icon: '✕', word: 'no data', meaning: 'not one sample was seen lately' },
  stale: { icon: '◷', word: 'stale', meaning: 'data was seen and has stopped' },
  partial: { icon: '◐', word: 'partial', meaning: 'a part of the data is missing' },
  'no-traffic': { icon: '○', word: 'no traffic', meaning: 'data comes in and counts no events' },
  ok: { icon: '●', word: 'ok', meaning: 'data comes in and no alert fires' },
}

/** The condition that a text names; undefined when it names none. */
export function conditionNamed(text: string): Condition | undefined {
  return conditions.find((condition) => condition === text)
}

/** A word for a condition. */
export function conditionWord(condition: Condition): string {
  return looks[condition].word
}

/** What a condition means, in a sentence. */
export function conditionMeaning(condition: Condition): string {
  return looks[condition].meaning
}

/** The sign of a condition, which is not read aloud. */
export function conditionIcon(condition: Condition): Child {
  return h('span', { 'aria-hidden': 'true', class: `icon ${condition}` }, looks[condition].icon)
}

/** A condition as a badge. */
export function conditionBadge(condition: Condition): Child {
  const { icon, word, meaning } = looks[condition]
  const sign = h('span', { 'aria-hidden': 'true' }, icon)
  return h('span', { class: `badge ${condition}`, title: meaning }, sign, ` ${word}`)
}

/** A severity's badge, for an incident that may be over. */
export function severityBadge(severity: Severity, isOver: boolean): Child {
  if (!isOver) return conditionBadge(severity)
  return h('span', { class: 'badge over', title: `a ${severity} that is over` }, `${looks[severity].icon} ${severity}`)
}

/** What fires, and beside it the state of its data where that is not whole. */
export function conditionBadges(condition: Condition, state: DataState): Child {
  if (condition === state || state === 'ok') return conditionBadge(condition)
  return [conditionBadge(condition), ' ', conditionBadge(state)]
}
