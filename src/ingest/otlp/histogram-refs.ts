import type { SeriesRef } from '../../ports/sample-sink.ts'
import { lengthened } from '../probe-table.ts'

/** Where the refs of one histogram stand; good until `clear`. */
export type HistogramPlace = number

/** What the refs of a histogram are of; shared by all histograms of the same form. */
export interface HistogramForm {
  /** Of explicit buckets the bounds between them all; of exponential ones the bounds that SLOs ask about. */
  readonly bounds: readonly number[]
  /** How many buckets have a ref. */
  readonly buckets: number
  /** For each ref of a bucket how many explicit buckets it counts; not used of exponential ones. */
  readonly bucketsCounted: readonly number[]
}

/** The counters of one histogram. */
export interface HistogramCounters {
  readonly count: SeriesRef
  readonly sum: SeriesRef
  readonly buckets: readonly SeriesRef[]
}

/** A histogram as its refs are kept. */
export interface KeptHistogram {
  readonly counters: HistogramCounters
  readonly form: HistogramForm
}

const formAt = 0
const roundAt = 1
const countAt = 2
const sumAt = 3
const bucketsAt = 4

/** The refs of many histograms one after the other in one array, because their points come in that order. */
export class HistogramRefBook {
  #numbers = new Int32Array(64)
  #length = 0
  #forms: HistogramForm[] = []
  readonly #formsByKey = new Map<string, number>()
  /** Forgets everything. */
  clear(): void {
    this.#length = 0
    this.#forms = []
    this.#formsByKey.clear()
  }

  /** Keeps the refs of a histogram. */
  add({ counters: { count, sum, buckets }, form }: KeptHistogram): HistogramPlace {
    const place = this.#length
    this.#length += bucketsAt + buckets.length
    if (this.#length > this.#numbers.length) this.#numbers = lengthened(this.#numbers, new Int32Array(this.#length * 2))
    this.#numbers.set([this.#numberOf(form), -1, count, sum, ...buckets], place)
    return place
  }

  form(place: HistogramPlace): HistogramForm {
    return this.#forms[this.#numbers[place + formAt]]
  }

  count(place: HistogramPlace): SeriesRef {
    return this.#numbers[place + countAt]
  }

  sum(place: HistogramPlace): SeriesRef {
    return this.#numbers[place + sumAt]
  }

  bucket(place: HistogramPlace, index: number): SeriesRef {
    return this.#numbers[place + bucketsAt + index]
  }

  /** Notes the round that a histogram's samples go in; answers whether some of it were in that round already. */
  joinsRound(place: HistogramPlace, round: number): boolean {
    const isIn = this.#numbers[place + roundAt] === round
    this.#numbers[place + roundAt] = round
    return isIn
  }

  #numberOf(form: HistogramForm): number {
    const key = `${form.bounds.join(' ')}/${form.bucketsCounted.join(' ')}`
    const known = this.#formsByKey.get(key)
    if (known !== undefined) return known
    this.#formsByKey.set(key, this.#forms.length)
    return this.#forms.push(form) - 1
  }
}
