import { newSeriesSettlingMs } from '../core/model/limits.ts'
import { unknownPair } from '../core/series/label-pairs.ts'
import type { SeriesLabels } from '../core/series/series-labels.ts'
import type { Targets } from '../core/series/targets.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'

/** Finds the process that a series is of, by where it is and who it says it is. */
export class SeriesTargets {
  readonly #labels: SeriesLabels
  readonly #targets: Targets
  /** Where targets are that may go by the same names: the region and labelling of their source. */
  readonly #groups = new Map<string, number>()

  constructor(labels: SeriesLabels, targets: Targets) {
    this.#labels = labels
    this.#targets = targets
  }

  /** Takes hold of the target of a series, whose labels are held; answers its number. */
  hold(ref: number, { region, labelling, splitDelivery = false }: SampleOrigin): number {
    const key = `${region ?? ''}\u0000${labelling ?? ''}\u0000${splitDelivery}`
    const group = this.#groups.get(key) ?? this.#groups.size
    this.#groups.set(key, group)
    const labels = this.#labels
    const place = region === undefined ? labels.pairOf(ref, 'region') : unknownPair
    const settlingMs = splitDelivery ? newSeriesSettlingMs : 0
    return this.#targets.hold([group, place, labels.pairOf(ref, 'job'), labels.pairOf(ref, 'instance')], settlingMs)
  }
}
