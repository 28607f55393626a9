import type { Notification } from '../core/model/notification.ts'
import { formatSpan } from './figures.ts'

/** How long the alert was open; how long so far while it still is. */
export function openForMs({ firedAt, resolvedAt, at }: Notification): number {
  return (resolvedAt ?? at) - firedAt
}

/** How what is said of an end begins: that it is over, or that nobody looks any more. */
export function endWords(notification: Notification): string {
  const lasted = formatSpan(openForMs(notification))
  return notification.unwatched === true
    ? `Not watched any more after ${lasted}, since its rule or its region is gone. `
    : `Resolved after ${lasted}. `
}
