import type { Labels } from '../model/labels.ts'
import { LabelPairs, unknownPair } from './label-pairs.ts'
import { NumberTable } from './number-table.ts'
import { grown, roomFor } from './room.ts'

/** Answered where a series is not known. */
export const unknownSeries = -1

/** More than any way of samples lets through (`labelsPerSeriesMax`), and as many as a byte can count. */
const countMax = 255

/**
 * Which series has which number, by its labels. A series costs 4 bytes a label and some 20 beside, because names and values
 * are kept once for all that carry them. Numbers of series that were forgotten are given again, but not before `reuse`.
 */
export class SeriesLabels {
  readonly #pairs = new LabelPairs()
  /** The pairs of all series, one after the other; holes left by series that are gone are filled by ones of equal length. */
  #ids = new Int32Array(256)
  #idsEnd = 0
  readonly #holes: number[][] = []
  #starts = new Uint32Array(16)
  /** How many labels a series has; 0 where a number is free. */
  #counts = new Uint8Array(16)
  #hashes = new Int32Array(16)
  readonly #table = new NumberTable((series) => this.#hashes[series])
  #length = 0
  #held = 0
  readonly #free: number[] = []
  readonly #resting: number[] = []
  /** The labels at hand. */
  readonly #wanted = new Int32Array(countMax)

  /** One more than the highest number ever given. */
  get length(): number {
    return this.#length
  }

  /** How many series there are. */
  get held(): number {
    return this.#held
  }

  /** Bytes held. */
  get byteLength(): number {
    const arrays = [this.#ids, this.#starts, this.#counts, this.#hashes, this.#table]
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, this.#pairs.byteLength)
  }

  /** How many different labels there are. */
  get pairs(): number {
    return this.#pairs.size
  }

  isHeld(series: number): boolean {
    return this.#counts[series] > 0
  }

  /** The number of a series; `unknownSeries` where there is none. Labels must come from `labelsOf`, which orders them. */
  find(labels: Labels): number {
    let count = 0
    for (const [name, value] of labels) {
      const id = this.#pairs.find(name, value)
      if (id < 0) return unknownSeries
      this.#wanted[count++] = id
    }
    return this.#look(count)
  }

  /** Gives a number to a series that `find` did not find. */
  add(labels: Labels): number {
    if (labels.size === 0 || labels.size > countMax) throw new RangeError(`a series with ${labels.size} labels`)
    const series = this.#free.pop() ?? this.#length
    let count = 0
    for (const [name, value] of labels) this.#wanted[count++] = this.#pairs.hold(name, value)
    this.#put(series, count)
    return series
  }

  /** Takes hold of a label, whose number is then good for `addHeld`. */
  holdPair(name: string, value: string): number {
    return this.#pairs.hold(name, value)
  }

  releasePair(pair: number): void {
    this.#pairs.release(pair)
  }

  /** Gives a series with these labels, which are held, a number that is free; false where it has one already. */
  addHeld(pairs: Int32Array, series: number): boolean {
    this.#wanted.set(pairs)
    if (this.#look(pairs.length) !== unknownSeries) return false
    for (const pair of pairs) this.#pairs.holdAgain(pair)
    this.#put(series, pairs.length)
    return true
  }

  #put(series: number, count: number): void {
    this.#reserve(series + 1)
    const start = this.#place(count)
    for (let index = 0; index < count; index++) this.#ids[start + index] = this.#wanted[index]
    this.#starts[series] = start
    this.#counts[series] = count
    this.#hashes[series] = hashOf(this.#wanted, 0, count)
    this.#held++
    this.#table.add(series)
  }

  /** Forgets a series; its number rests until `reuse`, unless nobody heard of it. */
  remove(series: number, rests = true): void {
    this.#table.remove(series)
    const start = this.#starts[series]
    const count = this.#counts[series]
    for (let index = start; index < start + count; index++) this.#pairs.release(this.#ids[index])
    this.#holes[count] ??= []
    this.#holes[count].push(start)
    this.#counts[series] = 0
    this.#held--
    if (rests) this.#resting.push(series)
    else this.#free.push(series)
  }

  /** Lets the numbers of series forgotten so far be given again. */
  reuse(): void {
    for (const series of this.#resting.splice(0)) this.#free.push(series)
  }

  /** After numbers were given by name: those below `length` that nobody holds are free. */
  reuseGaps(): void {
    this.#free.length = 0
    for (let series = this.#length - 1; series >= 0; series--) if (this.#counts[series] === 0) this.#free.push(series)
  }

  /** The labels of a series. */
  labels(series: number): Labels {
    const labels = new Map<string, string>()
    const start = this.#starts[series]
    for (let index = start; index < start + this.#counts[series]; index++) {
      labels.set(this.#pairs.name(this.#ids[index]), this.#pairs.value(this.#ids[index]))
    }
    return labels
  }

  /** The numbers of a series' labels; void as soon as series come or go. */
  pairsOf(series: number): Int32Array {
    return this.#ids.subarray(this.#starts[series], this.#starts[series] + this.#counts[series])
  }

  pair(pair: number): readonly [name: string, value: string] {
    return [this.#pairs.name(pair), this.#pairs.value(pair)]
  }

  /** The number of one label of a series; `unknownPair` where it has none. */
  pairOf(series: number, name: string): number {
    const start = this.#starts[series]
    for (let index = start; index < start + this.#counts[series]; index++) {
      if (this.#pairs.name(this.#ids[index]) === name) return this.#ids[index]
    }
    return unknownPair
  }

  /** The same text as `signature` has for series with these labels; undefined where one of those labels is new. */
  signatureOf(labels: Labels, names: ReadonlySet<string>): string | undefined {
    let text = ''
    for (const [name, value] of labels) {
      if (!names.has(name)) continue
      const id = this.#pairs.find(name, value)
      if (id === unknownPair) return undefined
      text += spelled(id)
    }
    return text
  }

  /** One text for those labels of a series that have one of these names: equal for series that are equal in them. */
  signature(series: number, names: ReadonlySet<string>): string {
    let text = ''
    const start = this.#starts[series]
    for (let index = start; index < start + this.#counts[series]; index++) {
      const id = this.#ids[index]
      if (names.has(this.#pairs.name(id))) text += spelled(id)
    }
    return text
  }

  #look(count: number): number {
    const wanted = this.#wanted
    const hash = hashOf(wanted, 0, count)
    const { slots } = this.#table
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const series = slots[slot] - 1
      if (series < 0) return unknownSeries
      if (this.#hashes[series] !== hash || this.#counts[series] !== count) continue
      const start = this.#starts[series]
      let same = 0
      while (same < count && this.#ids[start + same] === wanted[same]) same++
      if (same === count) return series
    }
  }

  /** Room for the labels of one series. */
  #place(count: number): number {
    const hole = this.#holes[count]?.pop()
    if (hole !== undefined) return hole
    const start = this.#idsEnd
    this.#idsEnd += count
    if (this.#idsEnd > this.#ids.length) {
      const ids = new Int32Array(roomFor(this.#idsEnd))
      ids.set(this.#ids)
      this.#ids = ids
    }
    return start
  }

  #reserve(length: number): void {
    if (length > this.#length) this.#length = length
    if (length <= this.#counts.length) return
    const capacity = roomFor(length)
    this.#starts = grown(this.#starts, new Uint32Array(capacity))
    this.#counts = grown(this.#counts, new Uint8Array(capacity))
    this.#hashes = grown(this.#hashes, new Int32Array(capacity))
  }
}

/** A number as two characters: a series takes one short text for its signature. */
function spelled(id: number): string {
  return String.fromCharCode(id & 0xffff, id >>> 16)
}

function hashOf(ids: Int32Array, from: number, to: number): number {
  let hash = 0x811c_9dc5 ^ (to - from)
  for (let index = from; index < to; index++) {
    hash = Math.imul(hash ^ ids[index], 0x9e37_79b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  return hash ^ (hash >>> 13)
}
