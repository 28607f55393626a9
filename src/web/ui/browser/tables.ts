import { type Child, h } from './dom.ts'

/** The head of a column: of numbers it stands to the right, as they do. */
export type Head = string | { readonly figure: string }

/** The heads of columns of numbers. */
export function figures(...texts: readonly string[]): readonly Head[] {
  return texts.map((text) => ({ figure: text }))
}

/** A table that scrolls sideways where it is too wide, and becomes cards on a phone. */
export function scrollTable(name: string, heads: readonly Head[], rows: Child): Child {
  return h(
    'div',
    { class: 'sheet scroll', tabindex: 0, role: 'region', 'aria-label': name },
    h(
      'table',
      { class: 'cardtable', 'aria-label': name },
      h('thead', {}, h('tr', {}, heads.map(headCell))),
      h('tbody', {}, rows),
    ),
  )
}

function headCell(head: Head): Child {
  if (typeof head === 'string') return h('th', { scope: 'col' }, head)
  return h('th', { scope: 'col', class: 'figure' }, head.figure)
}

/** A cell that says on a phone what it is. */
export function cell(label: string, child: Child): HTMLElement {
  return h('td', { 'data-label': label }, child)
}

/** A cell with a number. */
export function figure(label: string, child: Child): HTMLElement {
  return h('td', { 'data-label': label, class: 'figure' }, child)
}
