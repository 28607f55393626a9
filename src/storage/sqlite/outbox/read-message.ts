import type { Message, Notification } from '../../../core/model/notification.ts'

/** A message as stored. One of a version that told of alerts one by one is read as an incident of that one alert. */
export function readMessage(text: string): Message {
  const stored: Message | EarlierNotification = JSON.parse(text)
  return 'kind' in stored ? stored : incidentOf(stored)
}

/** What version 1 of the store holds. */
export type EarlierNotification = Omit<
  Notification,
  | 'kind'
  | 'change'
  | 'wakes'
  | 'incidentId'
  | 'revision'
  | 'sev'
  | 'data'
  | 'alerts'
  | 'members'
  | 'annotations'
  | 'exemplars'
  | 'acknowledgement'
  | 'flapping'
>

/** The same facts in the form of today. */
export function incidentOf(earlier: EarlierNotification): Notification {
  const { status, slo, scope, severity, firedAt, resolvedAt, key, regions } = earlier
  const isFiring = status === 'firing'
  return {
    ...earlier,
    kind: 'incident',
    change: isFiring ? 'opened' : 'resolved',
    wakes: isFiring,
    incidentId: `${key}@${firedAt}`,
    revision: isFiring ? 1 : 2,
    sev: severity === 'page' ? 'SEV2' : 'SEV4',
    regions: regions.map((region) => ({ ...region, share: null })),
    data: null,
    alerts: [{ slo, scope, severity, firedAt, resolvedAt, hushedBy: null }],
    members: [],
    annotations: [],
    exemplars: [],
    acknowledgement: null,
    flapping: null,
  }
}
