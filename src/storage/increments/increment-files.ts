import { closeSync, fdatasync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { incrementLogBytesMax } from '../../core/model/limits.ts'
import type { IncrementLog } from '../../ports/increment-log.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { entriesIn, framed, frameHeadBytes } from '../framed-entries.ts'

/**
 * An increment log in files beside a store, `<path>.increments-<number>` each. An entry is with the system when `append`
 * returns, so that it outlives the process; it is on the disk as soon as that keeps up, which a loss of power may forestall.
 */
export function incrementFiles(
  path: string,
  world: { readonly log: Log; readonly meter: Meter; readonly bytesMax?: number },
): IncrementLog {
  const { log, meter, bytesMax = incrementLogBytesMax } = world
  const folder = dirname(path)
  const prefix = `${basename(path)}.increments-`
  mkdirSync(folder, { recursive: true })
  const known = numbersIn(folder, prefix)
  const earlier = [...known]
  const bytesOf = new Map<number, number>()
  let part = (earlier.at(-1) ?? 0) + 1
  let file: number | undefined
  let syncing = false
  let isUnsynced = false
  let isFailing = false
  const placeOf = (number: number): string => join(folder, `${prefix}${number}`)

  /** On the disk without anybody waiting for it: one call at a time, each for all that was written before it. */
  const sync = (): void => {
    if (file === undefined || syncing || !isUnsynced) return
    const synced = file
    syncing = true
    isUnsynced = false
    fdatasync(synced, () => {
      syncing = false
      if (closing.delete(synced)) closeSync(synced)
      sync()
    })
  }
  const closing = new Set<number>()
  const shut = (): void => {
    if (file === undefined) return
    if (syncing) closing.add(file)
    else closeSync(file)
    file = undefined
    isUnsynced = false
  }
  const failed = (error: unknown): void => {
    meter.count('sloburn_increment_log_failures_total', {})
    if (!isFailing)
      log.error({ error, path: placeOf(part) }, 'increments cannot be logged: a crash now would lose them')
    isFailing = true
  }

  return {
    append(entry) {
      const written = bytesOf.get(part) ?? 0
      const size = frameHeadBytes + entry.length
      const held = [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0)
      if (held + size > bytesMax) {
        meter.count('sloburn_limit_hits_total', { limit: 'incrementLogBytesMax' })
        return false
      }
      try {
        file ??= openSync(placeOf(part), 'w', 0o600)
        if (!known.includes(part)) known.push(part)
        // At its place, so that what a failed attempt left of an entry is written over.
        writeWhole(file, framed(entry), written)
      } catch (error) {
        failed(error)
        return false
      }
      bytesOf.set(part, written + size)
      if (isFailing) log.info({}, 'increments are logged again')
      isFailing = false
      isUnsynced = true
      sync()
      return true
    },
    turn() {
      shut()
      return ++part
    },
    dropBefore(kept) {
      for (const number of known.splice(0).toSorted((a, b) => a - b)) {
        if (number >= kept) known.push(number)
        else {
          rmSync(placeOf(number), { force: true })
          bytesOf.delete(number)
        }
      }
    },
    *left() {
      for (const number of earlier) yield entriesOf(placeOf(number), log)
    },
    close: shut,
  }
}

function numbersIn(folder: string, prefix: string): number[] {
  const numbers = readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((rest) => /^\d{1,15}$/.test(rest))
  return numbers.map(Number).sort((a, b) => a - b)
}

function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done)
}

/** A log that cannot be read costs what it held, and not the start of the engine. */
function contentOf(path: string, log: Log): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    log.error({ error, path }, 'the increments that were logged here cannot be read: they are not counted')
    return Buffer.alloc(0)
  }
}

/** The entries of one file, up to the first that is not whole: what comes after it was never acknowledged. */
function* entriesOf(path: string, log: Log): Iterable<Uint8Array> {
  const bytes = yield* entriesIn(contentOf(path, log))
  if (bytes > 0) log.warn({ path, bytes }, 'the increment log ends in what was being written')
}
