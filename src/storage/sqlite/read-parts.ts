import type { DatabaseSync } from 'node:sqlite'
import { bytesIn, textIn } from './rows.ts'
import { selectParts } from './statements/checkpoint.ts'

/**
 * The parts of some names, as far as there are any, each as `keep` gives it back. They are read the ordinary way: mapped into memory
 * it would take a tenth less, and the process would look as large again as it is until that is over.
 */
export function readParts(
  database: DatabaseSync,
  names: readonly string[],
  keep: (part: Uint8Array) => Uint8Array = (part) => part,
): ReadonlyMap<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>()
  for (const row of database.prepare(selectParts).iterate({ names: JSON.stringify(names) })) {
    parts.set(textIn(row, 'name'), keep(bytesIn(row, 'part')))
  }
  return parts
}
