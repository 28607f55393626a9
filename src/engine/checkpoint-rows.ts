import type { HistoryChanges, StoredBase, StoredRow, StoredRows } from '../core/series/history-checkpoint.ts'
import { fillSmall } from '../core/series/history-row.ts'
import type { BaseContent } from '../core/series/row-base.ts'
import { bytesOf, type CheckpointChanges, floats, type MakePart, type Room } from './checkpoint-parts.ts'

/** Before the counts of a row or a base: the base that a row is small over, or 0; how many there are; what they were saved after. */
const headerNumbers = 4
const headerBytes = 4 * headerNumbers

/** The rows of a history as parts: each is made when its turn comes, of counts as they stood when they were taken. */
export function historyParts(region: string, changes: HistoryChanges, columns: number): CheckpointChanges {
  const { rows, bases, newestBase, cleared } = changes
  const savedAfter = cleared.count
  const later = new Map<string, MakePart>()
  for (const { id, counts, release } of bases) {
    later.set(baseName(region, id), (room) => {
      const bytes = encoded(counts, { base: 0, length: Math.min(counts.length, columns), savedAfter }, room)
      release()
      return bytes
    })
  }
  const overNewest = newestBase?.content()
  for (const row of rows) {
    const length = Math.min(row.counts.length, columns)
    later.set(rowName(region, row.at), (room) => {
      const isWide = row.base === undefined
      const small = isWide ? encodedOver(row.counts, overNewest, { length, savedAfter }, room) : undefined
      const bytes = small ?? encoded(row.counts, { base: row.base?.id ?? 0, length, savedAfter }, room)
      row.release()
      return bytes
    })
  }
  const removed = [
    ...changes.removedRows.map((at) => rowName(region, at)),
    ...changes.removedBases.map((id) => baseName(region, id)),
  ]
  return { parts: new Map([[clearedName(region), bytesOf(cleared.toNumbers())]]), later, removed }
}

/** Whether a part is one of rows: they are nearly all of a checkpoint, and nothing else needs them to be put back. */
export function isOfRows(name: string): boolean {
  return name.startsWith(rowPrefix) || name.startsWith(basePrefix)
}

/** The columns that were cleared in a region, for its history. */
export function clearedIn(parts: ReadonlyMap<string, Uint8Array>, region: string): Iterable<number> {
  return floats(parts.get(clearedName(region)))
}

/** The rows that a checkpoint holds of a region, by its name; `isPlain` where they are doubles and nothing else. */
export type RowsOfRegions = (region: string, isPlain: boolean) => StoredRows

/** The rows that `historyParts` made parts of, of every region. */
export function storedRows(parts: ReadonlyMap<string, Uint8Array>): RowsOfRegions {
  const rows = placesByRegion(parts, rowPrefix)
  const bases = placesByRegion(parts, basePrefix)
  return (region, isPlain) => {
    if (isPlain) {
      const plain = (rows.get(region) ?? []).map(({ place, bytes }) => ({
        at: place,
        counts: floats(bytes),
        savedAfter: 0,
      }))
      return { rows: plain, bases: [] }
    }
    const storedBases = (bases.get(region) ?? []).map(({ place, bytes }) => decodedBase(place, bytes))
    const ids = new Set(storedBases.map(({ id }) => id))
    const decoded = (rows.get(region) ?? []).map(({ place, bytes }) => decodedRow(place, bytes))
    for (const { at, base } of decoded) {
      if (base !== undefined && !ids.has(base))
        throw new Error(`checkpoint lacks base ${base} of row ${at} in ${region}`)
    }
    return { rows: decoded, bases: storedBases }
  }
}

interface Header {
  readonly base: number
  readonly length: number
  readonly savedAfter: number
}

/** Doubles as small counts over a base; undefined where they do not fit. */
function encodedOver(
  counts: Float64Array | Uint32Array,
  base: BaseContent | undefined,
  { length, savedAfter }: Omit<Header, 'base'>,
  room: Room,
): Uint8Array | undefined {
  if (base === undefined || counts instanceof Uint32Array) return undefined
  const bytes = headed({ base: base.id, length, savedAfter }, Uint32Array.BYTES_PER_ELEMENT, room)
  const small = new Uint32Array(bytes.buffer, bytes.byteOffset + headerBytes, length)
  return fillSmall(small, counts, base.counts, length) ? bytes : undefined
}

function encoded(counts: Float64Array | Uint32Array, header: Header, room: Room): Uint8Array {
  const own = counts.subarray(0, header.length)
  const bytes = headed(header, counts.BYTES_PER_ELEMENT, room)
  bytes.set(new Uint8Array(own.buffer, own.byteOffset, own.byteLength), headerBytes)
  return bytes
}

function headed({ base, length, savedAfter }: Header, bytesPerCount: number, room: Room): Uint8Array {
  const bytes = room(headerBytes + length * bytesPerCount)
  new Uint32Array(bytes.buffer, bytes.byteOffset, headerNumbers).set([base, length, savedAfter, 0])
  return bytes
}

function decodedRow(at: number, bytes: Uint8Array): StoredRow {
  const { buffer, byteOffset, base, length, savedAfter } = headerOf(bytes)
  if (base === 0) return { at, counts: new Float64Array(buffer, byteOffset, length), savedAfter }
  return { at, counts: new Uint32Array(buffer, byteOffset, length), base, savedAfter }
}

function decodedBase(id: number, bytes: Uint8Array): StoredBase {
  const { buffer, byteOffset, length, savedAfter } = headerOf(bytes)
  return { id, counts: new Float64Array(buffer, byteOffset, length), savedAfter }
}

/** The counts are used where they lie, unless doubles cannot begin there. */
function headerOf(bytes: Uint8Array) {
  const own = bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice()
  const [base, length, savedAfter] = new Uint32Array(own.buffer, own.byteOffset, headerNumbers)
  return { buffer: own.buffer, byteOffset: own.byteOffset + headerBytes, base, length, savedAfter }
}

interface Placed {
  readonly place: number
  readonly bytes: Uint8Array
}

/** Parts of one kind by region, in the order of their numbers. A region's name may hold slashes itself: the number is what follows the last one. */
function placesByRegion(parts: ReadonlyMap<string, Uint8Array>, prefix: string): ReadonlyMap<string, Placed[]> {
  const regions = new Map<string, Placed[]>()
  for (const [name, bytes] of parts) {
    if (!name.startsWith(prefix)) continue
    const end = name.lastIndexOf('/')
    const region = name.slice(prefix.length, end)
    const places = regions.get(region) ?? []
    regions.set(region, places)
    places.push({ place: Number(name.slice(end + 1)), bytes })
  }
  for (const places of regions.values()) places.sort((a, b) => a.place - b.place)
  return regions
}

const rowPrefix = 'row/'
const basePrefix = 'base/'

function rowName(region: string, at: number): string {
  return `${rowPrefix}${region}/${at}`
}

function baseName(region: string, id: number): string {
  return `${basePrefix}${region}/${id}`
}

function clearedName(region: string): string {
  return `cleared/${region}`
}
