import { amendAddress } from './address.ts'
import { type Child, h } from './dom.ts'
import { stepRowsBy } from './keyboard.ts'
import { type ChoiceParts, choiceOf, hiddenColumns } from './list-choice.ts'
import { type Column, columnClass, listColumns } from './list-columns.ts'
import { burnWindows, chosenRows, type ListChoice, type ListLine, linesOf, type SortKey } from './list-model.ts'
import { listBody, stretchInView } from './list-rows.ts'
import { inboxSection, incidentsStrip, strip } from './list-strip.ts'
import { toolbar } from './list-toolbar.ts'
import type { Page, Scene } from './page.ts'
import { askForTrends, trendOf } from './trends.ts'
import type { SloRow } from './wire.ts'

/** Messages of the demo's receiver below the list. */
const messagesShown = 6
/** As high as the style makes a row; measured once there is one. */
let rowHeight = 52
/** The order that stays while somebody points at the list or has the focus in it: a row must not move from under a click. */
let heldOrder: readonly string[] | undefined
let isPointedAt = false
let drawnRange = ''

/** Every SLO, what burns first. */
export const listPage: Page = {
  title: 'Objectives',
  nav: '',
  draw: (scene) => {
    const { known, address } = scene
    if (known.overview === undefined) return h('p', { class: 'none' }, 'Asking the engine …')
    const rows = [...known.rows.values()]
    if (rows.length === 0) return [strip(known, choiceOf(address), () => {}), firstSlo()]
    return drawList(scene, rows, choiceOf(address))
  },
}

function drawList(scene: Scene, rows: readonly SloRow[], choice: ListChoice): Child {
  const { known, address } = scene
  const windows = burnWindows(rows)
  const all = listColumns({ windows, now: known.now, trendOf })
  const hidden = hiddenColumns(address)
  const columns = all.filter(({ key }) => !hidden.includes(key))
  const { ordered, isHeld } = inOrder(chosenRows(rows, choice), scene.isNew, JSON.stringify(choice))
  const lines = linesOf(ordered, choice.group)
  const amend = (parts: ChoiceParts): void => {
    amendAddress(parts)
    heldOrder = undefined
    void scene.redraw()
  }
  listenOnce(scene)
  stepRowsBy({ step: (by) => step(by, lines, scene) })
  return [
    h('h1', { class: 'said' }, 'Objectives'),
    strip(known, choice, amend),
    incidentsStrip(known),
    toolbar({ rows, chosen: ordered, all, columns, hidden, choice, isHeld, amend }),
    ordered.length === 0
      ? h('p', { class: 'none' }, 'No SLO matches. ', h('a', { href: './' }, 'Show all'))
      : table(lines, columns, choice, amend, scene),
    inboxSection(known, messagesShown),
  ]
}

function table(
  lines: readonly ListLine[],
  columns: readonly Column[],
  choice: ListChoice,
  amend: (parts: ChoiceParts) => void,
  scene: Scene,
): Child {
  const body = document.querySelector('#slos tbody')
  const measured = body?.querySelector('tr.row')?.getBoundingClientRect().height
  if (measured !== undefined && measured > 0) rowHeight = measured
  const stretch = stretchInView(lines.length, rowHeight, body)
  drawnRange = `${stretch.first}-${stretch.last}`
  const names = lines.slice(stretch.first, stretch.last).flatMap((line) => (line.kind === 'slo' ? [line.row.name] : []))
  if (columns.some(({ key }) => key === 'trend')) askForTrends(names, scene.redraw)
  const heads = columns.map((column) => headCell(column, choice, amend))
  return h(
    'table',
    { id: 'slos', class: 'list', 'aria-rowcount': lines.length + 1, 'aria-label': 'Objectives' },
    h(
      'colgroup',
      {},
      columns.map(({ key, isInner }) =>
        h('col', { class: `w-${key.replace(/-.*/, '')}${isInner === true ? ' inner' : ''}` }),
      ),
    ),
    h('thead', {}, h('tr', { 'aria-rowindex': 1 }, heads)),
    h(
      'tbody',
      { pointerenter: () => point(true), pointerleave: () => point(false, scene) },
      listBody(lines, stretch, columns, rowHeight),
    ),
  )
}

function headCell(column: Column, choice: ListChoice, amend: (parts: ChoiceParts) => void) {
  const { head, about, sort } = column
  const className = columnClass(column)
  if (sort === undefined) return h('th', { scope: 'col', class: className, title: about }, head)
  const isSorted = choice.sort === sort
  const order = isSorted ? (choice.isReversed ? 'descending' : 'ascending') : 'none'
  const mark = isSorted ? h('span', { 'aria-hidden': 'true' }, choice.isReversed ? ' ▾' : ' ▴') : null
  const button = h(
    'button',
    { title: `${about}; click to order by it`, click: () => amend(sortParts(sort, choice)) },
    head,
    mark,
  )
  return h('th', { scope: 'col', class: className, 'aria-sort': order }, button)
}

function sortParts(sort: SortKey, choice: ListChoice): ChoiceParts {
  const isReversed = choice.sort === sort && !choice.isReversed
  return { sort: sort === 'urgency' ? undefined : sort, desc: isReversed ? '1' : undefined }
}

let heldFor = ''

/** The rows in the order of the choice, or as they last stood while somebody points at them; what is new comes last then. */
function inOrder(
  rows: readonly SloRow[],
  isNew: boolean,
  choice: string,
): { ordered: readonly SloRow[]; isHeld: boolean } {
  const isHolding =
    !isNew && choice === heldFor && (isPointedAt || document.activeElement?.closest('#slos tbody') != null)
  heldFor = choice
  if (!isHolding || heldOrder === undefined) {
    heldOrder = rows.map(({ name }) => name)
    return { ordered: rows, isHeld: false }
  }
  const places = new Map(heldOrder.map((name, index) => [name, index]))
  const ordered = rows.toSorted(
    (a, b) => (places.get(a.name) ?? Number.MAX_VALUE) - (places.get(b.name) ?? Number.MAX_VALUE),
  )
  return { ordered, isHeld: ordered.some((row, index) => row !== rows[index]) }
}

function point(isThere: boolean, scene?: Scene): void {
  isPointedAt = isThere
  if (scene !== undefined) void scene.redraw()
}

let isListening = false
let scrolled: Scene | undefined

/** Draws what comes into view; at most once a frame. */
function listenOnce(scene: Scene): void {
  scrolled = scene
  if (isListening) return
  isListening = true
  let isAsked = false
  const onMove = (): void => {
    if (isAsked) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      const body = document.querySelector('#slos tbody')
      const count = Number(document.querySelector('#slos')?.getAttribute('aria-rowcount') ?? 1) - 1
      if (body === null || scrolled === undefined) return
      const { first, last } = stretchInView(count, rowHeight, body)
      if (`${first}-${last}` !== drawnRange) void scrolled.redraw()
    })
  }
  addEventListener('scroll', onMove, { passive: true })
  addEventListener('resize', onMove)
}

/** Goes to the next row, which may have to be drawn first. */
function step(by: 1 | -1, lines: readonly ListLine[], scene: Scene): void {
  const focused = document.activeElement?.getAttribute('data-row') ?? undefined
  const at = lines.findIndex((line) => line.kind === 'slo' && line.row.name === focused)
  let next = at < 0 ? (by === 1 ? 0 : lines.length - 1) : at + by
  while (lines[next]?.kind === 'group') next += by
  const line = lines[next]
  if (line === undefined || line.kind === 'group') return
  const body = document.querySelector('#slos tbody')
  if (body !== null) bringIntoView(body.getBoundingClientRect().top + next * rowHeight)
  void focusRow(line.row.name, scene)
}

async function focusRow(name: string, scene: Scene): Promise<void> {
  await scene.redraw()
  const links = [...document.querySelectorAll<HTMLElement>('#slos a[data-row]')]
  links.find((link) => link.getAttribute('data-row') === name)?.focus({ preventScroll: true })
}

/** The head of the table stays at the top and must not cover the row. */
const headRoom = 64

function bringIntoView(top: number): void {
  if (top < headRoom) scrollBy({ top: top - headRoom, behavior: 'instant' })
  else if (top + rowHeight > innerHeight) scrollBy({ top: top + rowHeight - innerHeight + 8, behavior: 'instant' })
}

function firstSlo(): Child {
  const text = `apiVersion: sloburn/v1
kind: SLO
metadata:
  name: checkout-availability
spec:
  service: checkout
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{job="checkout",code=~"5.."}
      total: http_requests_total{job="checkout"}`
  return h(
    'div',
    { class: 'sheet' },
    h('h1', {}, 'No SLO is declared yet'),
    h('p', {}, 'The rule files that the config names hold none. Write one such as this into them:'),
    h('pre', {}, text),
    h(
      'p',
      {},
      'Then ',
      h('code', {}, 'sloburn check rules/'),
      ' tells what is wrong with it, and ',
      h('code', {}, 'curl -X POST …/-/reload'),
      ' takes it into force.',
    ),
  )
}
