import { readFileSync, statSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { KeptWork } from '../../ports/kept-work.ts'
import type { Log, LogFields } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { entriesIn, framed } from '../framed-entries.ts'

/** What work is kept for, in words, and how much of it at most. */
export interface KeptWorkSettings {
  readonly log: Log
  readonly meter: Meter
  /** The limit of it, by its name. */
  readonly limit: { readonly name: string; readonly bytesMax: number }
}

type Pieces = Iterable<readonly [key: string, pieces: Iterable<Uint8Array>]>

/** Bytes of a key, a SHA-256 digest in hexadecimal digits. */
const keyBytes = 32

/**
 * Work in one file, which is written beside it and then put in its place, so that there is always a whole one. Each piece has a
 * checksum: what follows one that is damaged is not read.
 */
export function keptWorkFile(path: string, settings: KeptWorkSettings): KeptWork {
  const { log, meter, limit } = settings
  const beside = `${path}.new`
  let isSaid = false
  /** Once, until there is another file: it may be read several times. */
  const warn = (fields: LogFields, message: string): void => {
    if (!isSaid) log.warn({ path, ...fields }, message)
    isSaid = true
  }
  return {
    read() {
      try {
        return piecesIn(path, limit.bytesMax, warn)
      } catch (error) {
        if (!isMissing(error)) warn({ error }, 'what was kept cannot be read: it is worked out again')
        return new Map()
      }
    },
    async write(work, signal) {
      try {
        const isWhole = await writeFile(beside, work, limit.bytesMax, signal)
        if (!isWhole) meter.count('sloburn_limit_hits_total', { limit: limit.name })
        await rename(beside, path)
        isSaid = false
      } catch (error) {
        if (!signal.aborted) log.warn({ error, path }, 'nothing can be kept for the next start, which takes longer')
        await rm(beside, { force: true }).catch(() => {})
      }
    },
  }
}

function piecesIn(path: string, bytesMax: number, warn: Log['warn']): ReadonlyMap<string, readonly Uint8Array[]> {
  const { size } = statSync(path)
  if (size > bytesMax) {
    warn({ bytes: size }, 'what was kept is larger than it may be: it is worked out again')
    return new Map()
  }
  const pieces = new Map<string, Uint8Array[]>()
  const entries = entriesIn(readFileSync(path))
  let entry = entries.next()
  for (; entry.done !== true; entry = entries.next()) {
    const key = Buffer.from(entry.value.buffer, entry.value.byteOffset, keyBytes).toString('hex')
    const piece = entry.value.subarray(keyBytes)
    const known = pieces.get(key)
    if (known === undefined) pieces.set(key, [piece])
    else known.push(piece)
  }
  if (entry.value > 0) warn({ bytes: entry.value }, 'what was kept is damaged: what is missing is worked out again')
  return pieces
}

/** Answers whether there was room for all of it. */
async function writeFile(path: string, work: Pieces, bytesMax: number, signal: AbortSignal): Promise<boolean> {
  // Readable for nobody else, as the store's own files.
  const file = await open(path, 'w', 0o600)
  try {
    return await writePieces(file, work, bytesMax, signal)
  } finally {
    await file.close()
  }
}

async function writePieces(file: FileHandle, work: Pieces, bytesMax: number, signal: AbortSignal): Promise<boolean> {
  let written = 0
  for (const [key, pieces] of work) {
    for (const piece of pieces) {
      signal.throwIfAborted()
      const frame = framed(Buffer.concat([Buffer.from(key, 'hex'), piece]))
      if (written + frame.length > bytesMax) return false
      await file.writeFile(frame)
      written += frame.length
    }
  }
  return true
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
