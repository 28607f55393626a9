import { type Labels, labelsKey } from '../core/model/labels.ts'
import { futureSampleToleranceMs, newSeriesSettlingMs } from '../core/model/limits.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Contribution, GaugeFeed } from '../core/series/series-store.ts'
import { SelectorIndex } from '../core/sli/selector-index.ts'
import {
  type AppendCounts,
  type HistogramRefs,
  noAppends,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
  unwantedSeries,
} from '../ports/sample-sink.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { namelessRegion, type RegionCounts, type SloCounts } from './region-counts.ts'

/** What one selector of one SLO wants series for: to count a signal, or to read a gauge. */
interface Want {
  /** As declared: which of its groups it is, the labels of the series tell. */
  readonly declared: CompiledSlo
  readonly signal: number | 'gauge'
  readonly sign: 1 | -1
}

/** Where the samples of one series go. */
interface Destination {
  readonly contributions: readonly Contribution[]
  readonly gaugeFeeds: readonly GaugeFeed[]
  readonly regions: readonly RegionCounts[]
  /** Some of it was left out, because groups were not to be taken up. */
  readonly isPartial: boolean
}

/** Who a series is, kept so that a checkpoint and a reload can find it again. */
export interface KnownSeries {
  readonly labels: Labels
  readonly origin: SampleOrigin
}

/** Takes samples from every ingest protocol and books them where SLOs want them. */
export class SampleIntake implements SampleSink {
  generation = 1
  readonly #counting: Counting
  readonly #now: () => EpochMs
  readonly #byKey = new Map<string, SeriesRef>()
  readonly #known: KnownSeries[] = []
  /** The region whose watermark a series moves. */
  readonly #regionsOf: (readonly RegionCounts[])[] = []
  /** Series that feed groups which are not counted any more, or not yet: their next sample takes those up. */
  readonly #dormant = new Set<SeriesRef>()
  #index = new SelectorIndex<Want>()
  /** When the rules were loaded: from then on a series that they want would be noticed. */
  #listeningSince: EpochMs = Number.NEGATIVE_INFINITY

  /** `now` bounds sample times from above; a replay of history passes a clock that stands at infinity. */
  constructor(counting: Counting, now: () => EpochMs) {
    this.#counting = counting
    this.#now = now
    this.rulesChanged()
  }

  /** Every wanted series, by its ref. */
  get known(): readonly KnownSeries[] {
    return this.#known
  }

  /** Matches all series against the rules anew; refs handed out before are void. */
  rulesChanged(): void {
    this.generation++
    const now = this.#now()
    this.#listeningSince = Number.isFinite(now) ? now : Number.NEGATIVE_INFINITY
    this.#index = new SelectorIndex()
    for (const declared of this.#counting.declared) {
      for (const [signal, { counters }] of declared.signals.entries()) {
        for (const { selector, sign } of counters.terms) this.#index.add(selector, { declared, signal, sign })
      }
      const { indicator } = declared.slo
      if (indicator.kind === 'threshold') this.#index.add(indicator.metric, { declared, signal: 'gauge', sign: 1 })
    }
    for (const ref of this.#known.keys()) this.#direct(ref, false)
  }

  /** Takes the series of groups that were forgotten away from them, until they come back. */
  groupsForgotten(forgotten: ReadonlySet<SloCounts>): void {
    const removed = new Set<Contribution | GaugeFeed>([...forgotten].flatMap((counts) => feedsOf(counts)))
    const { series } = this.#counting
    for (const ref of this.#known.keys()) {
      const contributions = series.contributions(ref).filter((contribution) => !removed.has(contribution))
      const gaugeFeeds = series.gaugeFeeds(ref).filter((feed) => !removed.has(feed))
      const isFed = contributions.length + gaugeFeeds.length
      if (isFed === series.contributions(ref).length + series.gaugeFeeds(ref).length) continue
      series.redirect(ref, contributions, gaugeFeeds)
      this.#dormant.add(ref)
    }
  }

  /** Senders ask again about series that were refused: there is room now. */
  roomWasMade(): void {
    this.generation++
  }

  resolve(labels: Labels, origin: SampleOrigin): SeriesRef {
    return this.#resolve(labels, origin, true)
  }

  /** Resolves a series of a checkpoint: groups that the checkpoint does not hold come back with their next sample. */
  resolveKnown(labels: Labels, origin: SampleOrigin): SeriesRef {
    return this.#resolve(labels, origin, false)
  }

  #resolve(labels: Labels, origin: SampleOrigin, takesUpGroups: boolean): SeriesRef {
    const key = `${labelsKey(labels)}\u0002${origin.region ?? ''}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return this.#regionsOf[known].length > 0 ? known : unwantedSeries
    const wants = this.#index.match(labels)
    if (wants.length === 0) return unwantedSeries
    const ref = this.#counting.series.size
    const destination = this.#destination(ref, { labels, origin }, wants, takesUpGroups)
    const { contributions, gaugeFeeds, regions, isPartial } = destination
    if (regions.length === 0) return unwantedSeries
    this.#counting.series.add(contributions, this.#target(labels, origin), gaugeFeeds)
    this.#byKey.set(key, ref)
    this.#known.push({ labels, origin })
    this.#regionsOf.push(regions)
    if (isPartial && !takesUpGroups) this.#dormant.add(ref)
    return ref
  }

  resolveHistogram(): HistogramRefs | undefined {
    return undefined
  }

  appendDeltas(): AppendCounts {
    return noAppends()
  }

  noteExemplar(): void {}

  append(batch: SampleBatch): AppendCounts {
    const counts = noAppends()
    const latest = this.#now() + futureSampleToleranceMs
    for (let index = 0; index < batch.length; index++) this.#appendOne(batch, index, latest, counts)
    return counts
  }

  #appendOne(
    { refs, timesMs, values, stale }: SampleBatch,
    index: number,
    latest: EpochMs,
    counts: AppendCounts,
  ): void {
    const time = timesMs[index]
    const ref = refs[index]
    if (stale[index] === 1) {
      counts.staleMarkers++
      if (time <= latest) this.#counting.series.end(ref, time)
      return
    }
    if (time > latest) {
      counts.future++
      return
    }
    if (this.#dormant.size > 0 && this.#dormant.has(ref)) this.#direct(ref, true)
    const appended = this.#counting.series.append(ref, time, values[index])
    if (appended === 'accepted' || appended === 'reset' || appended === 'out-of-order') {
      counts.accepted++
      if (appended === 'reset') counts.resets++
      if (appended === 'out-of-order') counts.outOfOrder++
      if (time > counts.newestMs) counts.newestMs = time
      for (const region of this.#regionsOf[ref]) region.sampleArrived(time)
    } else if (appended === 'duplicate') counts.duplicates++
    else if (appended === 'too-old') counts.tooOld++
    else if (appended === 'not-a-number') counts.notANumber++
    else counts.negative++
  }

  #direct(ref: SeriesRef, takesUpGroups: boolean): void {
    const known = this.#known[ref]
    const destination = this.#destination(ref, known, this.#index.match(known.labels), takesUpGroups)
    const { contributions, gaugeFeeds, regions, isPartial } = destination
    this.#counting.series.redirect(ref, contributions, gaugeFeeds)
    this.#regionsOf[ref] = regions
    if (isPartial && !takesUpGroups) this.#dormant.add(ref)
    else this.#dormant.delete(ref)
  }

  #destination(
    ref: SeriesRef,
    { labels, origin }: KnownSeries,
    wants: readonly Want[],
    takesUpGroups: boolean,
  ): Destination {
    const contributions: Contribution[] = []
    const gaugeFeeds: GaugeFeed[] = []
    const regions = new Set<RegionCounts>()
    let isPartial = false
    for (const { declared, signal, sign } of wants) {
      const compiled = this.#counting.sloFor(declared, labels, takesUpGroups)
      const name = regionOf(declared, labels, origin)
      if (compiled === undefined) isPartial = true
      // The series is wanted all the same where its group may come back.
      if (compiled !== undefined || !takesUpGroups) regions.add(this.#counting.region(name))
      if (compiled === undefined) continue
      const region = this.#counting.region(name)
      if (signal === 'gauge') {
        const counts = this.#counting.countsIn(region, compiled, this.#listeningSince)
        counts.gauges.add(ref)
        gaugeFeeds.push(counts)
      } else {
        contributions.push(this.#counting.contribution(region, compiled, signal, sign, this.#listeningSince))
      }
    }
    return { contributions, gaugeFeeds, regions: [...regions], isPartial }
  }

  #target(labels: Labels, origin: SampleOrigin) {
    const key = [origin.region ?? labels.get('region') ?? '', labels.get('job') ?? '', labels.get('instance') ?? '']
    return this.#counting.target(key.join('\u0000'), origin.splitDelivery === true ? newSeriesSettlingMs : 0)
  }
}

/** Everything by which series reach the counts. */
function feedsOf(counts: SloCounts): (Contribution | GaugeFeed)[] {
  return [counts, ...counts.contributions.values()]
}

/** Data that calls its region `global` cannot be told from all regions together, so it counts towards them only. */
function regionOf({ slo }: CompiledSlo, labels: Labels, origin: SampleOrigin): string {
  const region = labels.get(slo.regions.label) ?? origin.region ?? namelessRegion
  return region === globalScope ? namelessRegion : region
}
