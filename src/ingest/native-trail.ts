import { countAtMost, type NativeBuckets, type NativeHistogram } from '../core/sli/native-histogram.ts'

/**
 * Follows one cumulative native histogram, so that the events it counts up to some bounds never fall. A sender halves the
 * resolution when values spread; the same events then seem to lie elsewhere in wider buckets, and what is counted up to a bound
 * inside one jumps, down as well as up. A fall would be taken for a counter that starts again. So both histograms are
 * read at the lower resolution, and the difference is made up for from then on.
 */
export class NativeTrail {
  readonly #bounds: readonly number[]
  readonly #corrections: number[]
  #last: NativeHistogram | undefined
  #startMs = Number.NaN

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#corrections = bounds.map(() => 0)
  }

  /** Whether it counts up to these bounds. */
  isOf(bounds: readonly number[]): boolean {
    return bounds.length === this.#bounds.length && bounds.every((bound, index) => bound === this.#bounds[index])
  }

  /**
   * The events up to each bound. A histogram that started at another time than the last one, or counts fewer events, stands for
   * itself. Histograms come in order of time; `startMs` is NaN where nobody says when they started.
   */
  eventsAtMost(histogram: NativeHistogram, startMs: number): readonly number[] {
    const last = this.#last
    const isOfAnother = !Object.is(startMs, this.#startMs) || last?.customBounds !== histogram.customBounds
    if (last === undefined || isOfAnother || histogram.count < last.count) {
      this.#corrections.fill(0)
      this.#startMs = startMs
      this.#last = histogram
    } else if (histogram.schema < last.schema) {
      const coarse = atSchema(last, histogram.schema)
      for (const [index, bound] of this.#bounds.entries()) {
        this.#corrections[index] += countAtMost(last, bound).events - countAtMost(coarse, bound).events
      }
    }
    const schema = Math.min(histogram.schema, this.#last?.schema ?? histogram.schema)
    const read = atSchema(histogram, schema)
    this.#last = read
    return this.#bounds.map((bound, index) => countAtMost(read, bound).events + this.#corrections[index])
  }
}

/** A histogram at a lower resolution: each step halves it, and joins two buckets to one. */
export function atSchema(histogram: NativeHistogram, schema: number): NativeHistogram {
  const steps = histogram.schema - schema
  if (steps <= 0) return histogram
  return {
    ...histogram,
    schema,
    positive: coarser(histogram.positive, steps),
    negative: coarser(histogram.negative, steps),
  }
}

/** Buckets 2i − 1 and 2i are bucket i of the next lower resolution. */
function coarser({ offset, counts }: NativeBuckets, steps: number): NativeBuckets {
  if (counts.length === 0) return { offset, counts }
  const width = 2 ** steps
  const first = Math.ceil(offset / width)
  const last = Math.ceil((offset + counts.length - 1) / width)
  const joined = Array.from({ length: last - first + 1 }, () => 0)
  for (const [index, count] of counts.entries()) joined[Math.ceil((offset + index) / width) - first] += count
  return { offset: first, counts: joined }
}
