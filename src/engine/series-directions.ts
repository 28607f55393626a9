import { type Labels, metricNameLabel } from '../core/model/labels.ts'
import type { Selector } from '../core/model/selector.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Contribution } from '../core/series/contribution.ts'
import type { SeriesLabels } from '../core/series/series-labels.ts'
import { bucketBoundLabel, type WantedBucket, wantedBucket } from '../core/sli/bucket-bound.ts'
import { SelectorIndex } from '../core/sli/selector-index.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'
import { anyBound, type BucketTerm } from './bucket-watch.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { Destination } from './destination.ts'
import { ListsOfOne } from './lists-of-one.ts'
import { namelessRegion, type RegionCounts, type SloCounts } from './region-counts.ts'

/** What one selector of one SLO wants series for: to count a signal, or to read a gauge. */
export interface Want {
  /** As declared: which of its groups it is, the labels of the series tell. */
  readonly declared: CompiledSlo
  readonly signal: number | 'gauge' | 'bound'
  readonly sign: 1 | -1
  /** The bucket that the selector asks for; of signal `bound`, the one whose neighbours these are. */
  readonly bucket?: BucketTerm | undefined
}

/** An SLO that counts a bucket which was missing in a region until now. */
export type FoundBucket = readonly [CompiledSlo, RegionCounts]

/** How series are directed. */
export interface DirectionChoices {
  /** Groups that are not counted yet are taken up. */
  readonly takesUpGroups: boolean
  /** SLOs that have as many series as they may. */
  readonly full: ReadonlySet<string>
}

/**
 * Says where series go under the rules in force. Series that are equal in every label that any rule looks at go to one
 * place, which is worked out once.
 */
export class SeriesDirections {
  readonly #counting: Counting
  readonly #listeningSince: EpochMs
  readonly #index = new SelectorIndex<Want>()
  /** The labels that rules look at. */
  readonly #relevant = new Set([metricNameLabel, 'region'])
  /** By where series come from, and then by those of their labels that rules look at. */
  readonly #known = new Map<string, Map<string, Destination>>()
  /** The origin asked about last, and what is known of it: most series have the origin of the one before. */
  #lastOrigin: SampleOrigin | undefined
  #ofLast = new Map<string, Destination>()
  readonly #regionLists = new ListsOfOne<RegionCounts>()
  readonly #sloLists = new ListsOfOne<string>()
  readonly #metrics = new Map<string, string>()
  /** By name of the histogram: the bounds that rules ask about. */
  readonly #bounds = new Map<string, Set<number>>()
  #found: FoundBucket[] = []

  /** `listeningSince` is when the rules came into force: from then on a series that they want would be noticed. */
  constructor(counting: Counting, listeningSince: EpochMs) {
    this.#counting = counting
    this.#listeningSince = listeningSince
    counting.buckets.clear()
    for (const declared of counting.declared) this.#add(declared)
  }

  /** Everything that wants a series with these labels. */
  wants(labels: Labels): readonly Want[] {
    return this.#index.match(labels)
  }

  /** The bounds that rules ask about of a histogram, rising. */
  boundsOf(histogram: string): readonly number[] {
    return [...(this.#bounds.get(histogram) ?? [])].sort((a, b) => a - b)
  }

  /**
   * Notes which buckets a histogram has, told from those that nobody wants as well. Answers whether a series is wanted by an
   * SLO that has room for it.
   */
  look(labels: Labels, origin: SampleOrigin, full: ReadonlySet<string>): boolean {
    let isWanted = false
    let isRefused = false
    for (const { declared, signal, bucket } of this.wants(labels)) {
      if (signal !== 'bound' && full.has(declared.slo.name)) isRefused = true
      else if (signal !== 'bound') isWanted = true
      else if (bucket !== undefined) {
        const region = regionOf(declared, labels, origin)
        this.#counting.buckets.seeBound(bucket, region, labels.get(bucketBoundLabel) ?? '')
      }
    }
    if (isRefused) this.#counting.perSlo.refused++
    return isWanted
  }

  /** The buckets that were found, after having been missed, since the last call. */
  takeFound(): readonly FoundBucket[] {
    if (this.#found.length === 0) return none
    const found = this.#found
    this.#found = []
    return found
  }

  /** Whether series like one with these labels are known to be wanted. */
  knows(labels: SeriesLabels, own: Labels, origin: SampleOrigin): boolean {
    const signature = labels.signatureOf(own, this.#relevant)
    const known = signature === undefined ? undefined : this.#knownOf(origin).get(signature)
    return known !== undefined && known.regions.length > 0
  }

  /** Where a known series goes. */
  of(labels: SeriesLabels, series: number, origin: SampleOrigin, choices: DirectionChoices): Destination {
    const knownOfOrigin = this.#knownOf(origin)
    const signature = labels.signature(series, this.#relevant)
    const known = knownOfOrigin.get(signature)
    if (known !== undefined && !isOutdated(known, choices)) return known
    const all = labels.labels(series)
    const destination = this.#destination(all, origin, this.wants(all), choices)
    if (choices.full.size === 0) knownOfOrigin.set(signature, destination)
    return destination
  }

  /** Numbers of labels were given anew, or groups went: what was worked out may not hold any more. */
  forget(): void {
    this.#known.clear()
    this.#lastOrigin = undefined
  }

  /** One text for all that are equal. */
  #sharedName(metric: string): string {
    const known = this.#metrics.get(metric) ?? metric
    this.#metrics.set(metric, known)
    return known
  }

  #knownOf(origin: SampleOrigin): Map<string, Destination> {
    if (origin === this.#lastOrigin) return this.#ofLast
    const { source, region } = origin
    const key = `${source}|${region ?? ''}`
    const known = this.#known.get(key) ?? new Map<string, Destination>()
    this.#known.set(key, known)
    this.#lastOrigin = origin
    this.#ofLast = known
    return known
  }

  #add(declared: CompiledSlo): void {
    const { indicator, groupBy, regions } = declared.slo
    for (const label of [...groupBy, regions.label]) this.#relevant.add(label)
    const add = (selector: Selector, want: Want): void => {
      this.#index.add(selector, want)
      for (const { label } of selector.matchers) this.#relevant.add(label)
    }
    for (const [signal, { counters }] of declared.signals.entries()) {
      for (const { selector, sign } of counters.terms) {
        const bucket = this.#counting.buckets.add(declared, selector)
        add(selector, { declared, signal, sign, bucket })
        if (bucket !== undefined) add(anyBound(selector), { declared, signal: 'bound', sign, bucket })
        this.#noteBound(wantedBucket(selector))
      }
    }
    if (indicator.kind === 'threshold') add(indicator.metric, { declared, signal: 'gauge', sign: 1 })
  }

  #noteBound(bucket: WantedBucket | undefined): void {
    if (bucket === undefined) return
    const bounds = this.#bounds.get(bucket.histogram) ?? new Set()
    this.#bounds.set(bucket.histogram, bounds.add(bucket.bound))
  }

  #destination(
    labels: Labels,
    origin: SampleOrigin,
    wants: readonly Want[],
    { takesUpGroups, full }: DirectionChoices,
  ): Destination {
    const contributions: Contribution[] = []
    const gauged: SloCounts[] = []
    const counted: SloCounts[] = []
    const regions: RegionCounts[] = []
    const slos: string[] = []
    let isPartial = false
    for (const { declared, signal, sign, bucket } of wants) {
      if (signal === 'bound' || full.has(declared.slo.name)) continue
      const compiled = this.#counting.sloFor(declared, labels, takesUpGroups)
      const name = regionOf(declared, labels, origin)
      if (compiled === undefined) isPartial = true
      // The series is wanted all the same where its group may come back.
      if (compiled === undefined && takesUpGroups) continue
      const region = this.#counting.region(name)
      regions.push(region)
      slos.push(declared.slo.name)
      if (compiled === undefined) continue
      if (bucket !== undefined && this.#counting.buckets.seeBucket(bucket, name)) this.#found.push([declared, region])
      const counts = this.#counting.countsIn(region, compiled, this.#listeningSince)
      counted.push(counts)
      if (signal === 'gauge') gauged.push(counts)
      else contributions.push(this.#counting.contribution(region, compiled, signal, sign, this.#listeningSince))
    }
    return {
      contributions: contributions.slice(),
      gaugeFeeds: gauged.length === 0 ? noCounts : gauged,
      gauged: gauged.length === 0 ? noCounts : gauged,
      regions: this.#regionLists.shared(distinct(regions)),
      counts: distinct(counted),
      slos: this.#sloLists.shared(distinct(slos)),
      isPartial,
      metric: this.#sharedName(labels.get(metricNameLabel) ?? ''),
      source: origin.source,
    }
  }
}

/** What is in a list, each once, in no more room than it takes: a list that grew has room for seventeen. */
function distinct<T>(list: readonly T[]): readonly T[] {
  return list.length < 2 ? list.slice() : [...new Set(list)]
}

function isOutdated({ isPartial, slos }: Destination, { takesUpGroups, full }: DirectionChoices): boolean {
  return (isPartial && takesUpGroups) || (full.size > 0 && slos.some((slo) => full.has(slo)))
}

/** Data that calls its region `global` cannot be told from all regions together, so it counts towards them only. */
export function regionOf({ slo }: CompiledSlo, labels: Labels, origin: SampleOrigin): string {
  const region = labels.get(slo.regions.label) ?? origin.region ?? namelessRegion
  return region === globalScope ? namelessRegion : region
}

const none: readonly FoundBucket[] = []
const noCounts: readonly SloCounts[] = []
