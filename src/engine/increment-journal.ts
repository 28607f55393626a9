import type { Labels } from '../core/model/labels.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { IncrementLog } from '../ports/increment-log.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'

/** A series as it stands in an increment log: it is named once in each part. */
export interface JournalSeries {
  readonly labels: Labels
  readonly origin: SampleOrigin
}

/** The events of one series in (start, end]; the start is NaN where its sender gave none. */
export interface JournalIncrement extends JournalSeries {
  readonly start: EpochMs
  readonly end: EpochMs
  readonly value: number
}

/**
 * Writes down increments that were booked, so that they outlive the process: a sender that was told they were taken does not
 * send them again. Booking them a second time changes nothing, since each interval of a series counts once.
 */
export class IncrementJournal {
  readonly #log: IncrementLog
  readonly #seriesOf: (series: number) => JournalSeries
  /** Series that the part at hand names. */
  readonly #named = new Set<number>()
  #newSeries: number[] = []
  #series: number[] = []
  /** Start, end and value of each. */
  #numbers: number[] = []

  constructor(log: IncrementLog, seriesOf: (series: number) => JournalSeries) {
    this.#log = log
    this.#seriesOf = seriesOf
  }

  /** Notes an increment, which is written with the next `flush`. */
  note(series: number, start: EpochMs, end: EpochMs, value: number): void {
    if (!this.#named.has(series)) {
      this.#named.add(series)
      this.#newSeries.push(series)
    }
    this.#series.push(series)
    this.#numbers.push(start, end, value)
  }

  /** Writes what was noted. */
  flush(): void {
    if (this.#series.length === 0) return
    const named = this.#newSeries.map((series) => {
      const { labels, origin } = this.#seriesOf(series)
      return [series, [...labels], origin] as const
    })
    const names = named.length === 0 ? nothing : Buffer.from(JSON.stringify(named))
    const numbers = Float64Array.from(this.#numbers)
    const entry = Buffer.allocUnsafe(headBytes + names.length + this.#series.length * incrementBytes)
    entry.writeUInt32LE(names.length, 0)
    entry.writeUInt32LE(this.#series.length, 4)
    entry.set(names, headBytes)
    const seriesAt = headBytes + names.length
    entry.set(new Uint8Array(Uint32Array.from(this.#series).buffer), seriesAt)
    entry.set(new Uint8Array(numbers.buffer), seriesAt + this.#series.length * 4)
    if (!this.#log.append(entry)) for (const series of this.#newSeries) this.#named.delete(series)
    this.#newSeries = []
    this.#series = []
    this.#numbers = []
  }

  /** A number stands for another series from now on. */
  forget(series: number): void {
    this.#named.delete(series)
  }

  /** Begins another part: what was written before belongs to the checkpoint that is taken now. Answers what `drop` takes. */
  turn(): number {
    this.#named.clear()
    return this.#log.turn()
  }

  /** The checkpoint is stored. */
  drop(part: number): void {
    this.#log.dropBefore(part)
  }

  /** What earlier processes wrote after their last checkpoint. */
  *left(): Iterable<JournalIncrement> {
    for (const part of this.#log.left()) {
      const named = new Map<number, JournalSeries>()
      for (const entry of part) yield* incrementsOf(entry, named)
    }
  }
}

/** The lengths of names and increments. */
const headBytes = 8
/** The number of a series, and three doubles. */
const incrementBytes = 4 + 3 * 8
const nothing = Buffer.alloc(0)

function* incrementsOf(entry: Uint8Array, named: Map<number, JournalSeries>): Iterable<JournalIncrement> {
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength)
  const seriesAt = headBytes + bytes.readUInt32LE(0)
  const count = bytes.readUInt32LE(4)
  const names: [number, [string, string][], SampleOrigin][] =
    seriesAt === headBytes ? [] : JSON.parse(bytes.toString('utf8', headBytes, seriesAt))
  for (const [series, labels, origin] of names) named.set(series, { labels: new Map(labels), origin })
  const numbersAt = seriesAt + count * 4
  for (let index = 0; index < count; index++) {
    const series = named.get(bytes.readUInt32LE(seriesAt + index * 4))
    if (series === undefined) continue
    const at = numbersAt + index * 24
    const [start, end, value] = [bytes.readDoubleLE(at), bytes.readDoubleLE(at + 8), bytes.readDoubleLE(at + 16)]
    yield { ...series, start, end, value }
  }
}
