import { showableText } from '../core/model/showable-text.ts'

/** Lays out rows in columns as wide as their widest cell, under a heading; each row on its line, whatever its cells hold. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heading, ...rows].map((row) => row.map(showableText))
  const widths = heading.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))))
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => pad(cell, widths[column]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function pad(cell: string, columns: number): string {
  return cell + ' '.repeat(columns - width(cell))
}

/** Characters as a terminal counts them; nothing we print is wider than one. */
function width(text: string): number {
  return Array.from(text).length
}
