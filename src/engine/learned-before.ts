import { dispersionWidth } from '../core/evidence/dispersion.ts'
import type { SloGates } from './weighed.ts'

/** Numbers kept of an SLO: its block and its dispersion. */
const width = 1 + dispersionWidth

/** What was known of how failures clump before the tick under way, to be put back when that cannot be stored. */
export class LearnedBefore {
  #versions = new Int32Array(0)
  /** By the number of an SLO: the commit since which it learned. */
  #learnedIn = new Int32Array(0)
  #commit = 1
  #length = 0
  readonly #free: number[] = []
  readonly #changed: SloGates[] = []
  #before = new Float64Array(0)

  /** By the number of an SLO: how often anything was learned or unlearned; another array once there are more SLOs. */
  get versions(): Int32Array {
    return this.#versions
  }

  /** A number for an SLO that has none. */
  newNumber(): number {
    const number = this.#free.pop() ?? this.#length++
    if (this.#length > this.#versions.length) {
      this.#versions = grown(this.#versions, this.#length)
      this.#learnedIn = grown(this.#learnedIn, this.#length)
    }
    return number
  }

  /** The SLO is gone. Not within a tick. */
  removeNumber(number: number): void {
    this.#free.push(number)
  }

  /** To be told before anything is learned of an SLO. */
  learns(slo: SloGates): void {
    const { number } = slo
    this.#versions[number]++
    if (this.#learnedIn[number] === this.#commit) return
    this.#learnedIn[number] = this.#commit
    const from = width * (this.#changed.push(slo) - 1)
    if (from + width > this.#before.length) {
      const larger = new Float64Array(2 * (from + width))
      larger.set(this.#before)
      this.#before = larger
    }
    this.#before[from] = slo.block
    slo.dispersion.copyTo(this.#before, from + 1)
  }

  /** What was learned stays. */
  commit(): void {
    this.#changed.length = 0
    this.#commit++
  }

  /** All is as it was at the last commit. */
  rollBack(): void {
    for (const [place, slo] of this.#changed.entries()) {
      this.#versions[slo.number]++
      slo.block = this.#before[width * place]
      slo.dispersion.restore(this.#before, width * place + 1)
    }
    this.commit()
  }
}

function grown(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(1.5 * length))
  larger.set(numbers)
  return larger
}
