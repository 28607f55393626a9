import type { AlertReading, MessageChange, Notification } from '../core/model/notification.ts'
import { formatTime } from './figures.ts'

/** Whether what a message speaks of pages by its own rule; where only a slow burn is left of a page, it does not. */
export function pagesByRule({ severity, alerts }: Pick<Notification, 'severity' | 'alerts'>): boolean {
  return alerts.length === 0 ? severity === 'page' : spokenOf(alerts).some((alert) => alert.severity === 'page')
}

/** How an open incident stands, where its name says more than what is: nothing alerts, or nothing pages any more; empty otherwise. */
export function standingWords(notification: Notification): string {
  const { status, severity, alerts } = notification
  if (status === 'resolved' || alerts.length === 0) return ''
  const ends = alerts.map(({ resolvedAt }) => resolvedAt)
  if (ends.every((end) => end !== null)) {
    return `nothing alerts since ${formatTime(Math.max(...ends))}; it is over when that stays so`
  }
  return severity === 'page' && !pagesByRule(notification) ? 'nothing pages any more; what burns slowly goes on' : ''
}

/** Why somebody is told who may know of it already, or was not meant to be the first; empty where an opening speaks for itself. */
export function whyNowWords({ status, wakes, change }: Notification): string {
  return status === 'firing' && wakes ? (reasons[change] ?? '') : ''
}

const reasons: Readonly<Partial<Record<MessageChange, string>>> = {
  escalated: 'it got worse',
  worsened: 'it is back, or in more places',
  unsilenced: 'what kept it quiet has ended, and it goes on',
  repeated: 'it goes on, and nobody looks after it',
  'handed-on': 'nobody acknowledged it where it was told first',
  'fell-back': 'it did not reach everybody who was to be told, or not in time',
}

/** Those that a message is about: what can be heard, or else what fires, or else all there were. */
function spokenOf(alerts: readonly AlertReading[]): readonly AlertReading[] {
  const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null)
  const audible = firing.filter(({ hushedBy }) => hushedBy === null)
  return [audible, firing].find(({ length }) => length > 0) ?? alerts
}
