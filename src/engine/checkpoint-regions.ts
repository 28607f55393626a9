import { readSloId } from '../core/model/slo-id.ts'
import type { SeenSnapshot } from '../core/series/seen-intervals.ts'
import { type CheckpointChanges, copied, floats, json, type MakePart, orNull, textOf } from './checkpoint-parts.ts'
import type { StoredHistories } from './checkpoint-rows.ts'
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

/** What a region counts, and where: those pages of its SLOs that changed since they were saved last. */
export class RegionParts {
  readonly #saved = new Map<string, readonly SloCounts[]>()
  readonly #kept = new Map<string, KeptNumbers>()

  take(region: RegionCounts): CheckpointChanges {
    const { region: name, history, newestAt, oldestAt, answeredUntil } = region
    const slos = [...region.slos.values()]
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
    const saved = this.#saved.get(name)
    for (let page = 0; page < pages; page++) {
      const own = pageOf(slos, page)
      if (saved === undefined || !isSame(own, pageOf(saved, page)))
        later.set(pageName(name, page), () => json(own.map(sloPart)))
    }
    const removed: string[] = []
    for (let page = pages; page * slosPerPage < (saved?.length ?? 0); page++) removed.push(pageName(name, page))
    this.#saved.set(name, slos)
    const numbers = this.#keptFor(name).take(slos.length * numbersPerSlo)
    const gaps: [number, SeenSnapshot['gaps']][] = []
    for (const [index, { seen, madeUntil }] of slos.entries()) {
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

/** Puts back what `RegionParts` took, but for the history, which the region's name leads to. */
export function restoreRegion(
  bytes: Uint8Array,
  parts: ReadonlyMap<string, Uint8Array>,
  counting: Counting,
  historyOf: StoredHistories,
): void {
  const part: RegionPart = JSON.parse(textOf(bytes))
  const { region: name, version } = part
  if (version !== formatVersion && version !== versionBefore) {
    throw new Error(`checkpoint of region ${name} has format ${version}, this version reads ${formatVersion}`)
  }
  const region = counting.region(name)
  const { columns, freeColumns } = part
  region.history.restore({ columns, freeColumns, ...historyOf(name, version === versionBefore) })
  if (part.newestAt !== null) region.newestAt = part.newestAt
  if (part.oldestAt !== null) region.oldestAt = part.oldestAt
  if (part.answeredUntil !== null) region.answeredUntil = part.answeredUntil
  const pages = Array.from({ length: part.pages ?? 0 }, (_, page) => pageName(name, page))
  const slos = (version === versionBefore ? [`slos/${name}`] : pages).flatMap((page) => slosIn(parts.get(page)))
  const gaps = new Map<number, SeenSnapshot['gaps']>(JSON.parse(textOf(parts.get(`gaps/${name}`))))
  const numbers = floats(parts.get(`seen/${name}`))
  for (const [index, slo] of slos.entries()) {
    const [since, until, cadenceMs, madeUntil] = numbers.subarray(index * numbersPerSlo)
    const counts = restoreSlo(slo, counting, region, madeUntil)
    if (counts === undefined || Number.isNaN(until)) continue
    counts.seen.restore({ since, until, cadenceMs, gaps: gaps.get(index) ?? [] })
  }
}

/** Undefined where the SLO is gone, or counts something else: its columns are free then. */
function restoreSlo(
  { id, signals, columns, listeningSince }: SloPart,
  counting: Counting,
  region: RegionCounts,
  madeUntil: number,
): SloCounts | undefined {
  const { name, group } = readSloId(id)
  const compiled = counting.slos.get(id) ?? counting.findGroup(name, group)
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
