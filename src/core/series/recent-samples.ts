import { recentSamplesPerSeries } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import { grown, roomFor } from './room.ts'

const kept = recentSamplesPerSeries
/** Samples beside the newest. */
const older = kept - 1
/** Further back than this from its successor, 49 days, a sample is not remembered. */
const spacingMaxMs = 0xffff_ffff

/**
 * The last few samples of every series, in time order, on typed arrays: 18 bytes for the newest of a series and 12 for
 * each before it, whose time is kept as its distance from the one that followed.
 */
export class RecentSamples {
  /** Time and value of each series' newest sample; NaN without one. */
  times = new Float64Array(0)
  values = new Float64Array(0)
  /** The ring of those before: how long before its successor each was, and its value. */
  #spacings = new Uint32Array(0)
  #olderValues = new Float64Array(0)
  /** How many samples a series has, up to `kept`. */
  #counts = new Uint8Array(0)
  /** Where in its ring the youngest of those before the newest stands. */
  #places = new Uint8Array(0)

  /** How many samples of a series are kept at most. */
  readonly kept: number = kept

  /** Makes room for series 0 … length − 1. */
  reserve(length: number): void {
    if (length <= this.#counts.length) return
    const capacity = roomFor(length)
    const before = this.#counts.length
    this.times = grown(this.times, new Float64Array(capacity)).fill(Number.NaN, before)
    this.values = grown(this.values, new Float64Array(capacity)).fill(Number.NaN, before)
    this.#spacings = grown(this.#spacings, new Uint32Array(capacity * older))
    this.#olderValues = grown(this.#olderValues, new Float64Array(capacity * older))
    this.#counts = grown(this.#counts, new Uint8Array(capacity))
    this.#places = grown(this.#places, new Uint8Array(capacity))
  }

  /** Bytes held. */
  get byteLength(): number {
    const arrays = [this.times, this.values, this.#spacings, this.#olderValues, this.#counts, this.#places]
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  count(series: number): number {
    return this.#counts[series]
  }

  /** Time of the newest sample; NaN without one. */
  lastTime(series: number): EpochMs {
    return this.times[series]
  }

  lastValue(series: number): number {
    return this.values[series]
  }

  /** Adds a sample newer than all before; the oldest makes room. */
  push(series: number, time: EpochMs, value: number): void {
    const count = this.#counts[series]
    if (count > 0) {
      const spacing = time - this.times[series]
      if (spacing > spacingMaxMs) return this.fill(series, time, value)
      const place = this.#places[series] + 1 === older ? 0 : this.#places[series] + 1
      this.#places[series] = place
      this.#spacings[series * older + place] = spacing
      this.#olderValues[series * older + place] = this.values[series]
    }
    if (count < kept) this.#counts[series] = count + 1
    this.times[series] = time
    this.values[series] = value
  }

  /** Lets one sample take up all the room, so that whatever is older counts as too old. */
  fill(series: number, time: EpochMs, value: number): void {
    this.times[series] = time
    this.values[series] = value
    this.#counts[series] = kept
    this.#spacings.fill(0, series * older, (series + 1) * older)
    this.#olderValues.fill(value, series * older, (series + 1) * older)
  }

  /** The sample `age` places before the newest. */
  timeAt(series: number, age: number): EpochMs {
    let time = this.times[series]
    for (let step = 1; step <= age; step++) time -= this.#spacings[this.#slot(series, step)]
    return time
  }

  valueAt(series: number, age: number): number {
    return age === 0 ? this.values[series] : this.#olderValues[this.#slot(series, age)]
  }

  /** Puts a sample so that `age` samples are newer than it; when the ring is full the oldest falls out. */
  insert(series: number, age: number, time: EpochMs, value: number): void {
    const samples = this.list(series)
    samples.splice(samples.length - age, 0, [time, value])
    this.clear(series)
    for (const [sampleTime, sampleValue] of samples.slice(-kept)) this.push(series, sampleTime, sampleValue)
  }

  /** All kept samples, oldest first. */
  list(series: number): [EpochMs, number][] {
    const samples: [EpochMs, number][] = []
    for (let age = this.#counts[series] - 1; age >= 0; age--) {
      samples.push([this.timeAt(series, age), this.valueAt(series, age)])
    }
    return samples
  }

  clear(series: number): void {
    this.#counts[series] = 0
    this.times[series] = Number.NaN
    this.values[series] = Number.NaN
  }

  #slot(series: number, age: number): number {
    return series * older + ((this.#places[series] - age + 1 + older) % older)
  }
}
