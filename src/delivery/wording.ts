import type { DataReading } from '../core/model/data-reading.ts'
import type { Message, Notification } from '../core/model/notification.ts'
import { minuteMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { causes, handling } from './circumstances.ts'
import { dataWords, isBack } from './data-words.ts'
import { digestWording, heartbeatWording } from './digest-wording.ts'
import { endWords, openForMs } from './end-words.ts'
import { evidenceWords, ruleWords } from './evidence-words.ts'
import { formatBudget, formatBurnRate, formatObjective, formatShare, formatSpan, formatTime } from './figures.ts'
import { exhaustionWords, historyWords, trafficWords } from './history-words.ts'
import { measureWords } from './measure-words.ts'
import { brief, truncate } from './plain-text.ts'
import { pagesByRule } from './standing-words.ts'
import { webLink } from './web-link.ts'
import { whereWords } from './where-words.ts'
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
      { name: measureWords(notification.measure).heading, text: failed(notification) },
      { name: notification.status === 'firing' ? 'Since' : 'When', text: when(notification) },
      { name: 'Where', text: whereWords(notification) },
      { name: 'Burn rate', text: burn(notification) },
      { name: 'Error budget', text: budget(notification) },
      ...soFar(notification),
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
  const resolved = status === 'resolved' ? endWords(notification) : ''
  return {
    title: title(notification),
    preview:
      status === 'resolved' ? endOf(notification) : `${stateWord(notification)} ${subject(notification)} · ${short}`,
    verdict: { failing: `${resolved}${status === 'firing' || isBack(data) ? short : ''}`.trim(), allowed: meaning },
    description: brief(notification.description, lengthMax.description),
    facts: [
      { name: 'Data', text: details },
      { name: status === 'firing' ? 'Alert since' : 'When', text: when(notification) },
      { name: 'Where', text: whereWords(notification) },
      { name: 'Error budget', text: budget(notification) },
      ...causes(notification),
      { name: 'Rule', text: told },
      ...handling(notification),
    ],
    links: links(notification),
    footer: footer(notification),
  }
}

function subject({ slo, scope }: Notification): string {
  return `${brief(slo, lengthMax.name)} · ${brief(scope, lengthMax.name)}`
}

/** What it is, how bad, where, and whether somebody is on it. */
function title(notification: Notification): string {
  const { status, acknowledgement } = notification
  const isTaken = status === 'firing' && acknowledgement !== null
  const taken = isTaken ? ` · acknowledged by ${brief(acknowledgement.by, lengthMax.name)}` : ''
  return `${stateWord(notification)} · ${subject(notification)}${taken}`
}

/** Violet is for what cannot be seen: nobody knows whether it burns. */
function stateWord({ status, severity, sev, data, unwatched }: Notification): string {
  if (unwatched === true) return '⚪ NOT WATCHED ANY MORE'
  if (status === 'resolved') return '✅ RESOLVED'
  const word = severity === 'page' ? `PAGE ${sev}` : `TICKET ${sev}`
  if (data != null) return `🟣 ${word}`
  return severity === 'page' ? `🔴 ${word}` : `🟠 ${word}`
}

function preview(notification: Notification): string {
  const { status, short, budget: reading } = notification
  if (status === 'resolved') {
    const left = reading.remaining === null ? '' : ` · ${budgetLeft(reading.remaining)}`
    const cost = costOf(notification)
    const spent = cost === '' ? '' : ` · ${cost}`
    return `${endOf(notification)}${spent}${left}`
  }
  const gone = reading.timeToExhaustionMs === null ? '' : ` · budget gone in ${formatSpan(reading.timeToExhaustionMs)}`
  return `${stateWord(notification)} ${subject(notification)} · ${formatBurnRate(short.burnRate)} burn${gone}`
}

/** In one line: that it is over, or that nobody looks any more. */
function endOf(notification: Notification): string {
  const word = notification.unwatched === true ? stateWord(notification) : '✅ Resolved'
  return `${word} ${subject(notification)} after ${formatSpan(openForMs(notification))}`
}

function verdict(notification: Notification): Wording['verdict'] {
  const { status, short, objective, window, rule: fired } = notification
  const words = measureWords(notification.measure)
  const failing =
    short.errorRatio === null
      ? words.nothing(formatDuration(fired.shortMs))
      : words.failing(formatShare(short.errorRatio))
  const now = notification.unwatched === true ? 'Last seen: ' : 'Now '
  return {
    failing: status === 'resolved' ? `${endWords(notification)}${now}${lowerFirst(failing)}` : failing,
    allowed: `${formatShare(1 - objective)} allowed (objective ${formatObjective(objective)} / ${brief(window, lengthMax.name)})`,
  }
}

function lowerFirst(text: string): string {
  return text.replace(/^\S/, (first) => first.toLowerCase())
}

function failed({ short, long, rule: fired, measure }: Notification): string {
  const { counted } = measureWords(measure)
  return [
    `${counted(short)} (${formatDuration(fired.shortMs)})`,
    `${counted(long)} (${formatDuration(fired.longMs)})`,
  ].join(' · ')
}

/**
 * What it has cost, as a share of the budget: `8.0 % of the budget spent`; empty where that is not known, and before anything was spent:
 * nought beside the failures that opened it would read as if they were none.
 */
function costOf({ spent }: Notification): string {
  return spent === undefined || spent.ofBudget === null || spent.bad === 0
    ? ''
    : `${formatBudget(spent.ofBudget)} of the budget spent`
}

/** What the incident has cost so far, where that is known. */
function soFar(notification: Notification): readonly Fact[] {
  const { spent, measure } = notification
  const failedSoFar = spent === undefined || spent.bad === 0 ? '' : measureWords(measure).spent(spent.bad)
  const text = [failedSoFar, costOf(notification)].filter((part) => part !== '').join(' · ')
  return text === '' ? [] : [{ name: 'This incident', text }]
}

function when(notification: Notification): string {
  const { firedAt, resolvedAt } = notification
  const openFor = openForMs(notification)
  if (resolvedAt !== null) return `${formatTime(firedAt)} to ${formatTime(resolvedAt)} (${formatSpan(openFor)})`
  const began = firedAt - (notification.spent?.since ?? firedAt)
  // An alert opens once it is sure: what it is about began before.
  const earlier = began >= minuteMs ? `, began ${formatSpan(began)} earlier` : ''
  return `${formatTime(firedAt)}${openFor > 0 ? ` (${formatSpan(openFor)})` : ''}${earlier}`
}

function burn(notification: Notification): string {
  const { status, short, long, rule: fired } = notification
  const verb = pagesByRule(notification) ? (status === 'firing' ? 'pages' : 'paged') : 'ticket'
  const windows = [
    `${formatBurnRate(short.burnRate)} (${formatDuration(fired.shortMs)})`,
    `${formatBurnRate(long.burnRate)} (${formatDuration(fired.longMs)})`,
  ]
  return `${windows.join(' · ')} — ${verb} at ${formatBurnRate(fired.burnRate)}`
}

function budget({ budget: reading, measure }: Notification): string {
  const { remaining, timeToExhaustionMs, exhaustion } = reading
  if (remaining === null) return `${formatBudget(null)} left`
  const left = `${budgetLeft(remaining)}${eventsLeft(reading, measure)}`
  if (timeToExhaustionMs === null) return left
  // The range is that of the last hours: where the burn rate of the moment has left it, the two would contradict each other.
  const isWithin =
    timeToExhaustionMs >= (exhaustion?.lowMs ?? 0) && timeToExhaustionMs <= (exhaustion?.highMs ?? Infinity)
  const range = exhaustion === undefined || !isWithin ? '' : exhaustionWords({ exhaustion })
  const gone = `${left} · empty in ${formatSpan(timeToExhaustionMs)} at this rate`
  return range === '' ? gone : `${gone} (${range})`
}

/** How many may still fail, by what has failed so far; empty where nothing has, or nothing is left. */
function eventsLeft({ bad, remaining }: Notification['budget'], measure: Notification['measure']): string {
  if (remaining === null || remaining <= 0 || remaining >= 1) return ''
  const words = measureWords(measure).left((bad * remaining) / (1 - remaining))
  return words === '' ? '' : ` (${words})`
}

/** How much traffic there is, and how it burned over the last hours, where that is known. */
function lately(notification: Notification): readonly Fact[] {
  const { hasTraffic } = measureWords(notification.measure)
  const facts = [
    { name: 'Traffic', text: hasTraffic ? trafficWords(notification) : '' },
    { name: 'Last 6h', text: historyWords(notification) },
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
