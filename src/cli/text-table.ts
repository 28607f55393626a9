/** Lays out rows in columns as wide as their widest cell, under a heading. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heading, ...rows]
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
