import type { DataReading } from '../core/model/data-reading.ts'
import { regionsPerMessageMax } from '../core/model/limits.ts'
import type { Message, Notification, RegionReading } from '../core/model/notification.ts'
import { globalScope } from '../core/model/slo.ts'
import { formatDuration } from '../core/time/duration.ts'
import { causes, handling } from './circumstances.ts'
import { dataWords } from './data-words.ts'
import { digestWording, heartbeatWording } from './digest-wording.ts'
import { evidenceWords, ruleWords } from './evidence-words.ts'
import {
  formatBudget,
  formatBurnRate,
  formatCount,
  formatObjective,
  formatShare,
  formatSpan,
  formatTime,
} from './figures.ts'
import { exhaustionWords, historyWords, trafficWords } from './history-words.ts'
import { brief, truncate } from './plain-text.ts'
import { webLink } from './web-link.ts'
import type { Fact, Link, Wording } from './words.ts'

export type { Fact, Link, Wording } from './words.ts'

/** Names and texts come from people and from series: none may push the rest out of a message. Lengths in characters. */
const lengthMax = { name: 120, description: 1_000, footer: 1_500 } as const

/** Puts a message into words. */
export function wordingOf(message: Message): Wording {
  if (message.kind === 'incident') return incidentWording(message)
  return message.kind === 'digest' ? digestWording(message.entries) : heartbeatWording(message)
}

/** Puts what there is to say of one incident into words. */
export function incidentWording(notification: Notification): Wording {
  if (notification.data != null) return dataWording(notification, notification.data)
  return {
    title: title(notification),
    preview: preview(notification),
    verdict: verdict(notification),
    description: brief(notification.description, lengthMax.description),
    facts: [
      { name: 'Failed requests', text: failed(notification) },
      { name: notification.status === 'firing' ? 'Since' : 'When', text: when(notification) },
      { name: 'Where', text: where(notification) },
      { name: 'Burn rate', text: burn(notification) },
      { name: 'Error budget', text: budget(notification) },
      ...lately(notification),
      ...causes(notification),
      { name: 'Rule', text: ruleWords(notification.rule) },
      ...evidence(notification),
      ...handling(notification),
    ],
    links: links(notification),
    footer: footer(notification),
  }
}

/** An incident that is about the data itself so far: what burns stands in none of its lines. */
function dataWording(notification: Notification, data: DataReading): Wording {
  const { status, scope, at } = notification
  const { short, meaning, details, rule: told } = dataWords(data, scope, at)
  const resolved = status === 'resolved' ? `Resolved after ${formatSpan(openForMs(notification))}. ` : ''
  return {
    title: title(notification),
    preview:
      status === 'resolved'
        ? `✅ Resolved ${subject(notification)} after ${formatSpan(openForMs(notification))}`
        : `${stateWord(notification)} ${subject(notification)} · ${short}`,
    verdict: { failing: `${resolved}${status === 'resolved' ? '' : short}`.trim(), allowed: meaning },
    description: brief(notification.description, lengthMax.description),
    facts: [
      { name: 'Data', text: details },
      { name: status === 'firing' ? 'Since' : 'When', text: when(notification) },
      { name: 'Where', text: where(notification) },
      { name: 'Error budget', text: budget(notification) },
      ...causes(notification),
      { name: 'Rule', text: told },
      ...handling(notification),
    ],
    links: links(notification),
    footer: footer(notification),
  }
}

/** How long the alert was open; how long so far while it still is. */
export function openForMs({ firedAt, resolvedAt, at }: Notification): number {
  return (resolvedAt ?? at) - firedAt
}

function subject({ slo, scope }: Notification): string {
  return `${brief(slo, lengthMax.name)} · ${brief(scope, lengthMax.name)}`
}

/** What it is, how bad, where, and whether somebody is on it. */
function title(notification: Notification): string {
  const { status, acknowledgement } = notification
  const isTaken = status === 'firing' && acknowledgement !== null
  return `${stateWord(notification)} · ${subject(notification)}${isTaken ? ' · acknowledged' : ''}`
}

/** Violet is for what cannot be seen: nobody knows whether it burns. */
function stateWord({ status, severity, sev, data }: Notification): string {
  if (status === 'resolved') return '✅ RESOLVED'
  const word = severity === 'page' ? `PAGE ${sev}` : `TICKET ${sev}`
  if (data != null) return `🟣 ${word}`
  return severity === 'page' ? `🔴 ${word}` : `🟠 ${word}`
}

function preview(notification: Notification): string {
  const { status, short, budget: reading } = notification
  if (status === 'resolved') {
    const left = reading.remaining === null ? '' : ` · ${budgetLeft(reading.remaining)}`
    return `✅ Resolved ${subject(notification)} after ${formatSpan(openForMs(notification))}${left}`
  }
  const gone = reading.timeToExhaustionMs === null ? '' : ` · budget gone in ${formatSpan(reading.timeToExhaustionMs)}`
  return `${stateWord(notification)} ${subject(notification)} · ${formatBurnRate(short.burnRate)} burn${gone}`
}

function verdict(notification: Notification): Wording['verdict'] {
  const { status, short, objective, window, rule: fired } = notification
  const share = formatShare(short.errorRatio)
  const failing =
    short.errorRatio === null ? `No requests in the last ${formatDuration(fired.shortMs)}` : `${share} of requests fail`
  const resolved = status === 'resolved' ? `Resolved after ${formatSpan(openForMs(notification))}. ` : ''
  return {
    failing: `${resolved}${failing}`,
    allowed: `${formatShare(1 - objective)} allowed (objective ${formatObjective(objective)} / ${brief(window, lengthMax.name)})`,
  }
}

function failed({ short, long, rule: fired }: Notification): string {
  return [
    `${formatCount(short.bad)} of ${formatCount(short.total)} (${formatDuration(fired.shortMs)})`,
    `${formatCount(long.bad)} of ${formatCount(long.total)} (${formatDuration(fired.longMs)})`,
  ].join(' · ')
}

function when(notification: Notification): string {
  const { firedAt, resolvedAt } = notification
  const openFor = openForMs(notification)
  if (resolvedAt !== null) return `${formatTime(firedAt)} to ${formatTime(resolvedAt)} (${formatSpan(openFor)})`
  return openFor > 0 ? `${formatTime(firedAt)} (${formatSpan(openFor)})` : formatTime(firedAt)
}

/** The alert's own region first, then every other with its burn rate, the worst first: who burns, and who is not seen. */
function where({ scope, regions }: Notification): string {
  const own = regions.find(({ region }) => region === scope)
  const others = regions.filter((region) => region !== own).sort(worstFirst)
  const named = [...(own === undefined ? [] : [own]), ...others].slice(0, regionsPerMessageMax).map(regionText)
  const rest = regions.length > regionsPerMessageMax ? [`and ${regions.length - regionsPerMessageMax} more`] : []
  const all = [...named, ...rest].join(' · ')
  if (own !== undefined) return all
  const place = scope === globalScope ? 'all regions together' : brief(scope, lengthMax.name)
  return all === '' ? place : `${place}: ${all}`
}

function worstFirst(a: RegionReading, b: RegionReading): number {
  const byBurnRate = (b.burnRate ?? -1) - (a.burnRate ?? -1)
  return byBurnRate !== 0 ? byBurnRate : a.region < b.region ? -1 : 1
}

function regionText({ region, burnRate, state, share }: RegionReading): string {
  const part = share === null || share === 0 ? '' : `${formatShare(share)} of failures`
  const notes = [part, state === 'ok' ? '' : state].filter((note) => note !== '')
  return `${brief(region, lengthMax.name)} ${formatBurnRate(burnRate)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

function burn({ status, severity, short, long, rule: fired }: Notification): string {
  const verb = severity === 'page' ? (status === 'firing' ? 'pages' : 'paged') : 'ticket'
  const windows = [
    `${formatBurnRate(short.burnRate)} (${formatDuration(fired.shortMs)})`,
    `${formatBurnRate(long.burnRate)} (${formatDuration(fired.longMs)})`,
  ]
  return `${windows.join(' · ')} — ${verb} at ${formatBurnRate(fired.burnRate)}`
}

function budget({ budget: { remaining, timeToExhaustionMs, exhaustion } }: Notification): string {
  if (remaining === null) return `${formatBudget(null)} left`
  if (timeToExhaustionMs === null) return budgetLeft(remaining)
  const range = exhaustionWords(exhaustion === undefined ? {} : { exhaustion })
  const gone = `${budgetLeft(remaining)} · empty in ${formatSpan(timeToExhaustionMs)} at this rate`
  return range === '' ? gone : `${gone} (${range})`
}

/** How it burned over the last hours, and how much traffic there is, where that is known. */
function lately(notification: Notification): readonly Fact[] {
  const facts = [
    { name: 'Last 6h', text: historyWords(notification) },
    { name: 'Traffic', text: trafficWords(notification) },
  ]
  return facts.filter(({ text }) => text !== '')
}

function budgetLeft(remaining: number): string {
  return remaining < 0 ? `overspent by ${formatBudget(-remaining)}` : `${formatBudget(remaining)} left`
}

function evidence({ rule }: Notification): readonly Fact[] {
  const text = evidenceWords(rule)
  return text === undefined ? [] : [{ name: 'Evidence', text }]
}

/** Where to go on, the first thing first: what to do, what is seen, one request that failed, the last change. */
function links({ runbook, dashboard, exemplars, annotations }: Notification): readonly Link[] {
  const candidates = [
    { name: 'Runbook', url: webLink(runbook) },
    { name: 'Dashboard', url: webLink(dashboard) },
    { name: 'Trace', url: firstLink(exemplars) },
    { name: 'Change', url: firstLink(annotations) },
  ] as const
  return candidates.flatMap(({ name, url }) => (url === null ? [] : [{ name, url }]))
}

function firstLink(readings: readonly { readonly url: string | null }[]): string | null {
  return readings.map(({ url }) => webLink(url)).find((url) => url !== null) ?? null
}

function footer({ service, labels, incidentId, revision, at }: Notification): string {
  const own = Object.entries(labels).map(([name, value]) => `${name} ${value}`)
  const parts = [
    `service ${service}`,
    ...own,
    `incident ${incidentId} revision ${revision}`,
    new Date(at).toISOString().replace('.000Z', 'Z'),
  ]
  return truncate(parts.map((part) => brief(part, lengthMax.name)).join(' · '), lengthMax.footer)
}
