import { staleAfterMaxMs, staleAfterMinMs } from '../model/limits.ts'
import type { DurationMs, EpochMs } from '../model/units.ts'

interface Gap {
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Gaps kept per scope; beyond it the two oldest are joined, which can only understate coverage. */
const gapsMax = 256

/** Since when, up to when and how often something was seen, three cells each, for many at once; NaN where nothing was. */
export class SeenTable {
  #cells: Float64Array = new Float64Array(0)
  #length = 0
  readonly #free: number[] = []
  readonly #withGaps = new Map<number, SeenIntervals>()

  /** Another array once a row was added. */
  get cells(): Float64Array {
    return this.#cells
  }

  /** Makes a row of which nothing was seen, and answers where it begins. */
  add(): number {
    const base = this.#free.pop() ?? this.#length
    if (base === this.#length) this.#length += seenWidth
    if (this.#length > this.#cells.length) {
      const larger = new Float64Array(Math.ceil((this.#length * 1.25) / seenWidth) * seenWidth)
      larger.set(this.#cells)
      this.#cells = larger
    }
    this.#cells.set([Number.NaN, Number.NaN, 0], base)
    return base
  }

  /** Gives a row back of which nobody speaks any more. */
  remove(base: number): void {
    this.#free.push(base)
    this.#withGaps.delete(base)
  }

  /** Those with gaps, which are few, by where their rows begin. */
  get withGaps(): ReadonlyMap<number, SeenIntervals> {
    return this.#withGaps
  }

  /** To be told by those whose gaps may have changed. */
  noteGaps(intervals: SeenIntervals, areAny: boolean): void {
    if (areAny) this.#withGaps.set(intervals.base, intervals)
    else if (this.#withGaps.size > 0) this.#withGaps.delete(intervals.base)
  }
}

/** Since when, up to when, and how often: the cells of a row. */
export const seenWidth = 3

/** As it is stored in a checkpoint. */
export interface SeenSnapshot {
  readonly since: EpochMs
  readonly until: EpochMs
  readonly cadenceMs: DurationMs
  readonly gaps: readonly (readonly [EpochMs, EpochMs])[]
}

/**
 * The stretches of time for which the data of one SLO in one region was seen: one span with a few gaps. It answers
 * what part of a window is known, and whether data is still coming.
 */
export class SeenIntervals {
  readonly #table: SeenTable
  readonly #base: number
  #gaps: Gap[] = []
  /** The last stretch that was known only when data came after it, and the cadence before. */
  #bridged: (Gap & { readonly cadenceMs: DurationMs }) | undefined
  /** The last one that was not known even then. */
  #lost: Gap | undefined

  /** What is seen stands in a row of the table, so that evaluation finds that of all SLOs side by side. */
  constructor(table: SeenTable = new SeenTable()) {
    this.#table = table
    this.#base = table.add()
  }

  /** Where its row begins in the cells of its table. */
  get base(): number {
    return this.#base
  }

  get #since(): EpochMs {
    return this.#table.cells[this.#base]
  }

  set #since(at: EpochMs) {
    this.#table.cells[this.#base] = at
  }

  get #until(): EpochMs {
    return this.#table.cells[this.#base + 1]
  }

  set #until(at: EpochMs) {
    this.#table.cells[this.#base + 1] = at
  }

  get #cadenceMs(): DurationMs {
    return this.#table.cells[this.#base + 2]
  }

  set #cadenceMs(lengthMs: DurationMs) {
    this.#table.cells[this.#base + 2] = lengthMs
  }

  /** Since when data was seen; undefined when none ever was. */
  get since(): EpochMs | undefined {
    return Number.isNaN(this.#since) ? undefined : this.#since
  }

  /** Up to when data was seen; undefined when none ever was. */
  get until(): EpochMs | undefined {
    return Number.isNaN(this.#until) ? undefined : this.#until
  }

  /** How long after the last sample nothing is known: two and a half of its usual intervals, within named bounds. */
  get staleAfterMs(): DurationMs {
    return staleAfter(this.#cadenceMs)
  }

  /** Records that the events of (from, to] are known. */
  see(from: EpochMs, to: EpochMs): void {
    // Most is known already: the first series of a scrape tells what all the others do.
    if (to <= this.#until && from >= this.#since && this.#gaps.length === 0) return
    // What one series of a scrape lost, another of it cannot know: it may have started from zero and risen above what it was.
    if (this.#lost !== undefined && to === this.#lost.to && from < to) {
      if (from < this.#lost.from) this.see(from, this.#lost.from)
      return
    }
    if (from <= this.#until && to > this.#until) {
      if (to - this.#until > gapAfter(this.#cadenceMs)) {
        this.#bridged = { from: this.#until, to, cadenceMs: this.#cadenceMs }
      }
      this.#cadenceMs = to - from
      this.#until = to
    } else if (Number.isNaN(this.#until)) {
      this.#since = from
      this.#until = to
      this.#cadenceMs = to - from
    } else if (from > this.#until) {
      if (from - this.#until > this.staleAfterMs) this.#gaps.push({ from: this.#until, to: from })
      this.#until = to
    }
    if (from < this.#since) this.#extendBack(from, to)
    if (this.#gaps.length > 0 && from < this.#gaps[this.#gaps.length - 1].to) this.#fillGaps(from, to)
    this.#limitGaps()
  }

  /** Records that a counter which was last seen at `from` started from zero until `to`: longer than usual, that hides what it counted before. */
  lose(from: EpochMs, to: EpochMs): void {
    if (Number.isNaN(this.#until)) return this.see(to, to)
    if (this.#bridged?.to === to) return this.#takeBack(this.#bridged, from)
    if (to <= this.#until) return
    const lost = { from: Math.max(from, this.#until), to }
    if (to - lost.from <= gapAfter(this.#cadenceMs)) return this.see(from, to)
    this.#until = to
    this.#addLost(lost)
  }

  /** Records that nothing happened in (from, to], by a series that was away: of what nobody else saw meanwhile it does not tell. */
  seeAbsent(from: EpochMs, to: EpochMs): void {
    if (Number.isNaN(this.#until) || to > this.#until) this.see(Math.max(from, this.#until || from), to)
  }

  /** Records data at a moment; what one of its series says had not been known since `lostAt`. */
  seeAgain(lostAt: EpochMs, at: EpochMs): void {
    if (Number.isNaN(this.#until)) return this.see(at, at)
    if (at <= this.#until) return
    const from = Math.max(this.#until, lostAt)
    if (from < at) this.#gaps.push({ from, to: at })
    this.#until = at
    this.#limitGaps()
  }

  /** How much of (from, to] is known. */
  seenMs(from: EpochMs, to: EpochMs): DurationMs {
    if (Number.isNaN(this.#until)) return 0
    let seen = overlapMs(from, to, this.#since, this.#until)
    for (const gap of this.#gaps) seen -= overlapMs(from, to, gap.from, gap.to)
    return seen
  }

  /** What was not seen in between, the oldest first. */
  get gaps(): SeenSnapshot['gaps'] {
    return this.#gaps.map(({ from, to }) => [from, to] as const)
  }

  snapshot(): SeenSnapshot | undefined {
    if (Number.isNaN(this.#until)) return undefined
    return { since: this.#since, until: this.#until, cadenceMs: this.#cadenceMs, gaps: this.gaps }
  }

  restore({ since, until, cadenceMs, gaps }: SeenSnapshot): void {
    this.#since = since
    this.#until = until
    this.#cadenceMs = cadenceMs
    this.#gaps = gaps.map(([from, to]) => ({ from, to }))
    this.#table.noteGaps(this, gaps.length > 0)
  }

  /** What another series of the same scrape seemed to know, this one lost. */
  #takeBack({ from: bridgedFrom, to, cadenceMs }: Gap & { readonly cadenceMs: DurationMs }, lostFrom: EpochMs): void {
    const lost = { from: Math.max(lostFrom, bridgedFrom), to }
    if (to - lost.from <= gapAfter(cadenceMs)) return
    this.#bridged = undefined
    this.#cadenceMs = cadenceMs
    this.#addLost(lost)
  }

  #addLost(lost: Gap): void {
    this.#lost = lost
    this.#gaps.push(lost)
    this.#gaps.sort((a, b) => a.from - b.from)
    this.#limitGaps()
  }

  #limitGaps(): void {
    while (this.#gaps.length > gapsMax) this.#gaps.splice(0, 2, { from: this.#gaps[0].from, to: this.#gaps[1].to })
    this.#table.noteGaps(this, this.#gaps.length > 0)
  }

  /** Older data than any before: what lies between it and the span known so far is a gap. */
  #extendBack(from: EpochMs, to: EpochMs): void {
    if (this.#since - to > this.staleAfterMs) this.#gaps.unshift({ from: to, to: this.#since })
    this.#since = from
  }

  #fillGaps(from: EpochMs, to: EpochMs): void {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (to <= gap.from || from >= gap.to) return [gap]
      const rest: Gap[] = []
      if (from > gap.from) rest.push({ from: gap.from, to: from })
      if (to < gap.to) rest.push({ from: to, to: gap.to })
      return rest
    })
  }
}

/** How long data that comes at a pace tells anything once it stops. */
export function staleAfter(cadenceMs: DurationMs): DurationMs {
  return Math.min(staleAfterMaxMs, Math.max(staleAfterMinMs, 2.5 * cadenceMs))
}

/** A longer pause than this is one, however seldom data comes. */
function gapAfter(cadenceMs: DurationMs): DurationMs {
  return Math.max(staleAfterMinMs, 2.5 * cadenceMs)
}

function overlapMs(from: EpochMs, to: EpochMs, start: EpochMs, end: EpochMs): DurationMs {
  return Math.max(0, Math.min(to, end) - Math.max(from, start))
}
