import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { roomFor } from '../core/series/room.ts'
import { staleAfter } from '../core/series/seen-intervals.ts'
import type { SeriesRef } from '../ports/sample-sink.ts'

/** Refs from here on are those of a second source of a series; no engine has as many series. */
const rivalRefs: SeriesRef = 0x4000_0000

/** A ref handed to a source that is not the first of its series. */
interface Rival {
  readonly series: number
  readonly source: string
}

/**
 * Which source a series is counted from when several deliver it. The first one counts, and the samples of others are
 * duplicates of its own, until it has been silent for so long that nothing is known of the series any more; then another
 * takes over, and what was counted meanwhile comes with its first sample. Samples of two sources never meet, so that two
 * clocks that disagree cannot make a counter seem to fall.
 */
export class SeriesSources {
  /** The source that each series came from first, by a number; 0 where none has since the rules changed. */
  #firstOf = new Uint16Array(0)
  readonly #numbers = new Map<string, number>()
  readonly #names: string[] = ['']
  #rivals: Rival[] = []
  readonly #refs = new Map<string, SeriesRef>()
  /** Of series with several sources: the one that counts. */
  readonly #ofRecord = new Map<number, string>()

  /** Whether no series has a second source. */
  get isPlain(): boolean {
    return this.#ofRecord.size === 0
  }

  /** The ref under which a source sends a series. */
  refFor(series: number, source: string): SeriesRef {
    const first = this.#firstOf[series] ?? 0
    if (first === 0) {
      this.#reserve(series + 1)
      this.#firstOf[series] = this.#numberOf(source)
      return series
    }
    const firstSource = this.#names[first]
    return firstSource === source ? series : this.#rivalRef(series, source, firstSource)
  }

  /** The series that a ref stands for. */
  seriesOf(ref: SeriesRef): number {
    return ref < rivalRefs ? ref : this.#rivals[ref - rivalRefs].series
  }

  /** Whether a sample counts that comes under this ref, when its series was last seen at a moment. */
  counts(ref: SeriesRef, series: number, time: EpochMs, lastSeenAt: EpochMs, cadenceMs: DurationMs): boolean {
    const ofRecord = this.#ofRecord.get(series)
    if (ofRecord === undefined) return true
    const source = ref < rivalRefs ? this.#names[this.#firstOf[series]] : this.#rivals[ref - rivalRefs].source
    if (source === ofRecord) return true
    if (time - lastSeenAt <= staleAfter(cadenceMs)) return false
    this.#ofRecord.set(series, source)
    return true
  }

  /** Forgets a series. Refs of other series stay good. */
  remove(series: number): void {
    if (series < this.#firstOf.length) this.#firstOf[series] = 0
    this.#ofRecord.delete(series)
  }

  /** Forgets where series came from: sources may have been renamed. All refs are void. */
  reset(): void {
    this.#firstOf.fill(0)
    this.#rivals = []
    this.#refs.clear()
    this.#ofRecord.clear()
  }

  #rivalRef(series: number, source: string, first: string): SeriesRef {
    const key = `${series}|${source}`
    const known = this.#refs.get(key)
    if (known !== undefined) return known
    const ref = rivalRefs + this.#rivals.length
    this.#rivals.push({ series, source })
    this.#refs.set(key, ref)
    if (!this.#ofRecord.has(series)) this.#ofRecord.set(series, first)
    return ref
  }

  #numberOf(source: string): number {
    let number = this.#numbers.get(source)
    if (number === undefined) {
      number = this.#names.push(source) - 1
      this.#numbers.set(source, number)
    }
    return number
  }

  #reserve(length: number): void {
    if (length <= this.#firstOf.length) return
    const sources = new Uint16Array(roomFor(length))
    sources.set(this.#firstOf)
    this.#firstOf = sources
  }
}
