import { grown, roomFor } from '../core/series/room.ts'
import { SharedTable } from '../core/series/shared-table.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'

/** Where each series came from first: 4 bytes a series, because there are few origins. */
export class SeriesOrigins {
  readonly #table = new SharedTable<SampleOrigin>()
  /** By what they say: equal origins are one. */
  readonly #known = new Map<string, SampleOrigin>()
  #numbers = new Int32Array(0)
  /** The origin asked about last, and the one it equals: a sender comes with the same object again and again. */
  #last: readonly [SampleOrigin, SampleOrigin] | undefined

  of(series: number): SampleOrigin {
    return this.#table.at(this.#numbers[series])
  }

  /** Notes where a series comes from; answers the origin that all equal ones are. */
  hold(series: number, origin: SampleOrigin): SampleOrigin {
    if (series >= this.#numbers.length) this.#numbers = grown(this.#numbers, new Int32Array(roomFor(series + 1)))
    const known = this.#same(origin)
    this.#numbers[series] = this.#table.hold(known)
    return known
  }

  /** Forgets a series. */
  release(series: number): void {
    const origin = this.of(series)
    if (!this.#table.release(this.#numbers[series])) return
    this.#known.delete(keyOf(origin))
    this.#last = undefined
  }

  #same(origin: SampleOrigin): SampleOrigin {
    if (this.#last?.[0] === origin) return this.#last[1]
    const key = keyOf(origin)
    const known = this.#known.get(key) ?? origin
    this.#known.set(key, known)
    this.#last = [origin, known]
    return known
  }
}

function keyOf({ source, region, splitDelivery, labelling }: SampleOrigin): string {
  return [source, region ?? '', splitDelivery === true ? 1 : 0, labelling ?? ''].join('\u0000')
}
