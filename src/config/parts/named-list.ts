import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

const isList = shapeCheck<readonly unknown[]>({ type: 'array' })

/** Reads a list of named entries, each for itself; a name given twice is reported at its second place. */
export function readNamedList<Entry>(
  value: unknown,
  pointer: string,
  reading: Reading,
  read: (entry: unknown, pointer: string) => Entry | undefined,
): readonly Entry[] {
  if (value === undefined || !isList(value, pointer, reading.problems)) return []
  reportDuplicates(value, pointer, reading)
  return value.map((entry, index) => read(entry, `${pointer}/${index}`)).filter((entry) => entry !== undefined)
}

function reportDuplicates(entries: readonly unknown[], pointer: string, { problems }: Reading): void {
  const seen = new Set<string>()
  for (const [index, entry] of entries.entries()) {
    const name = nameOf(entry)
    if (name === undefined) continue
    if (seen.has(name)) {
      const message = `${JSON.stringify(name)} is the name of an entry before this one`
      problems.report({ code: 'CONFIG_DUPLICATE_NAME', pointer: `${pointer}/${index}/name`, message })
    }
    seen.add(name)
  }
}

/** The name of an entry, sound or not. */
export function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('name' in entry)) return undefined
  return typeof entry.name === 'string' ? entry.name : undefined
}
