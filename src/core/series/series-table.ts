import type { EpochMs } from '../model/units.ts'
import type { Contribution } from './contribution.ts'
import type { GaugeFeed } from './gauge-samples.ts'
import { grown, roomFor } from './room.ts'
import { SharedTable } from './shared-table.ts'

/** Where the samples of a series go. Shared by all series that go there. */
export interface Feeds {
  readonly contributions: readonly Contribution[]
  readonly gaugeFeeds: readonly GaugeFeed[]
}

/** It is counted, and read as it stands as well. */
const gauge = 1

/** Kind of a series: a gauge that counts nothing, which keeps no samples of a counter. */
export const gaugeOnly = 3

/** Kind of a series: of a histogram, and starting from zero with the series that counts all its events. */
export const follower = 4

/** Kind of a series: the one that others of its histogram start from zero with. */
export const leader = 8

/** Kind of a series: its first sample said when it started. */
export const toldStart = 16

/** What makes a series leave the way of nearly all. */
export const apart = gaugeOnly | follower | leader

/** What is known of each series as long as it is held: where its samples go, the target it is of, and its kinds. */
export class SeriesTable<F extends Feeds> {
  readonly #feeds = new SharedTable<F>()
  #feedsOf = new Int32Array(0)
  /** The stretch of time of which those who feed from a place were told last: two numbers each. */
  #told = new Float64Array(0)
  #targetOf = new Int32Array(0)
  #kinds = new Uint8Array(0)
  #length = 0

  /** One more than the highest number of a series. */
  get length(): number {
    return this.#length
  }

  /** Bytes held. */
  get byteLength(): number {
    return [this.#feedsOf, this.#told, this.#targetOf, this.#kinds].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** Where samples go, with how many series go there. */
  feeds(): Iterable<readonly [F, number]> {
    return this.#feeds.entries()
  }

  /** Takes up a series by a number that is free. */
  add(series: number, feeds: F, target: number): void {
    this.reserve(series + 1)
    if (series >= this.#length) this.#length = series + 1
    this.#feedsOf[series] = this.#hold(feeds)
    this.#targetOf[series] = target
    this.#kinds[series] = kindsOf(feeds)
  }

  /** Forgets a series. */
  remove(series: number): void {
    this.#feeds.release(this.#feedsOf[series])
    this.#kinds[series] = 0
  }

  /** Lets a series feed others from now on. */
  redirect(series: number, feeds: F): void {
    const before = this.#feedsOf[series]
    this.#feedsOf[series] = this.#hold(feeds)
    this.#feeds.release(before)
    this.#kinds[series] = kindsOf(feeds) | (this.#kinds[series] & ~gaugeOnly)
  }

  feedsOf(series: number): F {
    return this.#feeds.at(this.#feedsOf[series])
  }

  targetOf(series: number): number {
    return this.#targetOf[series]
  }

  /** Whether a series is of a kind. */
  is(series: number, kind: number): boolean {
    return (this.#kinds[series] & kind) === kind
  }

  /** Says of a series that it is of a kind, or that it is not. */
  mark(series: number, kind: number, isOfKind: boolean): void {
    this.#kinds[series] = isOfKind ? this.#kinds[series] | kind : this.#kinds[series] & ~kind
  }

  /** The kinds of all series, to go through many: void once series are added. */
  get kinds(): Uint8Array {
    return this.#kinds
  }

  /** The targets of all series, in the same way. */
  get targets(): Int32Array {
    return this.#targetOf
  }

  /** The numbers of where all series go, in the same way. */
  get feedNumbers(): Int32Array {
    return this.#feedsOf
  }

  /** Where series with such a number go. */
  feedsAt(number: number): F {
    return this.#feeds.at(number)
  }

  /** Whether those who feed from a place were told of this stretch of time last. */
  wereTold(number: number, from: EpochMs, to: EpochMs): boolean {
    return this.#told[2 * number] === from && this.#told[2 * number + 1] === to
  }

  /** Notes that they were told of it. */
  noteTold(number: number, from: EpochMs, to: EpochMs): void {
    this.#told[2 * number] = from
    this.#told[2 * number + 1] = to
  }

  /** Makes room for so many series at once, which is cheaper than growing. */
  reserve(length: number): void {
    if (length <= this.#kinds.length) return
    const capacity = roomFor(length)
    this.#feedsOf = grown(this.#feedsOf, new Int32Array(capacity))
    this.#targetOf = grown(this.#targetOf, new Int32Array(capacity))
    this.#kinds = grown(this.#kinds, new Uint8Array(capacity))
  }

  /** Takes hold of feeds, which have been told nothing if their number was another's. */
  #hold(feeds: F): number {
    const number = this.#feeds.hold(feeds)
    if (2 * number >= this.#told.length) this.#told = grown(this.#told, new Float64Array(roomFor(2 * number + 2)))
    this.#told[2 * number] = Number.NaN
    return number
  }
}

function kindsOf({ contributions, gaugeFeeds }: Feeds): number {
  if (gaugeFeeds.length === 0) return 0
  return contributions.length === 0 ? gaugeOnly : gauge
}
