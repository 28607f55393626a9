import { type Labels, labelsOf, metricNameLabel } from '../core/model/labels.ts'
import type { OwnSample } from '../ports/own-series.ts'
import { encodeLabels, type WrittenSeries } from './write-request.ts'

/** The series that were sent and have not ended: what is not among the samples of a turn any more has. */
export class LivingSeries {
  readonly #labels: Labels
  #living = new Map<string, Uint8Array>()

  /** `labels` are added to every series that has none of that name. */
  constructor(labels: Labels) {
    this.#labels = labels
  }

  /**
   * The series of this turn, and an end for each one of the turn before that is not among them, in parts of a size, so that
   * other things can be done between two of them. The turn must be taken to its end.
   */
  *turn(samples: readonly OwnSample[], size: number): Generator<readonly WrittenSeries[]> {
    const before = this.#living
    const living = new Map<string, Uint8Array>()
    let part: WrittenSeries[] = []
    for (const sample of samples) {
      const key = keyOf(sample)
      const labels = before.get(key) ?? encodeLabels(this.#labelsOf(sample))
      living.set(key, labels)
      part.push({ labels, value: sample.value })
      if (part.length < size) continue
      yield part
      part = []
    }
    for (const [key, labels] of before) {
      if (living.has(key)) continue
      part.push({ labels, value: null })
      if (part.length < size) continue
      yield part
      part = []
    }
    if (part.length > 0) yield part
    this.#living = living
  }

  #labelsOf({ name, labels }: OwnSample): Labels {
    const own = Object.entries(labels).map(([label, value]): [string, string] => [label, String(value)])
    return labelsOf(new Map([...this.#labels, ...own, [metricNameLabel, name]]))
  }
}

/** The labels of one metric always come in the same order. */
function keyOf({ name, labels }: OwnSample): string {
  let key = name
  for (const label in labels) key += `\u0000${label}\u0001${labels[label]}`
  return key
}
