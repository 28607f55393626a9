import type { Feeds } from '../core/series/series-table.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'

/** Where the samples of some series go: shared by all that go there. */
export interface Destination extends Feeds {
  /** Where time moves on with them. */
  readonly regions: readonly RegionCounts[]
  /** What they are counted for, each once. */
  readonly counts: readonly SloCounts[]
  /** The names of the SLOs that want them. */
  readonly slos: readonly string[]
  /** Those among `counts` that read them as gauges. */
  readonly gauged: readonly SloCounts[]
  /** Some of it was left out, because groups were not to be taken up. */
  readonly isPartial: boolean
  readonly metric: string
  readonly source: string
}

/** Takes some of what is counted out of a destination: its groups are not counted any more. */
export function without(destination: Destination, removed: ReadonlySet<SloCounts>): Destination {
  const feeds = new Set<unknown>([...removed].flatMap((counts) => [...counts.contributions]))
  return {
    ...destination,
    contributions: destination.contributions.filter((contribution) => !feeds.has(contribution)),
    gaugeFeeds: destination.gauged.filter((counts) => !removed.has(counts)),
    gauged: destination.gauged.filter((counts) => !removed.has(counts)),
    counts: destination.counts.filter((counts) => !removed.has(counts)),
    isPartial: true,
  }
}
