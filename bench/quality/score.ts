import { tickSeconds, warmUpTicks, worldTicks } from './families.ts'
import type { SeenAlert } from './play.ts'
import type { JudgedHappening } from './truth.ts'
import type { Played } from './worker.ts'

/** One page as a person counts them: alerts of all scopes together, however often they come again within half an hour. */
interface PageGroup {
  readonly from: number
  readonly notifications: number
}

/** What one policy made of one scenario. */
export interface Score {
  readonly truePages: number
  readonly falsePages: number
  readonly notifications: number
  readonly falseTickets: number
  /** Of each happening that must page. */
  readonly incidents: readonly Detection[]
  /** Of each that must make a ticket: whether it did. */
  readonly tickets: readonly boolean[]
}

/** How one incident was detected; null where it was not while it lasted. */
export interface Detection {
  readonly delaySeconds: number | null
  /** The share of the month's budget spent by then. */
  readonly spent: number | null
  /** From its end to the end of the last page. */
  readonly resetSeconds: number | null
}

const groupTicks = 1_800 / tickSeconds
const graceTicks = 600 / tickSeconds
/** Tickets look back for three days. */
const ticketGraceTicks = 3 * 5_760

/** Scores one policy in one scenario, over the days that are judged. */
export function score({ happenings, seen }: Played, policy: string): Score {
  const alerts = (seen[policy] ?? []).filter(({ from }) => from >= warmUpTicks)
  const pages = alerts.filter(({ severity }) => severity === 'page')
  const groups = groupsOf(unionOf(pages))
  const during = (at: number, labels: readonly string[], grace: number): boolean =>
    happenings.some(({ from, to, label }) => labels.includes(label) && at >= from && at <= to + grace)
  const truePages = groups.filter(({ from }) => during(from, ['page'], graceTicks))
  const falsePages = groups.filter(({ from }) => !during(from, ['page', 'ticket', 'either'], graceTicks))
  const tickets = unionOf(alerts.filter(({ severity }) => severity === 'ticket'))
  const labelled = (label: string): JudgedHappening[] => happenings.filter((each) => each.label === label)
  return {
    truePages: truePages.length,
    falsePages: falsePages.length,
    notifications: groups.reduce((sum, { notifications }) => sum + notifications, 0),
    falseTickets: tickets.filter(({ from }) => !during(from, ['page', 'ticket', 'either'], ticketGraceTicks)).length,
    incidents: labelled('page').map((happening) => detectionOf(happening, pages)),
    tickets: labelled('ticket').map(({ from, to }) => tickets.some((ticket) => ticket.from <= to && ticket.to >= from)),
  }
}

function detectionOf({ from, to, spent }: JudgedHappening, pages: readonly SeenAlert[]): Detection {
  const during = pages.filter((page) => page.from >= from && page.from < to)
  if (during.length === 0) return { delaySeconds: null, spent: null, resetSeconds: null }
  const first = Math.min(...during.map((page) => page.from))
  const last = Math.max(...during.map((page) => page.to))
  return {
    delaySeconds: (first - from + 1) * tickSeconds,
    spent: spent[Math.min(first - from, spent.length - 1)],
    resetSeconds: last >= worldTicks ? null : Math.max(0, last - to) * tickSeconds,
  }
}

interface Interval {
  readonly from: number
  readonly to: number
}

/** Where any of the alerts was open. */
function unionOf(alerts: readonly Interval[]): Interval[] {
  const union: Interval[] = []
  for (const { from, to } of alerts.toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1)
    if (last !== undefined && from <= last.to) union[union.length - 1] = { from: last.from, to: Math.max(last.to, to) }
    else union.push({ from, to })
  }
  return union
}

function groupsOf(pages: readonly Interval[]): PageGroup[] {
  const groups: PageGroup[] = []
  let newest = Number.NEGATIVE_INFINITY
  for (const { from } of pages) {
    const last = groups.at(-1)
    if (last !== undefined && from - newest < groupTicks) {
      groups[groups.length - 1] = { from: last.from, notifications: last.notifications + 1 }
    } else groups.push({ from, notifications: 1 })
    newest = from
  }
  return groups
}
