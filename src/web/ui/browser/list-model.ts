import { conditions } from './condition.ts'
import { durationSeconds } from './figures.ts'
import type { Burn, Condition, SloRow } from './wire.ts'

/** What of the list is shown, and in which order. */
export interface ListChoice {
  /** Words that all must be found, or `label:value`. */
  readonly search: string
  /** Empty shows every one. */
  readonly states: readonly Condition[]
  readonly service: string
  readonly region: string
  /** Labels with the values that rows must have. */
  readonly labels: ReadonlyMap<string, string>
  /** What rows are put together by: "", `service`, `region` or a label. */
  readonly group: string
  readonly sort: SortKey
  readonly isReversed: boolean
}

/** What rows can be ordered by. */
export type SortKey = 'urgency' | 'name' | 'service' | 'objective' | 'sli' | 'budget' | 'lasts' | 'since'

/** One line of the list: the head of a group, or an SLO. */
export type ListLine =
  | { readonly kind: 'group'; readonly name: string; readonly count: number }
  | { readonly kind: 'slo'; readonly row: SloRow }

/** How many windows stand side by side at most. */
const burnColumnsMax = 4

/** The rows that a choice shows, in its order. */
export function chosenRows(rows: Iterable<SloRow>, choice: ListChoice): readonly SloRow[] {
  const wanted = termsOf(choice.search)
  const chosen = [...rows].filter((row) => {
    if (choice.states.length > 0 && !choice.states.includes(row.condition)) return false
    if (choice.service !== '' && row.service !== choice.service) return false
    if (choice.region !== '' && !row.regions.some(({ region }) => region === choice.region)) return false
    for (const [label, value] of choice.labels) if (row.labels[label] !== value) return false
    return wanted.every((term) => holds(row, term))
  })
  const compare = orders[choice.sort]
  const sign = choice.isReversed ? -1 : 1
  return chosen.sort((a, b) => sign * compare(a, b) || byText(a.name, b.name))
}

/** The rows under the heads of their groups; the group of the most urgent row comes first. */
export function linesOf(rows: readonly SloRow[], group: string): readonly ListLine[] {
  if (group === '') return rows.map((row) => ({ kind: 'slo', row }))
  const groups = Map.groupBy(rows, (row) => groupOf(row, group))
  return [...groups].flatMap(([name, members]): ListLine[] => [
    { kind: 'group', name, count: members.length },
    ...members.map((row): ListLine => ({ kind: 'slo', row })),
  ])
}

/** How many rows are in each condition. */
export function countByCondition(rows: Iterable<SloRow>): ReadonlyMap<Condition, number> {
  const counts = new Map<Condition, number>(conditions.map((condition) => [condition, 0]))
  for (const { condition } of rows) counts.set(condition, (counts.get(condition) ?? 0) + 1)
  return counts
}

/** Good and all events over all rows; what is not known adds nothing, and `unknown` says of how many rows that is so. */
export function wholeAvailability(rows: Iterable<SloRow>): { sli: number | null; unknown: number } {
  let [bad, total, unknown] = [0, 0, 0]
  for (const row of rows) {
    if (row.sli === null || row.total === null) unknown++
    else {
      total += row.total
      bad += (1 - row.sli) * row.total
    }
  }
  return { sli: total > 0 ? 1 - bad / total : null, unknown }
}

/** The long windows that most rows have, shortest first: the columns of burn rates. */
export function burnWindows(rows: Iterable<SloRow>): readonly string[] {
  const uses = new Map<string, number>()
  for (const { burns } of rows) for (const { window } of burns) uses.set(window, (uses.get(window) ?? 0) + 1)
  const most = [...uses].sort((a, b) => b[1] - a[1] || seconds(a[0]) - seconds(b[0])).slice(0, burnColumnsMax)
  return most.map(([window]) => window).sort((a, b) => seconds(a) - seconds(b))
}

/** How long the budget lasts at the burn rate of one of its windows, in seconds; Infinity where it outlasts the SLO window. */
export interface Lasting {
  readonly seconds: number | null
  readonly window: string | null
}

/** Reckoned by the window nearest to a hundred-and-twentieth of the SLO window: six hours of thirty days. */
export function lasting(row: SloRow): Lasting {
  const made = lastings.get(row)
  if (made !== undefined) return made
  const lasts = reckonLasting(row)
  lastings.set(row, lasts)
  return lasts
}

/** Asked for at every comparison of a sort. */
const lastings = new WeakMap<SloRow, Lasting>()

function reckonLasting({ remaining, burns, windowSeconds }: SloRow): Lasting {
  const wanted = Math.log(windowSeconds / 120)
  const distance = ({ window }: Burn) => Math.abs(Math.log(seconds(window)) - wanted)
  const burn = burns.toSorted((a, b) => distance(a) - distance(b))[0]
  const window = burn?.window ?? null
  if (remaining === null) return { seconds: null, window }
  if (remaining <= 0) return { seconds: 0, window }
  if (burn === undefined || burn.rate === null) return { seconds: null, window }
  const left = (remaining * windowSeconds) / burn.rate
  return { seconds: left <= windowSeconds ? left : Number.POSITIVE_INFINITY, window }
}

/** The labels that rows have, each with its values, both in order. */
export function labelsIn(rows: readonly SloRow[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, Set<string>>()
  for (const { labels } of rows) {
    for (const [label, value] of Object.entries(labels)) {
      const seen = values.get(label)
      if (seen === undefined) values.set(label, new Set([value]))
      else seen.add(value)
    }
  }
  const ordered = [...values].sort(([one], [other]) => byText(one, other))
  return new Map(ordered.map(([label, all]) => [label, [...all].sort(byText)]))
}

/** The labels that rows can be grouped by: those that tell some apart, and not all. */
export function groupingLabels(rows: readonly SloRow[], labels = labelsIn(rows)): readonly string[] {
  return [...labels].filter(([, values]) => values.length < Math.max(2, rows.length)).map(([label]) => label)
}

function groupOf(row: SloRow, group: string): string {
  if (group === 'service') return row.service
  if (group === 'region') return worstRegion(row) ?? 'no region'
  return row.labels[group] ?? `no ${group}`
}

/** The region that needs looking at most; undefined where there is none. */
export function worstRegion({ regions }: SloRow): string | undefined {
  return regions.toSorted(
    (a, b) =>
      conditions.indexOf(a.condition) - conditions.indexOf(b.condition) || known(a.remaining) - known(b.remaining),
  )[0]?.region
}

const orders: Readonly<Record<SortKey, (a: SloRow, b: SloRow) => number>> = {
  urgency: (a, b) =>
    conditions.indexOf(a.condition) - conditions.indexOf(b.condition) ||
    byLasting(a, b) ||
    known(a.remaining) - known(b.remaining),
  name: (a, b) => byText(a.name, b.name),
  service: (a, b) => byText(a.service, b.service),
  objective: (a, b) => b.objective - a.objective,
  sli: (a, b) => known(a.sli) - known(b.sli),
  budget: (a, b) => known(a.remaining) - known(b.remaining),
  lasts: byLasting,
  since: (a, b) => known(a.since) - known(b.since),
}

function byLasting(a: SloRow, b: SloRow): number {
  const [first, second] = [known(lasting(a).seconds), known(lasting(b).seconds)]
  return first === second ? 0 : first - second
}

/** What is not known comes behind what is. */
function known(value: number | null): number {
  return value === null || value === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : value
}

interface Term {
  readonly label: string | undefined
  readonly text: string
}

function termsOf(search: string): readonly Term[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.map((word) => {
    const colon = word.indexOf(':')
    return colon < 1 ? { label: undefined, text: word } : { label: word.slice(0, colon), text: word.slice(colon + 1) }
  })
}

function holds(row: SloRow, { label, text }: Term): boolean {
  if (label === undefined) return haystack(row).includes(text)
  if (label === 'slo' || label === 'name') return row.name.toLowerCase().includes(text)
  if (label === 'service') return row.service.toLowerCase().includes(text)
  if (label === 'state') return row.condition === text || row.state === text
  if (label === 'region') return row.regions.some(({ region }) => region.toLowerCase().includes(text))
  const value = Object.entries(row.labels).find(([name]) => name.toLowerCase() === label)?.[1]
  // A colon may also be part of a value.
  return value === undefined ? haystack(row).includes(`${label}:${text}`) : value.toLowerCase().includes(text)
}

const haystacks = new WeakMap<SloRow, string>()

function haystack(row: SloRow): string {
  const made = haystacks.get(row)
  if (made !== undefined) return made
  const text = [row.name, row.service, ...Object.values(row.labels)].join('\n').toLowerCase()
  haystacks.set(row, text)
  return text
}

const lengths = new Map<string, number>()

function seconds(window: string): number {
  const length = lengths.get(window) ?? durationSeconds(window) ?? 0
  lengths.set(window, length)
  return length
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
