import { createHash } from 'node:crypto'
import type { Delivery } from '../../../core/model/delivery.ts'
import { pagerdutyEventBytesMax } from '../../../core/model/limits.ts'
import type { Message, Notification } from '../../../core/model/notification.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { formatBurnRate, formatShare, formatTime } from '../../figures.ts'
import { brief, truncate } from '../../plain-text.ts'
import { webLink } from '../../web-link.ts'
import type { Wording } from '../../words.ts'
import { incidentLink } from '../alert-payload.ts'
import type { ReceiverContext } from '../receiver-factory.ts'

/** PagerDuty refuses or cuts what is longer. Lengths in characters. */
const lengthMax = { summary: 1_024, name: 255, dedupKey: 255, detail: 8_000 } as const

/** An event of the Events API v2, without the routing key: that is a secret, and is added when it is sent. */
export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedup_key: string
  readonly client?: string
  readonly client_url?: string
  readonly links?: readonly { readonly href: string; readonly text: string }[]
  readonly payload?: Readonly<Record<string, unknown>>
}

/**
 * What PagerDuty is told. The key holds neither episode nor revision: whoever triggers the same incident, and however often, adds
 * to the one that is open there. Acknowledged is told as such, and everything else that is not the end triggers.
 */
export function pagerdutyEvent(
  { notification }: Delivery,
  { externalUrl, words }: Pick<ReceiverContext, 'externalUrl' | 'words'>,
): PagerdutyEvent {
  const dedup_key = dedupKey(notification.key)
  if (notification.status === 'resolved') return { event_action: 'resolve', dedup_key }
  if (notification.change === 'acknowledged') return { event_action: 'acknowledge', dedup_key }
  const wording = words(notification)
  const trigger = { event_action: 'trigger', dedup_key, client: 'sloburn' } as const
  if (notification.kind !== 'incident') {
    return { ...trigger, client_url: externalUrl, payload: plainPayload(notification, wording) }
  }
  const links = wording.links.map(({ name, url }) => ({ href: url, text: name }))
  return withinSize({
    ...trigger,
    client_url: incidentLink(externalUrl, notification.incidentId),
    ...(links.length === 0 ? {} : { links }),
    payload: incidentPayload(notification, wording),
  })
}

/** The incident's key, or a digest of one that PagerDuty would not take. */
export function dedupKey(key: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(key) && key.length <= lengthMax.dedupKey
  return isPlain ? key : createHash('sha256').update(key).digest('hex')
}

function incidentPayload(notification: Notification, wording: Wording) {
  const { service, scope, slo, severity, labels, firedAt, rule } = notification
  return {
    summary: truncate(wording.preview, lengthMax.summary),
    source: brief(scope, lengthMax.name),
    severity: severityOf(notification),
    timestamp: new Date(firedAt).toISOString(),
    component: brief(service, lengthMax.name),
    group: brief(labels['team'] ?? service, lengthMax.name),
    class: rule.burnRate > 0 ? `burn rate ${severity}` : `data ${severity}`,
    custom_details: customDetails(notification, wording, brief(slo, lengthMax.name)),
  }
}

function plainPayload(notification: Message, { preview, facts }: Wording) {
  return {
    summary: truncate(preview, lengthMax.summary),
    source: 'sloburn',
    severity: 'info',
    timestamp: new Date(notification.at).toISOString(),
    custom_details: Object.fromEntries(facts.map(({ name, text }) => [name, truncate(text, lengthMax.detail)])),
  }
}

function severityOf({ severity, sev }: Notification): 'critical' | 'error' | 'warning' | 'info' {
  if (severity === 'page') return sev === 'SEV1' ? 'critical' : 'error'
  return sev === 'SEV4' ? 'info' : 'warning'
}

/** Flat, in the order in which one asks; PagerDuty shows them as a table. */
function customDetails(notification: Notification, { verdict, description, facts }: Wording, slo: string) {
  const { short, long, rule, objective, runbook, dashboard, sev, firedAt } = notification
  const fact = (name: string): string | undefined => facts.find((one) => one.name === name)?.text
  const isBurn = notification.data === null
  const details = {
    slo,
    sev,
    impact: `${verdict.failing} — ${verdict.allowed}`,
    description: description === '' ? undefined : description,
    error_ratio: isBurn ? formatShare(short.errorRatio) : undefined,
    allowed_ratio: isBurn ? formatShare(1 - objective) : undefined,
    started_at: formatTime(firedAt),
    right_now: fact('Right now'),
    why_now: fact('Why now'),
    regions: fact('Where'),
    burn_short: isBurn ? `${formatBurnRate(short.burnRate)} (${formatDuration(rule.shortMs)})` : undefined,
    burn_long: isBurn ? `${formatBurnRate(long.burnRate)} (${formatDuration(rule.longMs)})` : undefined,
    threshold: isBurn ? formatBurnRate(rule.burnRate) : undefined,
    budget_left: fact('Error budget'),
    this_incident: fact('This incident'),
    last_6h: fact('Last 6h'),
    traffic: fact('Traffic'),
    data: fact('Data'),
    recent_changes: fact('What changed'),
    also_affected: fact('Also affected'),
    example_traces: fact('Example traces'),
    rule: fact('Rule'),
    evidence: fact('Evidence'),
    runbook_url: webLink(runbook) ?? undefined,
    dashboard_url: webLink(dashboard) ?? undefined,
  }
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, truncate(text, lengthMax.detail)] as const],
    ),
  )
}

/** An event that is too large loses its details, never its summary. Room is left for the routing key. */
function withinSize(event: PagerdutyEvent): PagerdutyEvent {
  if (Buffer.byteLength(JSON.stringify(event)) <= pagerdutyEventBytesMax - 1_000) return event
  const { custom_details: _, ...payload } = event.payload ?? {}
  return { ...event, payload }
}
