import { type Labels, labelsOf, metricNameLabel } from '../core/model/labels.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { labelValueLengthMax } from '../core/series/label-pairs.ts'
import { SeriesLabels, unknownSeries } from '../core/series/series-labels.ts'
import type { SeriesStore } from '../core/series/series-store.ts'
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
import { ChangedPages } from './changed-pages.ts'
import type { Counting } from './counting.ts'
import { type Destination, without } from './destination.ts'
import { ExemplarBook } from './exemplar-book.ts'
import { HistogramExactness, type Uncertain } from './histogram-exactness.ts'
import { IncrementJournal } from './increment-journal.ts'
import type { SloCounts } from './region-counts.ts'
import { SampleBooking } from './sample-booking.ts'
import { type FoundBucket, SeriesDirections } from './series-directions.ts'
import { SeriesOrigins } from './series-origins.ts'
import { SeriesSources } from './series-sources.ts'
import { SeriesTargets } from './series-targets.ts'

/** Takes samples from every ingest protocol and books them where SLOs want them. The rules are in docs/counting.md. */
export class SampleIntake implements SampleSink {
  generation = 1
  readonly labels = new SeriesLabels()
  readonly exemplars: ExemplarBook
  /** Where increments are written down; undefined where a crash may lose them. */
  readonly journal: IncrementJournal | undefined
  readonly #counting: Counting
  readonly #series: SeriesStore<Destination>
  readonly #now: () => EpochMs
  readonly #origins = new SeriesOrigins()
  readonly #targets: SeriesTargets
  readonly #sources = new SeriesSources()
  readonly #exactness = new HistogramExactness()
  readonly #booking: SampleBooking
  readonly #changed = new ChangedPages()
  #directions: SeriesDirections

  /** `now` bounds sample times from above; a replay of history passes a clock that stands at infinity. */
  constructor(counting: Counting, now: () => EpochMs, increments?: IncrementLog) {
    this.#counting = counting
    this.#series = counting.series
    this.#targets = new SeriesTargets(this.labels, counting.series.targets)
    this.#now = now
    this.#directions = this.#newDirections()
    const seriesOf = (ref: SeriesRef) => ({ labels: this.labels.labels(ref), origin: this.originOf(ref) })
    this.journal = increments === undefined ? undefined : new IncrementJournal(increments, seriesOf)
    this.#booking = new SampleBooking({
      counting,
      sources: this.#sources,
      journal: this.journal,
      now,
      wake: (series) => this.#direct(series, true),
    })
    this.exemplars = new ExemplarBook(() => this.#directions, now)
  }

  /** How many series are counted. */
  get seriesCount(): number {
    return this.labels.held
  }

  /** Every series, by its ref. */
  *refs(): Iterable<SeriesRef> {
    for (let ref = 0; ref < this.labels.length; ref++) if (this.labels.isHeld(ref)) yield ref
  }

  /** Where a series came from first. */
  originOf(ref: SeriesRef): SampleOrigin {
    return this.#origins.of(ref)
  }

  /** Matches all series against the rules anew; refs handed out before are void. */
  rulesChanged(): void {
    this.generation++
    this.#directions = this.#newDirections()
    this.#sources.reset()
    this.#booking.waking.clear()
    for (const ref of this.refs()) this.#direct(ref, false)
    this.#counting.perSlo.recount(this.#series.feeds())
  }

  /** Takes the series of groups that were forgotten away from them, until they come back. */
  groupsForgotten(forgotten: ReadonlySet<SloCounts>): void {
    this.#directions.forget()
    const rest = new Map<Destination, Destination>()
    for (const [destination] of this.#series.feeds()) {
      if (destination.counts.some((counts) => forgotten.has(counts)))
        rest.set(destination, without(destination, forgotten))
    }
    for (const ref of this.refs()) {
      const left = rest.get(this.#series.feedsOf(ref))
      if (left !== undefined) this.#series.redirect(ref, left)
    }
    if (rest.size > 0) this.generation++
  }

  /** Senders ask again about series that were refused: there is room now. */
  roomWasMade(): void {
    this.generation++
  }

  /** Forgets series: their refs are void, and their numbers are given again after `numbersFree`. */
  forget(refs: readonly SeriesRef[]): void {
    if (refs.length === 0) return
    for (const ref of refs) this.#drop(ref, true)
    this.#directions.forget()
    this.generation++
  }

  /** The pages of `seriesPerPage` numbers each of which some were given or taken since the last call. */
  takeChangedPages(): readonly number[] {
    return this.#changed.take(this.labels.length)
  }

  /** A checkpoint failed: all pages count as changed. */
  markUnsaved(): void {
    this.#changed.noteAll()
  }

  /** So many series are to come back. */
  reserve(length: number): void {
    this.#series.reserve(length)
  }

  /** What a checkpoint held is back. */
  restored(): void {
    this.labels.reuseGaps()
    this.#changed.clear()
  }

  /** What was forgotten is forgotten in the checkpoint too: numbers of such series can stand for others. */
  numbersFree(): void {
    this.labels.reuse()
  }

  resolve(labels: Labels, origin: SampleOrigin): SeriesRef {
    const own = ownLabels(labels, origin)
    const known = this.labels.find(own)
    if (known === unknownSeries) {
      if (!this.#isWanted(own, origin)) return unwantedSeries
      const added = this.#add(own, origin, true)
      if (this.#series.feedsOf(added).regions.length > 0) return this.#sources.refFor(added, origin.source)
      // Its groups are too many: nothing is left of it.
      this.#drop(added, false)
      return unwantedSeries
    }
    if (this.#series.feedsOf(known).isPartial) this.#direct(known, true)
    if (this.#series.feedsOf(known).regions.length === 0) return unwantedSeries
    return this.#sources.refFor(known, origin.source)
  }

  /** Puts back a series of a checkpoint, whose labels are held; its groups that the checkpoint does not hold come back with its next sample. */
  restore(ref: SeriesRef, pairs: Int32Array, origin: SampleOrigin): boolean {
    if (pairs.length === 0 || !this.labels.addHeld(pairs, ref)) return false
    this.#place(ref, origin, false)
    const { regions, metric } = this.#series.feedsOf(ref)
    // The count of a histogram says when its buckets start from zero, also where nobody wants it itself.
    if (regions.length > 0 || metric.endsWith('_count')) return true
    this.#drop(ref, false)
    return false
  }

  /** The bounds that SLOs ask about of a histogram, rising. */
  boundsOf(histogram: string): readonly number[] {
    return this.#directions.boundsOf(histogram)
  }

  resolveHistogram(labels: Labels, origin: SampleOrigin): HistogramRefs | undefined {
    const name = labels.get(metricNameLabel) ?? ''
    const named = (suffix: string, bound?: string): Labels => {
      const le: readonly (readonly [string, string])[] = bound === undefined ? [] : [[bucketBoundLabel, bound]]
      return labelsOf([...labels, [metricNameLabel, `${name}${suffix}`], ...le])
    }
    const sum = this.resolve(named('_sum'), origin)
    const buckets = this.#directions
      .boundsOf(name)
      .map((bound) => ({ bound, ref: this.resolve(named('_bucket', formatBucketBound(bound)), origin) }))
      .filter(({ ref }) => ref !== unwantedSeries)
    const count = this.resolve(named('_count'), origin)
    if (count === unwantedSeries && sum === unwantedSeries && buckets.length === 0) return undefined
    const leader = count === unwantedSeries ? this.#unwantedCount(named('_count'), origin) : count
    for (const ref of [sum, ...buckets.map((bucket) => bucket.ref)]) {
      if (ref !== unwantedSeries) this.#series.follow(this.#sources.seriesOf(ref), this.#sources.seriesOf(leader))
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
    return this.#exactness.sum((ref) => this.#series.feedsOf(ref).counts.some((counts) => asked.has(counts)))
  }

  #newDirections(): SeriesDirections {
    const now = this.#now()
    return new SeriesDirections(this.#counting, Number.isFinite(now) ? now : Number.NEGATIVE_INFINITY)
  }

  /** Whether a series that is not known is wanted: most look like one that is. */
  #isWanted(labels: Labels, origin: SampleOrigin): boolean {
    const { full } = this.#counting.perSlo
    if (full.size === 0 && this.#directions.knows(this.labels, labels, origin)) return true
    for (const value of labels.values()) if (value.length * 2 > labelValueLengthMax) return false
    return labels.size <= labelsMax && this.#directions.look(labels, origin, full)
  }

  /** Takes up a series that is wanted. */
  #add(labels: Labels, origin: SampleOrigin, takesUpGroups: boolean): number {
    const ref = this.labels.add(labels)
    this.#place(ref, origin, takesUpGroups)
    return ref
  }

  #place(ref: number, origin: SampleOrigin, takesUpGroups: boolean): void {
    const known = this.#origins.hold(ref, origin)
    const choices = { takesUpGroups, full: this.#counting.perSlo.full }
    const destination = this.#directions.of(this.labels, ref, known, choices)
    this.#series.add(destination, this.#targets.hold(ref, known), ref)
    for (const counts of destination.gauged) counts.gauges.add(ref)
    this.#counting.perSlo.add(destination.slos)
    this.#changed.note(ref)
    for (const found of this.#directions.takeFound()) if (takesUpGroups) this.#startAnew(found)
  }

  /** The count of a histogram of which only buckets are wanted: it says when they start from zero. */
  #unwantedCount(labels: Labels, origin: SampleOrigin): SeriesRef {
    const own = ownLabels(labels, origin)
    const known = this.labels.find(own)
    return this.#sources.refFor(known === unknownSeries ? this.#add(own, origin, true) : known, origin.source)
  }

  /** `rests` says whether a checkpoint may know its number, which is not given again at once then. */
  #drop(ref: number, rests: boolean): void {
    const { gauged, slos } = this.#series.feedsOf(ref)
    for (const counts of gauged) counts.gauges.delete(ref)
    this.#counting.perSlo.remove(slos)
    this.#exactness.forget(ref)
    this.journal?.forget(ref)
    this.#booking.waking.delete(ref)
    this.#series.remove(ref)
    this.#sources.remove(ref)
    this.#origins.release(ref)
    this.#changed.note(ref)
    this.labels.remove(ref, rests)
  }

  #direct(ref: number, takesUpGroups: boolean): void {
    const before = this.#series.feedsOf(ref)
    const choices = { takesUpGroups, full: noneFull }
    const destination = this.#directions.of(this.labels, ref, this.originOf(ref), choices)
    if (destination === before) return
    for (const counts of before.gauged) counts.gauges.delete(ref)
    this.#series.redirect(ref, destination)
    for (const counts of destination.gauged) counts.gauges.add(ref)
    this.#counting.perSlo.remove(before.slos)
    this.#counting.perSlo.add(destination.slos)
    for (const found of this.#directions.takeFound()) if (takesUpGroups) this.#startAnew(found)
  }

  /** What was counted in a region while a bucket was missing there says nothing of how long anything took. */
  #startAnew([{ slo }, region]: FoundBucket): void {
    const replaced = new Set([...region.slos.values()].filter(({ compiled }) => compiled.slo.name === slo.name))
    for (const { compiled } of replaced) {
      region.removeSlo(compiled.id)
      region.addSlo(compiled, this.#now())
    }
    this.#directions.forget()
    for (const ref of this.refs()) {
      const destination = this.#series.feedsOf(ref)
      if (!destination.counts.some((counts) => replaced.has(counts))) continue
      // The events up to its next sample have no bucket to be compared with.
      this.#series.redirect(ref, without(destination, replaced))
      if (this.#series.last(ref) === undefined) this.#direct(ref, true)
      else this.#booking.waking.add(ref)
    }
  }
}

const noneFull: ReadonlySet<string> = new Set()

/** More than any way of samples lets through, with a region added. */
const labelsMax = 255

/** Labels as a series is known by: with the region of its source, where it names none, and a bound written in one way. */
function ownLabels(labels: Labels, { region }: SampleOrigin): Labels {
  const plain = withPlainBound(labels)
  return region === undefined || plain.has('region') ? plain : labelsOf([...plain, ['region', region]])
}
