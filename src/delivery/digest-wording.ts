import type { HeartbeatMessage, Notification } from '../core/model/notification.ts'
import { formatBudget, formatBurnRate, formatTime } from './figures.ts'
import { brief } from './plain-text.ts'
import type { Fact, Wording } from './words.ts'

const nameLengthMax = 120

/** Several tickets in words: one line each. */
export function digestWording(entries: readonly Notification[]): Wording {
  const open = entries.filter(({ status }) => status === 'firing').length
  const over = entries.length - open
  const counted = `${entries.length} tickets since business hours ended`
  const states = `${open} still ${open === 1 ? 'burns' : 'burn'}${over === 0 ? '' : `, ${over} over by now`}`
  return {
    title: `🟠 ${counted}`,
    preview: `🟠 ${counted}: ${states}`,
    verdict: { failing: counted, allowed: states },
    description: '',
    facts: entries.map(entryFact),
    links: [],
    footer: '',
  }
}

/** A sign of life in words. */
export function heartbeatWording({ nextBy }: HeartbeatMessage): Wording {
  const next = `the next one comes by ${formatTime(nextBy)}`
  return {
    title: '💚 sloburn is alive',
    preview: `💚 sloburn is alive; ${next}`,
    verdict: { failing: 'Evaluation, store and delivery work', allowed: next },
    description: '',
    facts: [],
    links: [],
    footer: '',
  }
}

function entryFact({ slo, scope, sev, status, firedAt, short, budget }: Notification): Fact {
  const left = budget.remaining === null ? '' : ` · ${formatBudget(budget.remaining)} of the budget left`
  const state = status === 'resolved' ? 'over by now' : `burns at ${formatBurnRate(short.burnRate)}`
  return {
    name: `${sev} ${brief(slo, nameLengthMax)}`,
    text: `${brief(scope, nameLengthMax)} · since ${formatTime(firedAt)} · ${state}${left}`,
  }
}
