import { linkTo } from './address.ts'
import { budgetFigure, trendBars } from './budget-bar.ts'
import { conditionBadges, conditionIcon, conditionWord } from './condition.ts'
import { type Child, h } from './dom.ts'
import {
  amountText,
  burnRateText,
  instantText,
  momentText,
  objectiveText,
  periodText,
  sliText,
  spanText,
  unknown,
  windowText,
} from './figures.ts'
import { lasting, type SortKey, worstRegion } from './list-model.ts'
import type { RegionCell, SloRow, TrendDayJson } from './wire.ts'

/** One column of the list. */
export interface Column {
  readonly key: string
  readonly head: string
  /** What the figures mean. */
  readonly about: string
  readonly sort?: SortKey
  readonly isFigure?: boolean
  /** Left out first where there is little room: between the shortest and the longest window. */
  readonly isInner?: boolean
  cell(row: SloRow): Child
  /** The same for a spreadsheet. */
  text(row: SloRow): string
}

/** The classes of a column's cells. */
export function columnClass({ key, isFigure, isInner }: Column): string {
  return [`c-${key}`, isFigure === true ? 'figure' : '', isInner === true ? 'inner' : '']
    .filter((part) => part !== '')
    .join(' ')
}

/** What cells need beside their row. */
export interface ColumnWorld {
  readonly windows: readonly string[]
  readonly now: number
  readonly trendOf: (name: string) => readonly TrendDayJson[] | undefined
}

/** All columns; those of burn rates are the windows that most SLOs have. */
export function listColumns({ windows, now, trendOf }: ColumnWorld): readonly Column[] {
  return [
    {
      key: 'state',
      head: 'State',
      about: 'what fires, else what is known of the data; the worst of all scopes',
      sort: 'urgency',
      cell: (row) => [conditionBadges(row.condition, row.state), sinceLine(row, now)],
      text: ({ condition }) => condition,
    },
    {
      key: 'slo',
      head: 'SLO',
      about: 'name and labels',
      sort: 'name',
      cell: (row) => [
        h('a', { href: linkTo('slo', { name: row.name }), 'data-row': row.name }, row.name),
        h('span', { class: 'under' }, labelsText(row)),
      ],
      text: ({ name }) => name,
    },
    {
      key: 'service',
      head: 'Service',
      about: 'service, and team where a label says it',
      sort: 'service',
      cell: ({ service, labels }) => [service, h('span', { class: 'under' }, labels['team'] ?? '')],
      text: ({ service }) => service,
    },
    {
      key: 'objective',
      head: 'Objective',
      about: 'target and SLO window',
      sort: 'objective',
      isFigure: true,
      cell: ({ objective, window }) => [objectiveText(objective), h('span', { class: 'under' }, periodText(window))],
      text: ({ objective }) => String(objective),
    },
    {
      key: 'sli',
      head: 'Good',
      about: 'good events ÷ all events over the SLO window',
      sort: 'sli',
      isFigure: true,
      cell: sliCell,
      text: ({ sli }) => (sli === null ? '' : String(sli)),
    },
    {
      key: 'budget',
      head: 'Budget left',
      about: 'of the whole SLO window; below it, how many bad events that is',
      sort: 'budget',
      cell: (row) => [
        budgetFigure(row.remaining, whyUnknown(row)),
        h(
          'span',
          { class: 'under' },
          row.eventsLeft === null || row.unit === 'points'
            ? unknown
            : `${amountText(row.eventsLeft, row)} of ${row.window}`,
        ),
      ],
      text: ({ remaining }) => (remaining === null ? '' : String(remaining)),
    },
    {
      key: 'lasts',
      head: 'Lasts',
      about: 'how long the budget lasts at the burn rate over the window below',
      sort: 'lasts',
      isFigure: true,
      cell: lastsCell,
      text: (row) => String(lasting(row).seconds ?? ''),
    },
    ...windows.map((window, index) => burnColumn(window, index > 0 && index < windows.length - 1)),
    {
      key: 'since',
      head: 'Alert since',
      about: 'when the oldest alert of the state opened, in UTC',
      sort: 'since',
      isFigure: true,
      cell: (row) => sinceCell(row, now),
      text: ({ since }) => (since === null ? '' : instantText(since)),
    },
    {
      key: 'regions',
      head: 'Regions',
      about: 'each region by its state, and the one that is worst',
      cell: regionsCell,
      text: (row) => worstRegion(row) ?? '',
    },
    {
      key: 'trend',
      head: '30 days',
      about: 'burn rate day by day, in UTC; the line is 1×',
      cell: ({ name }) => trendBars(trendOf(name)),
      text: () => '',
    },
  ]
}

function sinceCell({ since }: SloRow, now: number): Child {
  if (since === null) return h('span', { class: 'missing', title: 'no alert is open' }, unknown)
  const [time, date = ''] = momentText(since, now).split(' ').toReversed()
  return [time, h('span', { class: 'under' }, date)]
}

function sinceLine({ since }: SloRow, now: number): Child {
  if (since === null) return null
  return h('span', { class: 'under', title: `since ${momentText(since, now)} UTC` }, `for ${spanText(now - since)}`)
}

function labelsText({ labels, scope }: SloRow): string {
  const texts = Object.entries(labels).map(([label, value]) => `${label}:${value}`)
  return [...(scope === 'global' ? [] : [`figures of ${scope}`]), ...texts].join('  ')
}

function sliCell(row: SloRow): Child {
  const { sli, objective, coverage } = row
  const seen = coverage === null ? unknown : `${(coverage * 100).toFixed(coverage < 0.995 ? 1 : 0)} % seen`
  const level = sli === null ? 'missing' : sli < objective ? 'below' : ''
  const title =
    sli === null ? whyUnknown(row) : `${windowText(row.window)}; data was seen for ${seen.replace(' seen', '')} of it`
  return [
    h('span', { class: level, title }, sliText(sli, objective)),
    h('span', { class: 'under', title: 'the share of the window for which data was seen' }, seen),
  ]
}

function lastsCell(row: SloRow): Child {
  const { seconds, window } = lasting(row)
  const text =
    seconds === null
      ? unknown
      : seconds === 0
        ? 'spent'
        : seconds === Number.POSITIVE_INFINITY
          ? `> ${windowText(row.window)}`
          : spanText(seconds)
  const level = seconds === null ? 'missing' : seconds < row.windowSeconds / 10 ? 'below' : ''
  return [
    h('span', { class: level }, text),
    h('span', { class: 'under' }, window === null ? unknown : `at ${window} burn`),
  ]
}

function burnColumn(window: string, isInner: boolean): Column {
  const burnOf = (row: SloRow) => row.burns.find((burn) => burn.window === window)
  return {
    key: `burn-${window}`,
    head: `Burn ${window}`,
    about: `error ratio ÷ error budget over ${window}; 1× spends the budget in exactly one SLO window`,
    isFigure: true,
    isInner,
    cell: (row) => {
      const burn = burnOf(row)
      const why = burn === undefined ? `no rule of this SLO looks at ${window}` : `no events in ${window}`
      if (burn === undefined || burn.rate === null) return h('span', { class: 'missing', title: why }, unknown)
      const { exceeds, rate } = burn
      const told = exceeds === null ? '' : `above the threshold of a ${exceeds}`
      return h(
        'span',
        { class: exceeds === null ? '' : `over-${exceeds}`, title: `${window} ${told}` },
        burnRateText(rate),
      )
    },
    text: (row) => String(burnOf(row)?.rate ?? ''),
  }
}

/** Regions shown one by one; of more, how many. */
const regionsShown = 8

function regionsCell(row: SloRow): Child {
  const worst = worstRegion(row)
  const marks = row.regions.slice(0, regionsShown).map((cell) => {
    return h('span', { class: 'mark', title: regionText(cell, windowText(row.window)) }, conditionIcon(cell.condition))
  })
  const rest = row.regions.length - marks.length
  const told = row.regions.map(({ region, condition }) => `${region} ${conditionWord(condition)}`).join(', ')
  return [
    h('span', { class: 'marks', role: 'img', 'aria-label': told }, marks, rest > 0 ? `+${rest}` : null),
    h('span', { class: 'under' }, worst === undefined ? unknown : worst),
  ]
}

function regionText({ region, condition, remaining, burn, window }: RegionCell, sloWindow: string): string {
  const left = remaining === null ? unknown : `${(remaining * 100).toFixed(1)} % of ${sloWindow} left`
  const burns = burn === null ? `burn ${unknown}` : `burn ${burnRateText(burn)} over ${window}`
  return `${region}: ${conditionWord(condition)}, ${left}, ${burns}`
}

/** Why a figure is missing. */
function whyUnknown({ problem, at, state, window }: SloRow): string {
  if (problem !== null) return problem
  if (at === null) return 'not evaluated yet'
  return state === 'no-data' ? `no data in ${windowText(window)}` : `no events in ${windowText(window)}`
}
