import type { Delivery } from '../../../core/model/delivery.ts'
import { annotationLengthMax } from '../../../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../../../core/model/units.ts'
import { oneLine, truncate } from '../../plain-text.ts'
import { alertPayloads, annotationsOf } from '../alert-payload.ts'
import type { ReceiverContext } from '../receiver-factory.ts'

/** When it is sent, and how long Alertmanager may believe it. */
export interface AlertmanagerOptions extends Pick<ReceiverContext, 'externalUrl' | 'words'> {
  readonly now: EpochMs
  readonly resolveTimeoutMs: DurationMs
}

/** One alert of `POST /api/v2/alerts`. */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

/**
 * Every alert of an incident. One that fires ends at the time limit unless it is sent again before; one that is over ended when it
 * did. A digest is the alerts of its incidents, a heartbeat an alert that is gone when no other follows.
 */
export function alertmanagerAlerts(
  { notification }: Delivery,
  options: AlertmanagerOptions,
): readonly AlertmanagerAlert[] {
  const { now, resolveTimeoutMs, externalUrl, words } = options
  if (notification.kind === 'heartbeat') {
    return [
      {
        labels: { alertname: 'Heartbeat', severity: 'none' },
        annotations: { summary: words(notification).preview },
        startsAt: new Date(notification.at).toISOString(),
        endsAt: new Date(notification.nextBy).toISOString(),
        generatorURL: externalUrl,
      },
    ]
  }
  const incidents = notification.kind === 'digest' ? notification.entries : [notification]
  const until = new Date(now + resolveTimeoutMs).toISOString()
  return incidents.flatMap((incident) => {
    // Not labels: they are an alert's identity, and its name gets worse while it is open.
    const { sev, incidentId } = incident
    const annotations = cut({ ...annotationsOf(incident, words(incident)), sev, incident: incidentId })
    return alertPayloads(incident, annotations, externalUrl).map(({ labels, startsAt, endsAt, generatorURL }) => ({
      labels: validLabels(labels),
      annotations,
      startsAt,
      endsAt: endsAt ?? until,
      generatorURL,
    }))
  })
}

/** Names that every version of Alertmanager takes: older ones refuse dots, and the whole alert with them. */
function validLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const valid = Object.entries(labels).map(([name, value]) => {
    const word = name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d|$)/, '_')
    return [truncate(word, labelLengthMax).replace('…', ''), truncate(oneLine(value), labelLengthMax)] as const
  })
  return Object.fromEntries(valid.filter(([, value]) => value !== ''))
}

/** Labels stand in every index and every link. */
const labelLengthMax = 1_000

function cut(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [name, truncate(text.toWellFormed(), annotationLengthMax)]),
  )
}
