import { futureSampleToleranceMs } from '../core/model/limits.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { SeriesStore } from '../core/series/series-store.ts'
import { type AppendCounts, noAppends, type SampleBatch, type SeriesRef } from '../ports/sample-sink.ts'
import { isBooked, tally } from './append-tally.ts'
import type { Counting } from './counting.ts'
import type { Destination } from './destination.ts'
import type { HeldSeries } from './held-series.ts'
import type { IncrementJournal } from './increment-journal.ts'
import type { SeriesSources } from './series-sources.ts'

/** What samples are booked with. */
export interface BookingWorld {
  readonly counting: Counting
  readonly held: HeldSeries
  readonly sources: SeriesSources
  readonly journal: IncrementJournal | undefined
  readonly now: () => EpochMs
}

/** Books batches of samples of series that are known, by the number each was given. */
export class SampleBooking {
  readonly #world: BookingWorld
  readonly #series: SeriesStore<Destination>
  readonly #sources: SeriesSources

  constructor(world: BookingWorld) {
    this.#world = world
    this.#series = world.counting.series
    this.#sources = world.sources
  }

  /** Books totals and what gauges show. */
  append(batch: SampleBatch): AppendCounts {
    const counts = noAppends()
    const latest = this.#world.now() + futureSampleToleranceMs
    const { refs, length } = batch
    const isPlain = this.#sources.isPlain && !this.#world.held.areSomeWaiting
    const isScattered = isPlain && areScattered(refs, length)
    const atOnce = isScattered ? touchedAtOnce : length
    for (let from = 0; from < length; from += atOnce) {
      const to = Math.min(length, from + atOnce)
      if (isScattered) this.#series.touch(refs, from, to)
      for (let index = from; index < to; index++) {
        if (isPlain) index = this.#appendUsual(batch, { from: index, to, latest }, counts)
        if (index < to) this.#appendOne(batch, index, latest, counts)
      }
    }
    return counts
  }

  /** Books the next samples, as long as they are like nearly all; answers the place of the first that is not. */
  #appendUsual(
    batch: SampleBatch,
    place: { readonly from: number; readonly to: number; readonly latest: EpochMs },
    counts: AppendCounts,
  ): number {
    const end = this.#series.appendUsual(batch, place, moveOn)
    counts.accepted += end - place.from
    for (let index = place.from; index < end; index++) {
      if (batch.timesMs[index] > counts.newestMs) counts.newestMs = Math.round(batch.timesMs[index])
    }
    return end
  }

  /** Books whatever sample it is. */
  #appendOne(batch: SampleBatch, index: number, latest: EpochMs, counts: AppendCounts): void {
    const ref = batch.refs[index]
    const time = Math.round(batch.timesMs[index])
    if (batch.stale[index] === 1) {
      counts.staleMarkers++
      if (time <= latest && this.#isOfRecord(ref, time)) this.#series.end(this.#sources.seriesOf(ref), time)
      return
    }
    if (time > latest) {
      counts.future++
      return
    }
    const series = this.#sources.seriesOf(ref)
    if (!this.#isOfRecord(ref, time)) {
      counts.duplicates++
      return
    }
    const start = batch.hasStarts ? Math.round(batch.startsMs[index]) : Number.NaN
    const appended = this.#series.append(series, time, batch.values[index], start)
    tally(counts, appended)
    this.#world.held.wake(series)
    if (isBooked(appended)) this.#arrived(series, time, counts)
  }

  /** Books increments, and writes those down that count. */
  appendDeltas(batch: SampleBatch): AppendCounts {
    const counts = noAppends()
    const latest = this.#world.now() + futureSampleToleranceMs
    for (let index = 0; index < batch.length; index++) {
      const ref = batch.refs[index]
      const end = Math.round(batch.timesMs[index])
      const start = batch.hasStarts ? Math.round(batch.startsMs[index]) : Number.NaN
      if (batch.stale[index] === 1) counts.staleMarkers++
      else if (end > latest) counts.future++
      else if (!this.#isOfRecord(ref, end)) counts.duplicates++
      else {
        const increment = { start, end, value: batch.values[index] }
        const series = this.#sources.seriesOf(ref)
        if (this.bookDelta(series, increment, counts)) {
          this.#world.journal?.note(series, start, end, increment.value)
        }
      }
    }
    this.#world.journal?.flush()
    return counts
  }

  /** Books one increment of a series; answers whether it counts. */
  bookDelta(
    series: number,
    { start, end, value }: { readonly start: EpochMs; readonly end: EpochMs; readonly value: number },
    counts: AppendCounts,
  ): boolean {
    const appended = this.#series.appendDelta(series, start, end, value)
    tally(counts, appended)
    if (!isBooked(appended)) return false
    this.#arrived(series, end, counts)
    return true
  }

  /** A sample was booked: time moves on where its series is counted. */
  #arrived(series: number, time: EpochMs, counts: AppendCounts): void {
    if (time > counts.newestMs) counts.newestMs = time
    moveOn(this.#series.feedsOf(series), time)
  }

  /** Whether samples under a ref count: those of the source that its series is counted from. */
  #isOfRecord(ref: SeriesRef, time: EpochMs): boolean {
    if (this.#sources.isPlain) return true
    const series = this.#sources.seriesOf(ref)
    return this.#sources.counts(ref, series, time, this.#series.lastSeenAt(series), this.#series.cadenceMs(series))
  }
}

function moveOn({ regions }: Destination, time: EpochMs): void {
  for (let index = 0; index < regions.length; index++) {
    const region = regions[index]
    if (!(time <= region.newestAt) || !(time >= region.oldestAt)) region.sampleArrived(time)
  }
}

/** So many series are read ahead of their samples: as many as memory answers side by side, and few enough to stay near. */
const touchedAtOnce = 32

/** Whether most of a batch's series are far from the one before; a few of them tell. */
function areScattered(refs: Int32Array, length: number): boolean {
  let far = 0
  let looked = 0
  for (let index = 1; index < length; index += 16, looked++) {
    if (Math.abs(refs[index] - refs[index - 1]) > 4) far++
  }
  return far * 2 > looked
}
