import type { Io } from './io.ts'

/** Lines that could not be read are shown up to this many; the rest is only counted. */
const shownMax = 20

/** What of history files could not be read, told on stderr as it is found. */
export interface DataFaults {
  /** How many there were so far. */
  readonly count: number
  /** Tells of one line that could not be read. */
  readonly line: (file: string, fault: { readonly line: number; readonly detail: string }) => void
  /** Tells of something else that is wrong with the data. */
  readonly other: (text: string) => void
  /** Tells how many were not shown, once all is read. */
  readonly summary: () => void
}

/** Shows the first faults of history files and counts the others. `clear` makes room for a line on a terminal. */
export function dataFaults({ stderr }: Pick<Io, 'stderr'>, clear: () => void = () => {}): DataFaults {
  let count = 0
  const other = (text: string) => {
    count++
    if (count > shownMax) return
    clear()
    stderr.write(`${text}\n`)
  }
  return {
    get count() {
      return count
    },
    line: (file, { line, detail }) => other(`${file}:${line}: DATA_LINE ${detail}`),
    other,
    summary: () => {
      if (count > shownMax) stderr.write(`and ${count - shownMax} more lines that could not be read\n`)
    },
  }
}
