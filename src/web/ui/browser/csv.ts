import { h } from './dom.ts'
import type { Column } from './list-columns.ts'
import type { SloRow } from './wire.ts'

/** Saves rows as a table for a spreadsheet; ratios are fractions, unknown figures are empty. */
export function saveCsv(rows: readonly SloRow[], columns: readonly Column[]): void {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => columns.map((column) => column.text(row)))]
  const text = lines.map((line) => line.map(csvCell).join(',')).join('\r\n')
  const url = URL.createObjectURL(new Blob([`${text}\r\n`], { type: 'text/csv' }))
  const link = h('a', { href: url, download: 'slos.csv' })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A cell that no spreadsheet takes for a formula. */
export function csvCell(text: string): string {
  const isNumber = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/.test(text)
  const inert = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
