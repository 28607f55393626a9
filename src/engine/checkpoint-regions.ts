import { readSloId } from '../core/model/slo-id.ts'
import type { SeenSnapshot } from '../core/series/seen-intervals.ts'
import { bytesOf, floats, json, orNull, textOf } from './checkpoint-parts.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import { type Counting, signalsKey } from './counting.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/** Of the parts as a whole: a checkpoint of another is refused. */
const formatVersion = 2

interface RegionPart {
  readonly version: number
  readonly region: string
  readonly columns: number
  readonly freeColumns: readonly number[]
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

/** What a region counts, and where: the list of its SLOs only where it changed since it was saved last. */
export class RegionParts {
  readonly #saved = new Map<string, readonly SloCounts[]>()
  readonly #signals = new WeakMap<CompiledSlo, string>()

  take(region: RegionCounts): ReadonlyMap<string, Uint8Array> {
    const { region: name, history, newestAt, oldestAt, answeredUntil } = region
    const slos = [...region.slos.values()]
    const parts = new Map<string, Uint8Array>()
    const part: RegionPart = {
      version: formatVersion,
      region: name,
      columns: history.columns,
      freeColumns: history.freeColumns,
      newestAt: orNull(newestAt),
      oldestAt: orNull(oldestAt),
      answeredUntil: orNull(answeredUntil),
    }
    parts.set(`region/${name}`, json(part))
    if (!isSame(slos, this.#saved.get(name)))
      parts.set(`slos/${name}`, json(slos.map((counts) => this.#sloPart(counts))))
    this.#saved.set(name, slos)
    const numbers = new Float64Array(slos.length * numbersPerSlo)
    const gaps: [number, SeenSnapshot['gaps']][] = []
    for (const [index, { seen, madeUntil }] of slos.entries()) {
      const own = seen.copyTo(numbers, index * numbersPerSlo)
      numbers[index * numbersPerSlo + 3] = madeUntil
      if (own.length > 0) gaps.push([index, own])
    }
    parts.set(`seen/${name}`, bytesOf(numbers))
    parts.set(`gaps/${name}`, json(gaps satisfies GapsPart))
    return parts
  }

  markUnsaved(): void {
    this.#saved.clear()
  }

  #sloPart({ compiled, columns, listeningSince }: SloCounts): SloPart {
    let signals = this.#signals.get(compiled)
    if (signals === undefined) {
      signals = signalsKey(compiled)
      this.#signals.set(compiled, signals)
    }
    return { id: compiled.id, signals, columns, listeningSince: orNull(listeningSince) }
  }
}

/** Puts back what `RegionParts` took, but for the rows of the history, which the region's name leads to. */
export function restoreRegion(
  bytes: Uint8Array,
  parts: ReadonlyMap<string, Uint8Array>,
  counting: Counting,
  rowsOf: (region: string) => Iterable<{ at: number; counts: Float64Array }>,
): void {
  const part: RegionPart = JSON.parse(textOf(bytes))
  const { region: name, version } = part
  if (version !== formatVersion) {
    throw new Error(`checkpoint of region ${name} has format ${version}, this version reads ${formatVersion}`)
  }
  const region = counting.region(name)
  region.history.restore(part.columns, part.freeColumns, rowsOf(name))
  if (part.newestAt !== null) region.newestAt = part.newestAt
  if (part.oldestAt !== null) region.oldestAt = part.oldestAt
  if (part.answeredUntil !== null) region.answeredUntil = part.answeredUntil
  const slos: SloPart[] = JSON.parse(textOf(parts.get(`slos/${name}`)))
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

function isSame(a: readonly SloCounts[], b: readonly SloCounts[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((counts, index) => counts === b[index])
}
