import { saveCsv } from './csv.ts'
import { type Child, h } from './dom.ts'
import { type ChoiceParts, ownLabels } from './list-choice.ts'
import type { Column } from './list-columns.ts'
import { groupingLabels, type ListChoice, labelsIn } from './list-model.ts'
import type { SloRow } from './wire.ts'

/** What the bar above the list works on. */
export interface ToolbarParts {
  readonly rows: readonly SloRow[]
  readonly chosen: readonly SloRow[]
  readonly all: readonly Column[]
  readonly columns: readonly Column[]
  readonly hidden: readonly string[]
  readonly choice: ListChoice
  readonly isHeld: boolean
  readonly amend: (parts: ChoiceParts) => void
}

/** Search, filters, grouping, columns and export; every choice stands in the address. */
export function toolbar({ rows, chosen, all, columns, hidden, choice, isHeld, amend }: ToolbarParts): Child {
  const search = h('input', {
    type: 'search',
    'data-follow': true,
    id: 'search',
    placeholder: 'name, or label:value',
    'aria-label': 'Search objectives by name or label:value',
    autocomplete: 'off',
    spellcheck: 'false',
    value: choice.search,
    input: (event) => amend({ q: valueOf(event) }),
  })
  const services = [...new Set(rows.map(({ service }) => service))].sort()
  const regions = [...new Set(rows.flatMap((row) => row.regions.map(({ region }) => region)))].sort()
  const labels = labelsIn(rows)
  const groups = ['service', 'region', ...groupingLabels(rows, labels)]
  const count = chosen.length === rows.length ? `${rows.length}` : `${chosen.length} of ${rows.length}`
  return h(
    'div',
    { class: 'toolbar', role: 'search' },
    h('span', { class: 'searchbox' }, search, h('kbd', { 'aria-hidden': 'true' }, '/')),
    select('Service', 'every service', services, choice.service, (service) => amend({ service })),
    select('Region', 'every region', regions, choice.region, (region) => amend({ region })),
    labelFilters(labels, choice, amend),
    select('Group by', 'no groups', groups, choice.group, (group) => amend({ group })),
    columnChooser(all, hidden, amend),
    h(
      'button',
      {
        click: () =>
          saveCsv(
            chosen,
            columns.filter(({ key }) => key !== 'trend'),
          ),
      },
      'CSV',
    ),
    h('span', { class: 'shown', role: 'status' }, `${count} ${rows.length === 1 ? 'SLO' : 'SLOs'}`),
    isHeld ? h('span', { class: 'held', title: 'the order changes when you move away' }, 'order held') : null,
  )
}

/** Labels with more values are not offered; the search finds any. */
const labelValuesMax = 100

function labelFilters(
  labels: ReadonlyMap<string, readonly string[]>,
  choice: ListChoice,
  amend: (parts: ChoiceParts) => void,
): Child {
  const own = ownLabels.map((label) => {
    const values = labels.get(label) ?? []
    const chosen = choice.labels.get(label) ?? ''
    if (values.length === 0 && chosen === '') return null
    const title = `${label[0].toUpperCase()}${label.slice(1)}`
    return select(title, `every ${label}`, values, chosen, (value) => amend({ [label]: value }))
  })
  const others = [...labels].filter(([label, values]) => !isOwn(label) && values.length <= labelValuesMax)
  const options = others.flatMap(([label, values]) => values.map((value) => `${label}:${value}`))
  const chosen = [...choice.labels].find(([label]) => !isOwn(label))
  if (options.length === 0 && chosen === undefined) return own
  return [own, select('Label', 'any label', options, chosen?.join(':') ?? '', (label) => amend({ label }))]
}

function isOwn(label: string): boolean {
  return ownLabels.some((one) => one === label)
}

/** A choice among texts; the first stands for none. */
export function select(
  label: string,
  none: string,
  options: readonly string[],
  chosen: string,
  choose: (value: string | undefined) => void,
): Child {
  const all = chosen === '' || options.includes(chosen) ? options : [...options, chosen]
  return h(
    'select',
    { 'aria-label': label, 'data-follow': true, change: (event) => choose(valueOf(event)) },
    h('option', { value: '', selected: chosen === '' }, none),
    all.map((option) => h('option', { value: option, selected: option === chosen }, option)),
  )
}

function columnChooser(all: readonly Column[], hidden: readonly string[], amend: (parts: ChoiceParts) => void): Child {
  const boxes = all
    .filter(({ key }) => key !== 'slo')
    .map(({ key, head }) => {
      const toggle = (): void => {
        const next = hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key]
        amend({ hide: next.join(',') })
      }
      return h(
        'label',
        {},
        h('input', { type: 'checkbox', 'data-follow': true, checked: !hidden.includes(key), change: toggle }),
        head,
      )
    })
  return h('details', { class: 'columns' }, h('summary', {}, 'Columns'), h('div', { class: 'sheet' }, boxes))
}

function valueOf({ target }: Event): string | undefined {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
  return isField && target.value !== '' ? target.value : undefined
}
