import { seriesForgottenAfterMs, seriesForgottenAtOnceMin, silentTargetForgottenAfterMs } from '../core/model/limits.ts'
import { type DurationMs, type EpochMs, minuteMs } from '../core/model/units.ts'
import type { SeriesRef } from '../ports/sample-sink.ts'
import type { Counting } from './counting.ts'
import type { SampleIntake } from './sample-intake.ts'

/** Looking through all series is cheap, but not for nothing. */
const lookEveryMs: DurationMs = 5 * minuteMs

/** So many are looked at before others have their turn: some milliseconds' work. */
const lookedAtTogetherMax = 16_384

/** Forgetting voids all refs, so that every sender has to ask for each of its series again: a smaller share is left alone. */
const worthwhileShare = 1 / 16

/**
 * Forgets series that have ended, so that churn costs no memory. Time is that of the samples. A series is over when its
 * target has been scraped without it for an hour, or when its whole target has been silent for much longer.
 */
export class SeriesForgetting {
  readonly #counting: Counting
  readonly #intake: SampleIntake
  readonly #atLeast: number
  readonly #togetherMax: number
  #lookedAt: EpochMs = Number.NEGATIVE_INFINITY

  /** Fewer than `atLeast` series are left alone as well. */
  constructor(
    counting: Counting,
    intake: SampleIntake,
    atLeast = seriesForgottenAtOnceMin,
    togetherMax = lookedAtTogetherMax,
  ) {
    this.#atLeast = atLeast
    this.#togetherMax = togetherMax
    this.#counting = counting
    this.#intake = intake
  }

  /** Forgets what is over, and lets others have their turn while it looks; answers how many series that were. */
  async run(pause: () => Promise<void>): Promise<number> {
    const newestAt = newestOf(this.#counting)
    if (!(newestAt - this.#lookedAt >= lookEveryMs)) return 0
    this.#lookedAt = newestAt
    const seemOver: SeriesRef[] = []
    let looked = 0
    for (const ref of this.#intake.held.numbers()) {
      if (this.#isOver(ref, newestAt)) seemOver.push(ref)
      if (++looked % this.#togetherMax === 0) await pause()
    }
    // What came meanwhile is not over, and what went is not there.
    const over = seemOver.filter((ref) => this.#intake.held.labels.isHeld(ref) && this.#isOver(ref, newestAt))
    if (over.length < Math.max(this.#atLeast, this.#intake.held.count * worthwhileShare)) return 0
    this.#intake.forget(over)
    return over.length
  }

  #isOver(ref: SeriesRef, newestAt: EpochMs): boolean {
    const { series } = this.#counting
    const seenAt = series.lastSeenAt(ref)
    const lastAt = series.targets.lastAt(series.targetOf(ref))
    if (lastAt - seenAt > seriesForgottenAfterMs) return true
    return newestAt - lastAt > silentTargetForgottenAfterMs && !(newestAt - seenAt <= silentTargetForgottenAfterMs)
  }
}

/** How far the data has come; −∞ before the first sample. */
function newestOf({ regions }: Counting): EpochMs {
  let newest = Number.NEGATIVE_INFINITY
  for (const { newestAt } of regions.values()) if (newestAt > newest) newest = newestAt
  return newest
}
