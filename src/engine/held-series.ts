import type { Labels } from '../core/model/labels.ts'
import type { EpochMs } from '../core/model/units.ts'
import { labelValueLengthMax } from '../core/series/label-pairs.ts'
import { SeriesLabels, unknownSeries } from '../core/series/series-labels.ts'
import type { SeriesStore } from '../core/series/series-store.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'
import { ChangedPages } from './changed-pages.ts'
import type { Counting } from './counting.ts'
import { type Destination, without } from './destination.ts'
import type { SloCounts } from './region-counts.ts'
import { type FoundBucket, SeriesDirections } from './series-directions.ts'
import { SeriesOrigins } from './series-origins.ts'
import { SeriesTargets } from './series-targets.ts'

/** Every series that is held, by its number: who it is, where it came from, and where it goes under the rules in force. */
export class HeldSeries {
  readonly labels = new SeriesLabels()
  readonly #counting: Counting
  readonly #series: SeriesStore<Destination>
  readonly #now: () => EpochMs
  readonly #origins = new SeriesOrigins()
  readonly #targets: SeriesTargets
  readonly #changed = new ChangedPages()
  /** Series that count again from their next sample on, which says where they stand. */
  readonly #waiting = new Set<number>()
  #directions: SeriesDirections

  constructor(counting: Counting, now: () => EpochMs) {
    this.#counting = counting
    this.#series = counting.series
    this.#targets = new SeriesTargets(this.labels, counting.series.targets)
    this.#now = now
    this.#directions = this.#newDirections()
  }

  /** How many there are. */
  get count(): number {
    return this.labels.held
  }

  /** Where series go under the rules in force. */
  get directions(): SeriesDirections {
    return this.#directions
  }

  /** Whether any waits for its next sample. */
  get areSomeWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** The numbers of all of them. */
  *numbers(): Iterable<number> {
    for (let series = 0; series < this.labels.length; series++) if (this.labels.isHeld(series)) yield series
  }

  /** Where a series came from first. */
  originOf(series: number): SampleOrigin {
    return this.#origins.of(series)
  }

  /** Whether an SLO counts a series that is held. */
  isCounted(series: number): boolean {
    return this.#series.feedsOf(series).regions.length > 0
  }

  /** The number of the series with these labels; `unknownSeries` where none is held. */
  find(labels: Labels): number {
    const series = this.labels.find(labels)
    if (series !== unknownSeries && this.#series.feedsOf(series).isPartial) this.#direct(series, true)
    return series
  }

  /** Whether a series that is not held is wanted: most look like one that is. */
  isWanted(labels: Labels, origin: SampleOrigin): boolean {
    const { full } = this.#counting.perSlo
    if (full.size === 0 && this.#directions.knows(this.labels, labels, origin)) return true
    for (const value of labels.values()) if (value.length * 2 > labelValueLengthMax) return false
    return labels.size <= labelsMax && this.#directions.look(labels, origin, full)
  }

  /** Takes up a series; answers its number. */
  add(labels: Labels, origin: SampleOrigin): number {
    const series = this.labels.add(labels)
    this.#place(series, origin, true)
    return series
  }

  /** `rests` says whether a checkpoint may know its number, which is not given again at once then. */
  drop(series: number, rests: boolean): void {
    const { gauged, slos } = this.#series.feedsOf(series)
    for (const counts of gauged) counts.gauges?.delete(series)
    this.#counting.perSlo.remove(slos)
    this.#waiting.delete(series)
    this.#series.remove(series)
    this.#origins.release(series)
    this.#changed.note(series)
    this.labels.remove(series, rests)
  }

  /** A sample came: its series counts again, if it waited for one. */
  wake(series: number): void {
    if (this.#waiting.delete(series)) this.#direct(series, true)
  }

  /** Matches all series against the rules anew. */
  rulesChanged(): void {
    this.#directions = this.#newDirections()
    this.#waiting.clear()
    for (const series of this.numbers()) this.#direct(series, false)
    this.#counting.perSlo.recount(this.#series.feeds())
  }

  /** Numbers are free to be given again, or groups went: where series like others go is worked out anew. */
  forgetDirections(): void {
    this.#directions.forget()
  }

  /** Takes the series of groups that were forgotten away from them, until they come back; answers whether there were any. */
  leaveGroups(forgotten: ReadonlySet<SloCounts>): boolean {
    this.forgetDirections()
    const rest = new Map<Destination, Destination>()
    for (const [destination] of this.#series.feeds()) {
      if (destination.counts.some((counts) => forgotten.has(counts)))
        rest.set(destination, without(destination, forgotten))
    }
    for (const series of this.numbers()) {
      const left = rest.get(this.#series.feedsOf(series))
      if (left !== undefined) this.#series.redirect(series, left)
    }
    return rest.size > 0
  }

  /** So many series are to come back. */
  reserve(length: number): void {
    this.#series.reserve(length)
  }

  /** Puts back a series of a checkpoint, whose labels are held; its groups that the checkpoint does not hold come back with its next sample. */
  restore(series: number, pairs: Int32Array, origin: SampleOrigin): boolean {
    if (pairs.length === 0 || !this.labels.addHeld(pairs, series)) return false
    this.#place(series, origin, false)
    // The count of a histogram says when its buckets start from zero, also where nobody wants it itself.
    if (this.isCounted(series) || this.#series.feedsOf(series).metric.endsWith('_count')) return true
    this.drop(series, false)
    return false
  }

  /** What a checkpoint held is back. */
  restored(): void {
    this.labels.reuseGaps()
    this.#changed.clear()
  }

  /** The pages of `seriesPerPage` numbers each of which some were given or taken since the last call. */
  takeChangedPages(): readonly number[] {
    return this.#changed.take(this.labels.length)
  }

  /** A checkpoint failed: all pages count as changed. */
  markUnsaved(): void {
    this.#changed.noteAll()
  }

  /** What was forgotten is forgotten in the checkpoint too: numbers of such series can stand for others. */
  numbersFree(): void {
    this.labels.reuse()
  }

  #newDirections(): SeriesDirections {
    const now = this.#now()
    return new SeriesDirections(this.#counting, Number.isFinite(now) ? now : Number.NEGATIVE_INFINITY)
  }

  #place(series: number, origin: SampleOrigin, takesUpGroups: boolean): void {
    const known = this.#origins.hold(series, origin)
    const choices = { takesUpGroups, full: this.#counting.perSlo.full }
    const destination = this.#directions.of(this.labels, series, known, choices)
    this.#series.add(destination, this.#targets.hold(series, known), series)
    for (const counts of destination.gauged) (counts.gauges ??= new Set()).add(series)
    this.#counting.perSlo.add(destination.slos)
    this.#changed.note(series)
    this.#startFoundAnew(takesUpGroups)
  }

  #direct(series: number, takesUpGroups: boolean): void {
    const before = this.#series.feedsOf(series)
    const choices = { takesUpGroups, full: noneFull }
    const destination = this.#directions.of(this.labels, series, this.originOf(series), choices)
    if (destination === before) return
    for (const counts of before.gauged) counts.gauges?.delete(series)
    this.#series.redirect(series, destination)
    for (const counts of destination.gauged) (counts.gauges ??= new Set()).add(series)
    this.#counting.perSlo.remove(before.slos)
    this.#counting.perSlo.add(destination.slos)
    this.#startFoundAnew(takesUpGroups)
  }

  #startFoundAnew(takesUpGroups: boolean): void {
    for (const found of this.#directions.takeFound()) if (takesUpGroups) this.#startAnew(found)
  }

  /** What was counted in a region while a bucket was missing there says nothing of how long anything took. */
  #startAnew([{ slo }, region]: FoundBucket): void {
    const replaced = new Set([...region.slos.values()].filter(({ compiled }) => compiled.slo.name === slo.name))
    for (const { compiled } of replaced) {
      region.removeSlo(compiled.id)
      region.addSlo(compiled, this.#now())
    }
    this.forgetDirections()
    for (const series of this.numbers()) {
      const destination = this.#series.feedsOf(series)
      if (!destination.counts.some((counts) => replaced.has(counts))) continue
      // The events up to its next sample have no bucket to be compared with.
      this.#series.redirect(series, without(destination, replaced))
      if (this.#series.last(series) === undefined) this.#direct(series, true)
      else this.#waiting.add(series)
    }
  }
}

const noneFull: ReadonlySet<string> = new Set()

/** More than any way of samples lets through, with a region added. */
const labelsMax = 255
