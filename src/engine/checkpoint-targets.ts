import { bytesOf, floats } from './checkpoint-parts.ts'
import type { Counting } from './counting.ts'
import type { HeldSeries } from './held-series.ts'

const numbersPerTarget = 4

/** When each target was scraped, with a series that says which it is. */
export function targetsPart({ series }: Counting, held: HeldSeries): Uint8Array {
  const { targets } = series
  const numbers = new Float64Array(targets.size * numbersPerTarget)
  const isTaken = new Uint8Array(targets.length)
  let place = 0
  for (let ref = 0; ref < held.labels.length && place < numbers.length; ref++) {
    const target = series.targetOf(ref)
    if (isTaken[target] === 1 || !held.labels.isHeld(ref)) continue
    isTaken[target] = 1
    numbers[place++] = ref
    numbers[place++] = targets.firstAt(target)
    numbers[place++] = targets.lastAt(target)
    numbers[place++] = targets.previousAt(target)
  }
  return bytesOf(numbers)
}

/** Puts back what `targetsPart` took, for series that are back already. */
export function restoreTargets(bytes: Uint8Array | undefined, { series }: Counting, held: HeldSeries): void {
  const numbers = floats(bytes)
  for (let place = 0; place < numbers.length; place += numbersPerTarget) {
    const [ref, firstAt, lastAt, previousAt] = numbers.subarray(place, place + numbersPerTarget)
    if (held.labels.isHeld(ref)) series.targets.restore(series.targetOf(ref), firstAt, lastAt, previousAt)
  }
}
