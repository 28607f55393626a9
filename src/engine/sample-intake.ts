import { type Labels, labelsOf, metricNameLabel } from '../core/model/labels.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { unknownSeries } from '../core/series/series-labels.ts'
import { bucketBoundLabel, formatBucketBound, withPlainBound } from '../core/sli/bucket-bound.ts'
import type { IncrementLog } from '../ports/increment-log.ts'
import {
  type AppendCounts,
  type Exemplar,
  type HistogramRefs,
  noAppends,
  type SampleBatch,
  type SampleOrigin,
  type SampleSink,
  type SeriesRef,
  unwantedSeries,
} from '../ports/sample-sink.ts'
import type { Counting } from './counting.ts'
import { FailingExemplars } from './failing-exemplars.ts'
import { HeldSeries } from './held-series.ts'
import { HistogramExactness, type Uncertain } from './histogram-exactness.ts'
import { IncrementJournal } from './increment-journal.ts'
import type { SloCounts } from './region-counts.ts'
import { SampleBooking } from './sample-booking.ts'
import { SeriesSources } from './series-sources.ts'

/** Takes samples from every ingest protocol and books them where SLOs want them. The rules are in docs/counting.md. */
export class SampleIntake implements SampleSink {
  generation = 1
  readonly held: HeldSeries
  readonly exemplars: FailingExemplars
  /** Where increments are written down; undefined where a crash may lose them. */
  readonly journal: IncrementJournal | undefined
  readonly #counting: Counting
  readonly #sources = new SeriesSources()
  readonly #exactness = new HistogramExactness()
  readonly #booking: SampleBooking

  /** `now` bounds sample times from above; a replay of history passes a clock that stands at infinity. */
  constructor(counting: Counting, now: () => EpochMs, increments?: IncrementLog) {
    this.#counting = counting
    const held = new HeldSeries(counting, now)
    this.held = held
    const seriesOf = (series: number) => ({ labels: held.labels.labels(series), origin: held.originOf(series) })
    this.journal = increments === undefined ? undefined : new IncrementJournal(increments, seriesOf)
    this.#booking = new SampleBooking({ counting, held, sources: this.#sources, journal: this.journal, now })
    this.exemplars = new FailingExemplars(() => held.directions, now)
  }

  /** Matches all series against the rules anew; refs handed out before are void. */
  rulesChanged(): void {
    this.generation++
    this.#sources.reset()
    this.held.rulesChanged()
  }

  /** Takes the series of groups that were forgotten away from them, until they come back. */
  groupsForgotten(forgotten: ReadonlySet<SloCounts>): void {
    if (this.held.leaveGroups(forgotten)) this.generation++
  }

  /** Senders ask again about series that were refused: there is room now. */
  roomWasMade(): void {
    this.generation++
  }

  /** Forgets series: their refs are void, and their numbers are given again once they are free. */
  forget(forgotten: readonly number[]): void {
    if (forgotten.length === 0) return
    for (const series of forgotten) {
      this.#exactness.forget(series)
      this.journal?.forget(series)
      this.#sources.remove(series)
      this.held.drop(series, true)
    }
    this.held.forgetDirections()
    this.generation++
  }

  resolve(labels: Labels, origin: SampleOrigin): SeriesRef {
    const own = ownLabels(labels, origin)
    const known = this.held.find(own)
    if (known === unknownSeries) return this.#resolveNew(own, origin)
    return this.held.isCounted(known) ? this.#sources.refFor(known, origin.source) : unwantedSeries
  }

  resolveHistogram(labels: Labels, origin: SampleOrigin): HistogramRefs | undefined {
    const name = labels.get(metricNameLabel) ?? ''
    const named = (suffix: string, bound?: string): Labels => {
      const le: readonly (readonly [string, string])[] = bound === undefined ? [] : [[bucketBoundLabel, bound]]
      return labelsOf([...labels, [metricNameLabel, `${name}${suffix}`], ...le])
    }
    const sum = this.resolve(named('_sum'), origin)
    const buckets = this.held.directions
      .boundsOf(name)
      .map((bound) => ({ bound, ref: this.resolve(named('_bucket', formatBucketBound(bound)), origin) }))
      .filter(({ ref }) => ref !== unwantedSeries)
    const count = this.resolve(named('_count'), origin)
    if (count === unwantedSeries && sum === unwantedSeries && buckets.length === 0) return undefined
    const leader = count === unwantedSeries ? this.#unwantedCount(named('_count'), origin) : count
    for (const ref of [sum, ...buckets.map((bucket) => bucket.ref)]) {
      if (ref !== unwantedSeries) {
        this.#counting.series.follow(this.#sources.seriesOf(ref), this.#sources.seriesOf(leader))
      }
    }
    return { count: leader, sum, buckets }
  }

  /** Books what an earlier process was told after its last checkpoint, and had acknowledged; answers how much of it was new. */
  replayIncrements(): number {
    const counts = noAppends()
    for (const { labels, origin, start, end, value } of this.journal?.left() ?? []) {
      const ref = this.resolve(labels, origin)
      if (ref !== unwantedSeries) this.#booking.bookDelta(this.#sources.seriesOf(ref), { start, end, value }, counts)
    }
    // Which source a series is counted from, its senders of today decide.
    this.#sources.reset()
    return counts.accepted
  }

  append(batch: SampleBatch): AppendCounts {
    return this.#booking.append(batch)
  }

  appendDeltas(batch: SampleBatch): AppendCounts {
    return this.#booking.appendDeltas(batch)
  }

  noteExemplar(labels: Labels, origin: SampleOrigin, exemplar: Exemplar): void {
    this.exemplars.offer(ownLabels(labels, origin), origin, exemplar)
  }

  noteUncertain(bucket: SeriesRef, uncertain: number, total: number): void {
    this.#exactness.note(this.#sources.seriesOf(bucket), uncertain, total)
  }

  /** The events of an SLO in a scope, as of the newest histograms, that lie in a bucket which its bound cuts. */
  uncertainIn(slo: string, scope: string): Uncertain {
    const regions = [...this.#counting.regions.values()].filter(
      ({ region }) => scope === globalScope || region === scope,
    )
    const asked = new Set(regions.map(({ slos }) => slos.get(slo)))
    return this.#exactness.sum((series) =>
      this.#counting.series.feedsOf(series).counts.some((counts) => asked.has(counts)),
    )
  }

  #resolveNew(own: Labels, origin: SampleOrigin): SeriesRef {
    if (!this.held.isWanted(own, origin)) return unwantedSeries
    const added = this.held.add(own, origin)
    if (this.held.isCounted(added)) return this.#sources.refFor(added, origin.source)
    // Its groups are too many: nothing is left of it.
    this.held.drop(added, false)
    return unwantedSeries
  }

  /** The count of a histogram of which only buckets are wanted: it says when they start from zero. */
  #unwantedCount(labels: Labels, origin: SampleOrigin): SeriesRef {
    const own = ownLabels(labels, origin)
    const known = this.held.find(own)
    return this.#sources.refFor(known === unknownSeries ? this.held.add(own, origin) : known, origin.source)
  }
}

/** Labels as a series is known by: with the region of its source, where it names none, and a bound written in one way. */
function ownLabels(labels: Labels, { region }: SampleOrigin): Labels {
  const plain = withPlainBound(labels)
  return region === undefined || plain.has('region') ? plain : labelsOf([...plain, ['region', region]])
}
