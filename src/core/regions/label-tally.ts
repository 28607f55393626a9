import type { EventCounts } from '../model/counts.ts'
import { surveyLabelsMax, surveyValuesMax } from '../model/limits.ts'
import type { Ratio } from '../model/units.ts'

/** Which values of one label the failures carry, the worst first. */
export interface LabelShares {
  readonly label: string
  readonly values: readonly ValueShare[]
  /** Failures with other values, or without the label. */
  readonly otherBad: number
}

/** One value of a label, and its part in all failures. */
export interface ValueShare {
  readonly value: string
  readonly bad: number
  /** null where the counters of all events do not carry the label. */
  readonly total: number | null
  readonly ofFailures: Ratio
  readonly ofEvents: Ratio | null
}

/** The events of a stretch of time by the labels of the series that counted them; an SLO's formula makes events of the sums. */
export class LabelTally {
  readonly all: Float64Array
  /** How often there was no room for another label or another value of one. */
  refused = 0
  readonly #labels = new Map<string, Map<string, Float64Array>>()

  /** As many sums as the SLO has signals. */
  constructor(columns: number) {
    this.all = new Float64Array(columns)
  }

  add(labels: Iterable<readonly [label: string, value: string]>, column: number, amount: number): void {
    this.all[column] += amount
    for (const [label, value] of labels) {
      const sums = this.#sumsOf(label, value)
      if (sums !== undefined) sums[column] += amount
    }
  }

  /** Adds all of another one of the same SLO. */
  addAll(other: LabelTally): void {
    addTo(this.all, other.all)
    for (const [label, values] of other.#labels) {
      for (const [value, sums] of values) {
        const own = this.#sumsOf(label, value)
        if (own !== undefined) addTo(own, sums)
      }
    }
  }

  /** By label; what all events have alike is left out, since it tells nothing. */
  shares(events: (sums: ArrayLike<number>) => EventCounts, valuesMax: number): readonly LabelShares[] {
    const whole = events(this.all)
    if (!(whole.bad > 0)) return []
    const shares = [...this.#labels].flatMap(([label, values]) => this.#sharesOf(label, values, events, whole) ?? [])
    return shares
      .toSorted((a, b) => concentration(b) - concentration(a) || (a.label < b.label ? -1 : 1))
      .map(({ label, values }) => {
        const shown = values.slice(0, valuesMax)
        const told = shown.reduce((sum, { bad }) => sum + bad, 0)
        return { label, values: shown, otherBad: Math.max(0, whole.bad - told) }
      })
  }

  #sharesOf(
    label: string,
    values: ReadonlyMap<string, Float64Array>,
    events: (sums: ArrayLike<number>) => EventCounts,
    whole: EventCounts,
  ): { readonly label: string; readonly values: readonly ValueShare[] } | undefined {
    // A counter of all events that does not carry the label is the same for each of its values.
    const isCarried = Array.from(
      this.all,
      (sum, column) => sum === 0 || [...values.values()].some((own) => own[column] > 0),
    )
    const isPartial = isCarried.includes(false)
    if (values.size < 2 && !isPartial) return undefined
    const parts = [...values].map(([value, own]): ValueShare => {
      const { bad, total } = events(own.map((sum, column) => (isCarried[column] ? sum : this.all[column])))
      const known = isPartial ? null : total
      return {
        value,
        bad,
        total: known,
        ofFailures: bad / whole.bad,
        ofEvents: known === null ? null : known / whole.total,
      }
    })
    const failed = parts.filter(({ bad }) => bad > 0).toSorted((a, b) => b.bad - a.bad || (a.value < b.value ? -1 : 1))
    const sum = failed.reduce((all, { bad }) => all + bad, 0)
    // Parts that are more than the whole come of a formula, or of counters, that cannot be taken apart by this label.
    return sum <= 0 || sum > whole.bad * (1 + tolerance) ? undefined : { label, values: failed }
  }

  #sumsOf(label: string, value: string): Float64Array | undefined {
    let values = this.#labels.get(label)
    if (values === undefined) {
      if (this.#labels.size >= surveyLabelsMax) return this.#refuse()
      values = new Map()
      this.#labels.set(label, values)
    }
    const known = values.get(value)
    if (known !== undefined) return known
    if (values.size >= surveyValuesMax) return this.#refuse()
    const sums = new Float64Array(this.all.length)
    values.set(value, sums)
    return sums
  }

  #refuse(): undefined {
    this.refused++
    return undefined
  }
}

/** Counters that are read one after another differ a little. */
const tolerance = 0.02

/** How much more of the failures the worst value has than of the events: what fails everywhere alike is no lead. */
function concentration({ values }: { readonly values: readonly ValueShare[] }): number {
  return values[0].ofFailures - (values[0].ofEvents ?? 0)
}

function addTo(sums: Float64Array, more: Float64Array): void {
  for (let column = 0; column < sums.length; column++) sums[column] += more[column]
}
