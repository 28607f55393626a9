import type { EpochMs } from '../model/units.ts'
import { isListenedTo } from './contribution.ts'
import { grown, roomFor } from './room.ts'
import { type Feeds, type SeriesTable, toldStart } from './series-table.ts'
import type { Targets } from './targets.ts'

/** Larger than any time in milliseconds that is kept, which is 49 days. */
const notBorn = 0xffff_ffff

/** What the first sample of each series counts, which depends on when the series was counted from zero. */
export class FirstSamples {
  readonly #table: SeriesTable<Feeds>
  readonly #targets: Targets
  /** How long before the oldest sample kept of a series it was counted from zero; `notBorn` where it was not. */
  #bornBefore = new Uint32Array(0)

  constructor(table: SeriesTable<Feeds>, targets: Targets) {
    this.#table = table
    this.#targets = targets
  }

  /** Bytes held. */
  get byteLength(): number {
    return this.#bornBefore.byteLength
  }

  /** A series has no sample yet. */
  clear(series: number): void {
    this.#bornBefore[series] = notBorn
  }

  /** Makes room for series 0 … length − 1. */
  reserve(length: number): void {
    if (length > this.#bornBefore.length) this.#bornBefore = grown(this.#bornBefore, new Uint32Array(roomFor(length)))
  }

  /**
   * If the first sample says when its series started, or if its target was scraped before without it, it was created since
   * and all it counts is new; on the first sight of a target nobody knows how old its counts are, so that counting starts
   * from here.
   */
  book(series: number, time: EpochMs, value: number, start: EpochMs): void {
    const target = this.#table.targetOf(series)
    const settlingMs = this.#targets.settlingMs(target)
    const isSettled = time - this.#targets.firstAt(target) > settlingMs
    const absentAt = isSettled ? this.#targets.scrapeBefore(target, time) : Number.NaN
    const isTold = start < time && !(start < absentAt)
    const born = Math.max(isTold ? start : absentAt, time - notBorn + 1)
    this.#bornBefore[series] = born === born ? time - born : notBorn
    this.#table.mark(series, toldStart, isTold)
    for (const contribution of this.#table.feedsOf(series).contributions) {
      const { history, column, seen, sign } = contribution
      history.advanceTo(time)
      const isNew = isListenedTo(contribution, born, time, settlingMs, isTold)
      if (isNew) history.add(column, born, time, value, sign)
      seen?.see(isNew ? born : time, time)
    }
  }

  /** Takes back what `book` counted, for an earlier sample to be the first; answers when the series was told to have started, if it was. */
  takeBack(series: number, time: EpochMs, value: number): EpochMs {
    const before = this.#bornBefore[series]
    const born = before === notBorn ? Number.NaN : time - before
    const isTold = this.#table.is(series, toldStart)
    const settlingMs = this.#targets.settlingMs(this.#table.targetOf(series))
    for (const contribution of this.#table.feedsOf(series).contributions) {
      const { history, column, sign } = contribution
      const wasNew = isListenedTo(contribution, born, time, settlingMs, isTold)
      if (wasNew) history.add(column, born, time, value, sign === 1 ? -1 : 1)
    }
    return isTold ? born : Number.NaN
  }
}
