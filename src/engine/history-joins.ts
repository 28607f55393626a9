import { type Labels, labelsKey, labelsOf } from '../core/model/labels.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Counting } from './counting.ts'
import type { HeldSeries } from './held-series.ts'

/** The newest live sample of a series when its history was opened: what came up to it is history's, the rest is live. */
export interface Join {
  readonly labels: Labels
  readonly time: EpochMs
  readonly value: number
}

/** Where the series of one region go from history to live, found by their labels whatever path they came by. */
export class HistoryJoins {
  readonly #byKey = new Map<string, Join>()
  readonly #keyOf: (labels: Labels) => string

  /** `regionLabels` are those that say the region: one path gives them to each series, another knows it without. */
  constructor(region: string, regionLabels: ReadonlySet<string>, joins: readonly Join[]) {
    this.#keyOf = (labels) => {
      const own = [...labels].filter(
        ([name, value]) => value !== region || !(name === 'region' || regionLabels.has(name)),
      )
      return labelsKey(labelsOf(own))
    }
    for (const join of joins) this.#byKey.set(this.#keyOf(join.labels), join)
  }

  get all(): readonly Join[] {
    return [...this.#byKey.values()]
  }

  /** Where a series joins; undefined when it is not live, or under other labels. */
  of(labels: Labels): Join | undefined {
    return this.#byKey.get(this.#keyOf(labels))
  }

  /** The newest moment at which any series joins; −∞ without any. */
  get until(): EpochMs {
    return this.all.reduce((until, { time }) => Math.max(until, time), Number.NEGATIVE_INFINITY)
  }

  /**
   * The joins that history leads up to, under the labels that history has them by: those of series it knows, and of others of
   * a target it knows, which began after the last sample that history has of that target. A target it does not know goes by
   * other labels there.
   */
  reached({ labels: known }: HeldSeries, series: Iterable<number>): readonly Join[] {
    const all = [...series].map((each) => known.labels(each))
    const labelsByKey = new Map(all.map((labels) => [this.#keyOf(labels), labels]))
    const targets = new Set(all.map((labels) => targetOf(labels)))
    return [...this.#byKey].flatMap(([key, join]) => {
      const labels = labelsByKey.get(key) ?? (targets.has(targetOf(join.labels)) ? join.labels : undefined)
      return labels === undefined ? [] : [{ ...join, labels }]
    })
  }
}

/** The joins of all series that feed some SLOs in a region. */
export function joinsOf(
  { series, regions }: Counting,
  held: HeldSeries,
  region: string,
  slos: ReadonlySet<string>,
): readonly Join[] {
  const counts = [...(regions.get(region)?.slos.values() ?? [])].filter(({ compiled }) => slos.has(compiled.slo.name))
  const feeds = new Set<unknown>(counts.flatMap((each) => [each, ...each.contributions]))
  const joins: Join[] = []
  for (const ref of held.numbers()) {
    const isFeeding = [...series.contributions(ref), ...series.gaugeFeeds(ref)].some((feed) => feeds.has(feed))
    const last = isFeeding ? series.last(ref) : undefined
    if (last !== undefined && Number.isFinite(last[1]))
      joins.push({ labels: held.labels.labels(ref), time: last[0], value: last[1] })
  }
  return joins
}

function targetOf(labels: Labels): string {
  return `${labels.get('job') ?? ''}\u0000${labels.get('instance') ?? ''}`
}
