import { recentSamplesPerSeries } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'

const kept = recentSamplesPerSeries

/** The last few samples of every series, in time order, on typed arrays: 16 bytes a sample and nothing else. */
export class RecentSamples {
  #times = new Float64Array(0)
  #values = new Float64Array(0)
  /** How many samples a series has, up to `kept`. */
  #counts = new Uint8Array(0)
  /** Where in the series' block its newest sample stands: blocks are rings. */
  #newest = new Uint8Array(0)

  /** How many samples of a series are kept at most. */
  readonly kept: number = kept

  /** Makes room for series 0 … length − 1. */
  reserve(length: number): void {
    if (length <= this.#counts.length) return
    const capacity = Math.ceil(length * 1.25) + 64
    this.#times = grown(this.#times, new Float64Array(capacity * kept))
    this.#values = grown(this.#values, new Float64Array(capacity * kept))
    this.#counts = grown(this.#counts, new Uint8Array(capacity))
    this.#newest = grown(this.#newest, new Uint8Array(capacity))
  }

  count(series: number): number {
    return this.#counts[series]
  }

  /** Time of the newest sample; NaN without one. */
  lastTime(series: number): EpochMs {
    return this.#counts[series] === 0 ? Number.NaN : this.#times[series * kept + this.#newest[series]]
  }

  lastValue(series: number): number {
    return this.#counts[series] === 0 ? Number.NaN : this.#values[series * kept + this.#newest[series]]
  }

  /** Adds a sample newer than all before; the oldest makes room. */
  push(series: number, time: EpochMs, value: number): void {
    const count = this.#counts[series]
    const slot = count === 0 ? 0 : (this.#newest[series] + 1) % kept
    this.#newest[series] = slot
    if (count < kept) this.#counts[series] = count + 1
    this.#times[series * kept + slot] = time
    this.#values[series * kept + slot] = value
  }

  /** The sample `age` places before the newest. */
  timeAt(series: number, age: number): EpochMs {
    return this.#times[this.#slot(series, age)]
  }

  valueAt(series: number, age: number): number {
    return this.#values[this.#slot(series, age)]
  }

  /** Puts a sample so that `age` samples are newer than it; when the ring is full the oldest falls out. */
  insert(series: number, age: number, time: EpochMs, value: number): void {
    const samples = this.list(series)
    samples.splice(samples.length - age, 0, [time, value])
    this.#counts[series] = 0
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
  }

  #slot(series: number, age: number): number {
    return series * kept + ((this.#newest[series] - age + kept) % kept)
  }
}

function grown<A extends Float64Array | Uint8Array>(from: A, to: A): A {
  to.set(from)
  return to
}
