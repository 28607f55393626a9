import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../ports/log.ts'
import { inMemory } from './database.ts'
import { readParts } from './read-parts.ts'
import { answerOf, startThread } from './side-thread.ts'
import { measureParts } from './statements/checkpoint.ts'

/** From so many bytes on, which take a tenth of a second, parts are read on a thread of their own. */
const readAsideFromBytes = 128 * 1024 ** 2

/** Reads parts of a checkpoint by name. */
export type PartReader = (names: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>

/**
 * Makes the reader of a database. Gigabytes take seconds, in which whoever restarts has as much else to do: they are read on a
 * thread of its own, by a connection of its own, from `asideFromBytes` on.
 */
export function partReader(
  path: string,
  database: DatabaseSync,
  log: Log,
  asideFromBytes = readAsideFromBytes,
): PartReader {
  const measure = database.prepare(measureParts)

  return async (names) => {
    const { bytes } = measure.get({ names: JSON.stringify(names) }) ?? {}
    if (path === inMemory || Number(bytes) < asideFromBytes) return readParts(database, names)
    try {
      return await readPartsAside(path, names)
    } catch (error) {
      // What is wrong with the file, reading it here will tell.
      log.warn({ problem: String(error) }, 'the checkpoint is not read on a thread of its own')
      return readParts(database, names)
    }
  }
}

async function readPartsAside(path: string, names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const worker = startThread({ name: 'part-reading-thread', data: { path, names } })
  const parts = await answerOf(worker)
  if (parts instanceof Map) return parts
  throw new Error('the thread answered no parts')
}
