import { h } from './dom.ts'
import { type Column, columnClass } from './list-columns.ts'
import type { ListLine } from './list-model.ts'

/** Rows drawn above and below what is in view, so that scrolling shows no gap. */
const beyond = 12

/** What of the list is drawn: only what is in view, since five thousand rows take a browser seconds. */
export interface Stretch {
  readonly first: number
  readonly last: number
}

/** The lines that are in view, by how far the page is scrolled. */
export function stretchInView(count: number, rowHeight: number, table: Element | null): Stretch {
  const top = table === null ? 0 : -table.getBoundingClientRect().top
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond)
  const last = Math.min(count, Math.ceil((top + innerHeight) / rowHeight) + beyond)
  return { first: Math.min(first, Math.max(0, count - 1)), last: Math.max(last, Math.min(count, beyond)) }
}

/** The body of the table: the lines of a stretch between two spacers as high as what is not drawn. */
export function listBody(
  lines: readonly ListLine[],
  { first, last }: Stretch,
  columns: readonly Column[],
  rowHeight: number,
) {
  const drawn = lines.slice(first, last).map((line, index) => lineRow(line, first + index, columns))
  return [spacer('above', first * rowHeight), ...drawn, spacer('below', Math.max(0, lines.length - last) * rowHeight)]
}

function spacer(key: string, height: number) {
  if (height === 0) return null
  return h('tr', { key, class: 'spacer', 'aria-hidden': 'true' }, h('td', { height: Math.round(height) }))
}

function lineRow(line: ListLine, index: number, columns: readonly Column[]) {
  // The head of the table is the first row.
  const place = { 'aria-rowindex': index + 2 }
  if (line.kind === 'group') {
    const text = `${line.name} · ${line.count} ${line.count === 1 ? 'SLO' : 'SLOs'}`
    const cells = columns.map((column) => {
      if (column.key === 'slo') return h('th', { scope: 'rowgroup' }, text)
      return h('td', { class: columnClass(column) })
    })
    return h('tr', { ...place, key: `group/${line.name}/${index}`, class: 'group' }, cells)
  }
  const { row } = line
  const cells = columns.map((column) => {
    const attributes = { class: columnClass(column), 'data-label': column.head }
    if (column.key === 'slo') return h('th', { ...attributes, scope: 'row' }, column.cell(row))
    return h('td', attributes, column.cell(row))
  })
  return h('tr', { ...place, key: `slo/${row.name}`, class: `row ${row.condition}` }, cells)
}
