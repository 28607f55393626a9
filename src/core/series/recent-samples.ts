import { recentSamplesPerSeries, staleAfterMinMs } from '../model/limits.ts'
import type { EpochMs } from '../model/units.ts'
import type { CounterSamples, Increments, SampleRange } from './increments.ts'
import { grown, roomFor } from './room.ts'

const kept = recentSamplesPerSeries
/** Samples beside the newest. */
const older = kept - 1
/** Further back than this from its successor, 49 days, a sample is not remembered. */
const spacingMaxMs = 0xffff_ffff

/**
 * The last few samples of every series, in time order: 18 bytes for the newest of a series and 12 for each before it, whose
 * time is kept as its distance from the one that followed. All of a series stands in one record, so that samples of series in
 * no order wait for memory once or twice and not for each number.
 */
export class RecentSamples {
  /** The records as doubles: time and value of the newest sample, NaN without one; then the ring of values before. */
  #doubles = new Float64Array(0)
  /** The same memory: how long before its successor each sample of the ring was, after the doubles. */
  #words = new Uint32Array(0)
  /** The same memory: last, how many samples there are, up to `kept`, and where in the ring the youngest stands. */
  #bytes = new Uint8Array(0)

  /** How many samples of a series are kept at most. */
  readonly kept: number = kept

  /** Makes room for series 0 … length − 1. */
  reserve(length: number): void {
    const before = this.#bytes.length / recordBytes
    if (length <= before) return
    const capacity = roomFor(length)
    this.#doubles = grown(this.#doubles, new Float64Array(capacity * recordDoubles))
    this.#words = new Uint32Array(this.#doubles.buffer)
    this.#bytes = new Uint8Array(this.#doubles.buffer)
    for (let series = before; series < capacity; series++) this.clear(series)
  }

  /** Bytes held. */
  get byteLength(): number {
    return this.#bytes.byteLength
  }

  count(series: number): number {
    return this.#bytes[series * recordBytes + countAt]
  }

  /** Time of the newest sample; NaN without one. */
  lastTime(series: number): EpochMs {
    return this.#doubles[series * recordDoubles]
  }

  /** Value of the newest sample; NaN without one. */
  lastValue(series: number): number {
    return this.#doubles[series * recordDoubles + 1]
  }

  /** Fills in time and value of the newest sample of each series, one behind the other; NaN where there is none. */
  copyNewest(out: Float64Array): void {
    const doubles = this.#doubles
    for (let at = 0, newest = 0; at < out.length; at += 2, newest += recordDoubles) {
      out[at] = doubles[newest]
      out[at + 1] = doubles[newest + 1]
    }
  }

  /** Adds a sample newer than all before; the oldest makes room. */
  push(series: number, time: EpochMs, value: number): void {
    const doubles = this.#doubles
    const bytes = this.#bytes
    const newest = series * recordDoubles
    const end = series * recordBytes
    const count = bytes[end + countAt]
    if (count > 0) {
      const spacing = time - doubles[newest]
      if (spacing > spacingMaxMs) return this.fill(series, time, value)
      const next = bytes[end + placeAt] + 1
      const place = next === older ? 0 : next
      bytes[end + placeAt] = place
      this.#words[series * recordWords + spacingsAt + place] = spacing
      doubles[newest + valuesAt + place] = doubles[newest + 1]
    }
    if (count < kept) bytes[end + countAt] = count + 1
    doubles[newest] = time
    doubles[newest + 1] = value
  }

  /**
   * Adds samples of a batch as long as each is the next of a counter: newer than the one before but not by much, not fallen, not
   * said to have started since, and of a kind that none of the bits of `apart` sets apart. Notes the increments one behind the
   * other, and answers how many there are.
   */
  pushUsual(
    { refs, timesMs, values, startsMs, hasStarts }: CounterSamples,
    { from, to, latest }: SampleRange,
    kinds: Uint8Array,
    apart: number,
    { fromMs, toMs, amounts }: Increments,
  ): number {
    const doubles = this.#doubles
    for (let index = from; index < to; index++) {
      const series = refs[index]
      const time = Math.round(timesMs[index])
      const value = values[index]
      const lastTime = doubles[series * recordDoubles]
      const lastValue = doubles[series * recordDoubles + 1]
      const isUsual =
        value >= lastValue &&
        value < Number.POSITIVE_INFINITY &&
        time > lastTime &&
        time <= latest &&
        time - lastTime <= staleAfterMinMs &&
        (kinds[series] & apart) === 0 &&
        !(hasStarts && Math.round(startsMs[index]) > lastTime)
      if (!isUsual) return index - from
      fromMs[index - from] = lastTime
      toMs[index - from] = time
      amounts[index - from] = value - lastValue
      this.push(series, time, value)
    }
    return to - from
  }

  /** Lets one sample take up all the room, so that whatever is older counts as too old. */
  fill(series: number, time: EpochMs, value: number): void {
    const newest = series * recordDoubles
    const spacings = series * recordWords + spacingsAt
    this.#doubles[newest] = time
    this.#doubles[newest + 1] = value
    this.#doubles.fill(value, newest + valuesAt, newest + valuesAt + older)
    this.#words.fill(0, spacings, spacings + older)
    this.#bytes[series * recordBytes + countAt] = kept
  }

  /** Reads the record of a series, so that it is near when it is written to. What it answers means nothing. */
  touch(series: number): number {
    return this.#doubles[series * recordDoubles] + this.#bytes[series * recordBytes + countAt]
  }

  /** The sample `age` places before the newest. */
  timeAt(series: number, age: number): EpochMs {
    const spacings = series * recordWords + spacingsAt
    let time = this.lastTime(series)
    for (let step = 1; step <= age; step++) time -= this.#words[spacings + this.#place(series, step)]
    return time
  }

  valueAt(series: number, age: number): number {
    if (age === 0) return this.lastValue(series)
    return this.#doubles[series * recordDoubles + valuesAt + this.#place(series, age)]
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
    for (let age = this.count(series) - 1; age >= 0; age--) {
      samples.push([this.timeAt(series, age), this.valueAt(series, age)])
    }
    return samples
  }

  clear(series: number): void {
    this.#bytes[series * recordBytes + countAt] = 0
    this.#doubles[series * recordDoubles] = Number.NaN
    this.#doubles[series * recordDoubles + 1] = Number.NaN
  }

  /** Where in the ring the sample `age` places before the newest stands. */
  #place(series: number, age: number): number {
    return (this.#bytes[series * recordBytes + placeAt] - age + 1 + older) % older
  }
}

const valuesAt = 2
const spacingsAt = (valuesAt + older) * 2
const countAt = (spacingsAt + older) * 4
const placeAt = countAt + 1
/** Whole doubles, so that each record begins with one. */
const recordDoubles = Math.ceil((placeAt + 1) / 8)
const recordWords = recordDoubles * 2
const recordBytes = recordDoubles * 8
