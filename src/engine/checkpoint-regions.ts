import type { SeenSnapshot } from '../core/series/seen-intervals.ts'
import { type CheckpointChanges, copied, floats, json, type MakePart, orNull, textOf } from './checkpoint-parts.ts'
import { clearedIn, type RowsOfRegions } from './checkpoint-rows.ts'
import { type Counting, signalsKey } from './counting.ts'
import { KeptNumbers } from './kept-numbers.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

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

const numbersPerSlo = 4

const noGaps: SeenSnapshot['gaps'] = []

/** The SLOs of a region as they were saved, and which version of them that was. */
interface SavedSlos {
  readonly version: number
  readonly slos: readonly SloCounts[]
}

/** What a region counts, and where: those pages of its SLOs that changed since they were saved last. */
export class RegionParts {
  readonly #saved = new Map<string, SavedSlos>()
  readonly #kept = new Map<string, KeptNumbers>()

  take(region: RegionCounts): CheckpointChanges {
    const { region: name, history, newestAt, oldestAt, answeredUntil } = region
    const saved = this.#saved.get(name)
    const areSaved = saved?.version === region.slosVersion
    const slos = areSaved ? saved.slos : [...region.slos.values()]
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
    this.#saved.set(name, { version: region.slosVersion, slos })
    const numbers = this.#keptFor(name).take(slos.length * numbersPerSlo)
    const gaps: [number, SeenSnapshot['gaps']][] = []
    for (let index = 0; index < slos.length; index++) {
      const { seen, madeUntil } = slos[index]
      const own = seen.copyTo(numbers, index * numbersPerSlo)
      numbers[index * numbersPerSlo + 3] = madeUntil
      if (own.length > 0) gaps.push([index, own])
    }
    later.set(`seen/${name}`, (room) => copied(numbers, room))
    parts.set(`gaps/${name}`, json(gaps satisfies GapsPart))
    return { parts, later, removed }
  }

  markUnsaved(): void {
    this.#saved.clear()
  }

  #keptFor(region: string): KeptNumbers {
    const known = this.#kept.get(region)
    if (known !== undefined) return known
    const made = new KeptNumbers()
    this.#kept.set(region, made)
    return made
  }
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
