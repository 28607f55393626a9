import { type SeenSnapshot, seenWidth } from '../core/series/seen-intervals.ts'
import { type CheckpointChanges, floats, json, type MakePart, orNull, type Room, textOf } from './checkpoint-parts.ts'
import { clearedIn, type RowsOfRegions } from './checkpoint-rows.ts'
import type { Counting } from './counting.ts'
import { KeptNumbers } from './kept-numbers.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'
import { signalsKey } from './signals-key.ts'

/** Of the parts as a whole: a checkpoint of another is refused, but for the one before, which is read. */
const formatVersion = 3
const versionBefore = 2

/** SLOs in one part. */
const slosPerPage = 1_024

interface RegionPart {
  readonly version: number
  readonly region: string
  readonly columns: number
  readonly freeColumns: readonly number[]
  /** How many parts its SLOs are in. */
  readonly pages?: number
  readonly newestAt: number | null
  readonly oldestAt: number | null
  readonly answeredUntil: number | null
}

/** What changes seldom of an SLO in a region. */
interface SloPart {
  /** The SLO's id. */
  readonly id: string
  readonly signals: string
  readonly columns: readonly number[]
  readonly listeningSince: number | null
}

/** The gaps in what was seen of an SLO, by its place in the list of the region. */
type GapsPart = readonly (readonly [number, SeenSnapshot['gaps']])[]

/** What was seen, and up to when counts were made. */
const numbersPerSlo = seenWidth + 1

const noGaps: SeenSnapshot['gaps'] = []

/** The SLOs of a region as they were saved, and which version of them that was. */
interface SavedSlos {
  readonly version: number
  readonly slos: readonly SloCounts[]
  /** Where what was seen of each stands in the table of the region. */
  readonly seenAt: Int32Array
  /** The places of those whose counts are made or asked for, and not those of counters. */
  readonly made: readonly number[]
}

/** What a region counts, and where: those pages of its SLOs that changed since they were saved last. */
export class RegionParts {
  readonly #saved = new Map<string, SavedSlos>()
  /** As they stand now, where they were listed ahead. */
  readonly #listed = new Map<string, SavedSlos>()
  readonly #kept = new Map<string, KeptNumbers>()

  /** Does ahead what takes long: it counts if no other SLOs are counted until they are taken. */
  async prepare(region: RegionCounts, pause: () => Promise<void>): Promise<void> {
    const { region: name, slosVersion } = region
    await this.#keptFor(name).reserve(region.seenTable.cells.length, pause)
    if (this.#saved.get(name)?.version === slosVersion) return
    this.#listed.set(name, listed(region))
    await pause()
  }

  take(region: RegionCounts): CheckpointChanges {
    const { region: name, history, newestAt, oldestAt, answeredUntil } = region
    const saved = this.#saved.get(name)
    const areSaved = saved?.version === region.slosVersion
    const now = areSaved ? saved : this.#listedNow(region)
    const { slos, seenAt, made } = now
    const parts = new Map<string, Uint8Array>()
    const later = new Map<string, MakePart>()
    const pages = Math.ceil(slos.length / slosPerPage)
    const part: RegionPart = {
      version: formatVersion,
      region: name,
      columns: history.columns,
      freeColumns: history.freeColumns,
      pages,
      newestAt: orNull(newestAt),
      oldestAt: orNull(oldestAt),
      answeredUntil: orNull(answeredUntil),
    }
    parts.set(`region/${name}`, json(part))
    for (let page = 0; page < pages; page++) {
      if (areSaved) break
      const own = pageOf(slos, page)
      if (saved === undefined || !isSame(own, pageOf(saved.slos, page)))
        later.set(pageName(name, page), () => json(own.map(sloPart)))
    }
    const removed: string[] = []
    for (let page = pages; page * slosPerPage < (saved?.slos.length ?? 0); page++) removed.push(pageName(name, page))
    this.#saved.set(name, now)
    const { cells, withGaps } = region.seenTable
    const seen = this.#keptFor(name).take(cells.length)
    seen.set(cells)
    const gapsAt = new Map([...withGaps].map(([at, { gaps }]) => [at, gaps]))
    const madeUntil = made.map((place) => [place, slos[place].madeUntil] as const)
    later.set(`seen/${name}`, (room) => seenPart(seen, seenAt, madeUntil, room))
    later.set(`gaps/${name}`, () => json(gapsOf(gapsAt, seenAt)))
    return { parts, later, removed }
  }

  markUnsaved(): void {
    this.#saved.clear()
  }

  #listedNow(region: RegionCounts): SavedSlos {
    const ahead = this.#listed.get(region.region)
    this.#listed.delete(region.region)
    return ahead?.version === region.slosVersion ? ahead : listed(region)
  }

  #keptFor(region: string): KeptNumbers {
    const known = this.#kept.get(region)
    if (known !== undefined) return known
    const made = new KeptNumbers()
    this.#kept.set(region, made)
    return made
  }
}

function listed({ slosVersion, slos: counted }: RegionCounts): SavedSlos {
  const slos = [...counted.values()]
  return {
    version: slosVersion,
    slos,
    seenAt: Int32Array.from(slos, ({ seen }) => seen.base),
    made: [...slos.keys()].filter((place) => slos[place].compiled.slo.indicator.kind !== 'events'),
  }
}

/** What was seen of each SLO and up to when its counts were made: −∞ where counters give them. */
function seenPart(
  seen: Float64Array,
  seenAt: Int32Array,
  madeUntil: readonly (readonly [place: number, at: number])[],
  room: Room,
): Uint8Array {
  const bytes = room(Float64Array.BYTES_PER_ELEMENT * numbersPerSlo * seenAt.length)
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, numbersPerSlo * seenAt.length)
  for (let place = 0, at = 0; place < seenAt.length; place++) {
    for (let cell = 0; cell < seenWidth; cell++) numbers[at++] = seen[seenAt[place] + cell]
    numbers[at++] = Number.NEGATIVE_INFINITY
  }
  for (const [place, at] of madeUntil) numbers[place * numbersPerSlo + seenWidth] = at
  return bytes
}

function gapsOf(gapsAt: ReadonlyMap<number, SeenSnapshot['gaps']>, seenAt: Int32Array): GapsPart {
  if (gapsAt.size === 0) return []
  return [...seenAt].flatMap((at, place) => {
    const gaps = gapsAt.get(at)
    return gaps === undefined ? [] : [[place, gaps] as const]
  })
}

function sloPart({ compiled, columns, listeningSince }: SloCounts): SloPart {
  return { id: compiled.id, signals: signalsKey(compiled), columns, listeningSince: orNull(listeningSince) }
}

/** Puts back what `RegionParts` took; answers how the rows of its history are put back, which may be later. */
export function restoreRegion(
  bytes: Uint8Array,
  parts: ReadonlyMap<string, Uint8Array>,
  counting: Counting,
): (rowsOf: RowsOfRegions) => void {
  const part: RegionPart = JSON.parse(textOf(bytes))
  const { region: name, version } = part
  if (version !== formatVersion && version !== versionBefore) {
    throw new Error(`checkpoint of region ${name} has format ${version}, this version reads ${formatVersion}`)
  }
  const region = counting.region(name)
  const { columns, freeColumns } = part
  const isPlain = version === versionBefore
  region.history.restoreColumns({ columns, freeColumns, cleared: isPlain ? [] : clearedIn(parts, name) })
  if (part.newestAt !== null) region.newestAt = part.newestAt
  if (part.oldestAt !== null) region.oldestAt = part.oldestAt
  if (part.answeredUntil !== null) region.answeredUntil = part.answeredUntil
  const pages = Array.from({ length: part.pages ?? 0 }, (_, page) => pageName(name, page))
  const slos = (isPlain ? [`slos/${name}`] : pages).flatMap((page) => slosIn(parts.get(page)))
  const gaps = new Map<number, SeenSnapshot['gaps']>(JSON.parse(textOf(parts.get(`gaps/${name}`))))
  const numbers = floats(parts.get(`seen/${name}`))
  for (const [index, slo] of slos.entries()) {
    const at = index * numbersPerSlo
    const [since, until, cadenceMs] = [numbers[at], numbers[at + 1], numbers[at + 2]]
    const counts = restoreSlo(slo, counting, region, numbers[at + 3])
    if (counts === undefined || Number.isNaN(until)) continue
    counts.seen.restore({ since, until, cadenceMs, gaps: gaps.get(index) ?? noGaps })
  }
  return (rowsOf) => region.history.restoreRows(rowsOf(name, isPlain))
}

/** Undefined where the SLO is gone, or counts something else: its columns are free then. */
function restoreSlo(
  { id, signals, columns, listeningSince }: SloPart,
  counting: Counting,
  region: RegionCounts,
  madeUntil: number,
): SloCounts | undefined {
  const compiled = counting.findSlo(id)
  if (compiled === undefined || signalsKey(compiled) !== signals) {
    for (const column of columns) region.history.removeColumn(column)
    return undefined
  }
  return region.putSlo(compiled.inRegion(region.region), {
    columns,
    listeningSince: listeningSince ?? Number.NEGATIVE_INFINITY,
    madeUntil,
  })
}

function slosIn(bytes: Uint8Array | undefined): readonly SloPart[] {
  return JSON.parse(textOf(bytes))
}

/** The page stands before the name, which may hold anything. */
function pageName(region: string, page: number): string {
  return `slos/${page}/${region}`
}

function pageOf(slos: readonly SloCounts[], page: number): readonly SloCounts[] {
  return slos.slice(page * slosPerPage, (page + 1) * slosPerPage)
}

function isSame(a: readonly SloCounts[], b: readonly SloCounts[]): boolean {
  return a.length === b.length && a.every((counts, index) => counts === b[index])
}
