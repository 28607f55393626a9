import { staleAfterMaxMs, staleAfterMinMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import type { HistoryRow } from '../core/series/history-row.ts'
import { alignDown, alignUp } from '../core/time/alignment.ts'
import { type BurnScope, type LimitedWindow, limitedWindows, limitPlace, nextTurn } from './limited-windows.ts'
import { fillCounts } from './sweep-edges.ts'
import { leastShare } from './sweep-step.ts'

/** Limits hold for so much of the shortest window behind the moment at which they were found: the global scope may trail a region. */
const behindShare = 1 / 5
/** Evaluation that trails the newest sample further finds rows thinner than limits take them to be. */
const trailingMaxMs: DurationMs = 2 * staleAfterMaxMs
/** What adding up may lose of a count. */
const lost = 2 ** -50

/**
 * Up to how many bad events, counted from the beginning, no rule of an SLO can hold: until then its windows need no look. A limit holds
 * for a span of time. At any moment of it, a window holds no more bad events than came since the earliest start that it may have,
 * and no fewer events in all than came between the latest such start and the beginning of the span; what comes late adds
 * to both. Starts are taken from rows that are there still at the end of the span, whatever is thinned meanwhile.
 *
 * For each window SLOs are divided into blocks, each of which gets its limits anew in a step of its own.
 */
export class BurnLimits {
  readonly #scope: BurnScope
  readonly #length: number
  /** By SLO, above how many bad events the short window of any rule may burn. */
  readonly #least: Float64Array
  /** By SLO and then by the place of a rule, above how many its short window may burn, and its long one. */
  readonly #limits: Float64Array
  /** Limits of one SLO. */
  readonly #width: number
  readonly #windows: readonly LimitedWindow[]
  readonly #behindLeastMs: DurationMs
  #behindMs: DurationMs
  /** How far behind the newest moment limits were asked for since they last began to reach back for something else. */
  #trailedMs: DurationMs = 0
  #newestAt: EpochMs = Number.NEGATIVE_INFINITY
  /** Whether limits tell anything as of the moment under way; where they do not, everything is above them. */
  #isTelling = false
  readonly #none: Float64Array
  /** Of one block: what it has counted at the earliest start of a window, the latest one, and the beginning of the span. */
  readonly #badAtStart: Float64Array
  readonly #totalAtStart: Float64Array
  readonly #totalAtFrom: Float64Array
  #slotOf: Int32Array | undefined

  constructor(scope: BurnScope) {
    const { rules, windows, classPlaces } = scope
    this.#scope = scope
    const { length } = classPlaces
    this.#length = length
    this.#width = 2 * rules.reduce((count, { place }) => Math.max(count, place + 1), 0)
    this.#least = new Float64Array(length).fill(Number.POSITIVE_INFINITY)
    this.#none = new Float64Array(length).fill(Number.NEGATIVE_INFINITY)
    this.#limits = new Float64Array(length * this.#width).fill(Number.POSITIVE_INFINITY)
    this.#windows = limitedWindows(scope)
    const shortestMs = rules.reduce((least, { short }) => Math.min(least, windows[short]), Number.POSITIVE_INFINITY)
    this.#behindLeastMs = Math.min(staleAfterMinMs, shortestMs * behindShare)
    this.#behindMs = this.#behindLeastMs
    const blocks = this.#windows.reduce((fewest, { from }) => Math.min(fewest, from.length), length)
    const blockLength = Math.ceil(length / Math.max(1, blocks))
    this.#badAtStart = new Float64Array(blockLength)
    this.#totalAtStart = new Float64Array(blockLength)
    this.#totalAtFrom = new Float64Array(blockLength)
  }

  /** By SLO: above so many bad events the short window of some rule may burn. */
  get least(): Float64Array {
    return this.#isTelling ? this.#least : this.#none
  }

  /** Above so many bad events a window of an SLO may burn under the rule at a place. */
  limitOf(slot: number, place: number, isLong: boolean): number {
    return this.#isTelling ? this.#limits[slot * this.#width + limitPlace(place, isLong)] : Number.NEGATIVE_INFINITY
  }

  /** Sees to it that all limits hold as of a moment. */
  reach(at: EpochMs): void {
    this.#noteRewritten()
    const { headAt } = this.#scope.history
    this.#isTelling = headAt !== undefined && headAt - at <= trailingMaxMs
    if (!this.#isTelling) return
    this.#newestAt = Math.max(this.#newestAt, at)
    this.#trailedMs = Math.max(this.#trailedMs, this.#newestAt - at)
    for (const window of this.#windows) this.#reachIn(window, at)
  }

  #reachIn(window: LimitedWindow, at: EpochMs): void {
    for (let block = 0; block < window.from.length; block++) {
      const isDue = at >= window.due[block]
      if (!isDue && at >= window.from[block]) continue
      if (isDue && block === 0 && window === this.#windows[0]) this.#reachBackForLess()
      this.#behindMs = Math.max(this.#behindMs, this.#newestAt - at)
      this.#find(window, block)
    }
  }

  /** Nobody may ask any more for moments that are so far behind as they were asked for once. */
  #reachBackForLess(): void {
    this.#behindMs = Math.max(this.#behindLeastMs, this.#trailedMs)
    this.#trailedMs = 0
  }

  /** Limits found from counts that have not only grown since say nothing any more. */
  #noteRewritten(): void {
    const rewritten = this.#scope.history.takeRewritten()
    if (rewritten === undefined) for (const { from } of this.#windows) from.fill(Number.POSITIVE_INFINITY)
    else if (rewritten.length > 0) for (const column of rewritten) this.#removeLimits(this.#slotOfColumn(column))
  }

  #removeLimits(slot: number): void {
    if (slot < 0) return
    this.#least[slot] = Number.NEGATIVE_INFINITY
    const ofClass = this.#scope.classPlaces[slot]
    for (const { ratios, place } of this.#windows) {
      if (!Number.isNaN(ratios[ofClass])) this.#limits[slot * this.#width + place] = Number.NEGATIVE_INFINITY
    }
  }

  #slotOfColumn(column: number): number {
    const { columns, areGrowing } = this.#scope
    const { plus, total } = columns
    if (this.#slotOf === undefined) {
      this.#slotOf = new Int32Array(this.#scope.history.columns).fill(-1)
      for (let slot = 0; slot < this.#length; slot++) {
        if (areGrowing[slot] === 0) continue
        this.#slotOf[plus[slot]] = slot
        this.#slotOf[total[slot]] = slot
      }
    }
    return this.#slotOf[column] ?? -1
  }

  /** Finds the limits of a block, which hold up to its next turn. */
  #find(window: LimitedWindow, block: number): void {
    const { history, columns } = this.#scope
    const blocks = window.from.length
    const first = Math.floor((block * this.#length) / blocks)
    const end = Math.floor(((block + 1) * this.#length) / blocks)
    const from = this.#newestAt - this.#behindMs
    const due = nextTurn(block, blocks, this.#newestAt, history.stepMs)
    window.from[block] = from
    window.due[block] = due
    const gridMs = gridOf(history, window.windowMs + trailingMaxMs + due - from)
    const earliest = gridMs === undefined ? undefined : rowThatStays(history, alignDown(from - window.windowMs, gridMs))
    const latest = gridMs === undefined ? undefined : rowThatStays(history, alignUp(due - window.windowMs, gridMs))
    const begin = history.rowsAround(from)?.before
    if (earliest === undefined || latest === undefined || begin === undefined) this.#putNone(window, first, end)
    else {
      fillCounts(earliest, columns.plus, first, end, this.#badAtStart)
      fillCounts(latest, columns.total, first, end, this.#totalAtStart)
      fillCounts(begin, columns.total, first, end, this.#totalAtFrom)
      this.#put(window, first, end)
    }
    if (!window.isLong) this.#findLeast(first, end)
  }

  #put({ ratios, place: ofLimit }: LimitedWindow, first: number, end: number): void {
    const { classPlaces, areGrowing } = this.#scope
    const limits = this.#limits
    const badAtStart = this.#badAtStart
    const totalAtStart = this.#totalAtStart
    const totalAtFrom = this.#totalAtFrom
    let at = first * this.#width + ofLimit
    for (let slot = first, place = 0; slot < end; slot++, place++, at += this.#width) {
      const ratio = ratios[classPlaces[slot]]
      if (Number.isNaN(ratio)) continue
      const bad = badAtStart[place]
      const room = (totalAtFrom[place] - totalAtStart[place]) * ratio * leastShare - bad * lost
      limits[at] = areGrowing[slot] === 0 ? Number.NEGATIVE_INFINITY : room > 0 ? bad + room : bad
    }
  }

  /** Without rows that stay there are no limits: everything is above them. */
  #putNone({ ratios, place }: LimitedWindow, first: number, end: number): void {
    const { classPlaces } = this.#scope
    for (let slot = first; slot < end; slot++) {
      if (!Number.isNaN(ratios[classPlaces[slot]])) this.#limits[slot * this.#width + place] = Number.NEGATIVE_INFINITY
    }
  }

  #findLeast(first: number, end: number): void {
    const limits = this.#limits
    const width = this.#width
    for (let slot = first; slot < end; slot++) {
      let least = Number.POSITIVE_INFINITY
      // Those of short windows: every other one.
      for (let at = slot * width; at < (slot + 1) * width; at += 2) if (limits[at] < least) least = limits[at]
      this.#least[slot] = least
    }
  }
}

/** How far apart the rows are that stay at an age, or at that of the row before; undefined where none do. */
function gridOf(history: CountHistory, ageMs: DurationMs): DurationMs | undefined {
  const there = history.resolutionAtAge(ageMs)
  return there === undefined ? undefined : history.resolutionAtAge(ageMs + there)
}

/** The row at a moment of the grid, or the first of all where that is later: counts were as they are there before it. */
function rowThatStays(history: CountHistory, at: EpochMs): HistoryRow | undefined {
  const row = history.rowsAround(at)?.before
  return row !== undefined && row.at >= at ? row : undefined
}
