import type { EpochMs } from '../core/model/units.ts'
import type { SeriesRef } from '../ports/sample-sink.ts'

/** The ref of a series that has to be asked of the sink (again). */
export const unresolvedSeries: SeriesRef = -2

/** Number of a series inside an index; good for as long as `epoch` stays the same. */
export type CacheEntry = number

/** Recognises series by their raw bytes, so that names and labels are decoded once and not with every sample. */
export interface SeriesIndex {
  /** How many series are known. */
  readonly size: number
  /** Bytes held for them. */
  readonly bytes: number
  /** Another number once entries have been numbered anew. */
  readonly epoch: number
  /** Starts a request or a scrape: series seen from now on are seen at this time. */
  begin(now: EpochMs): void
  /** Ends it: the sender's buffer is not looked at any more. */
  end(): void
  /** Length of the key that followed the current one last time, if the bytes from `start` on begin with it; else 0. */
  expected(bytes: Uint8Array, start: number, end: number): number
  /** Moves on to the entry whose key `expected` just found. */
  takeExpected(): CacheEntry
  /** The entry of a key, or −1. */
  find(bytes: Uint8Array, start: number, end: number): CacheEntry
  /** Takes up a key that `find` did not find; −1 when the allowance is used up, even after forgetting old series. */
  add(bytes: Uint8Array, start: number, end: number): CacheEntry
  /** What the sink calls a series; `unresolvedSeries` where it was not asked yet. */
  ref(entry: CacheEntry): SeriesRef
  setRef(entry: CacheEntry, ref: SeriesRef): void
  /** The sink gives out new refs: all have to be asked for again. */
  forgetRefs(): void
  /** Notes whether the last sample of an entry carried its own time; the end of such a series is its sender's affair. */
  setOwnTime(entry: CacheEntry, ownTime: boolean): void
  /** Refs of the series that were seen at one time and not since, leaving out those with times of their own. */
  lastSeenAt(time: EpochMs): Iterable<SeriesRef>
  /** Gives back what it holds, when its target or source is gone. */
  clear(): void
}
