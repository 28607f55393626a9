import { labelsOf } from '../../src/core/model/labels.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { Counting } from '../../src/engine/counting.ts'
import { SampleIntake } from '../../src/engine/sample-intake.ts'
import {
  type AppendCounts,
  noAppends,
  type SampleOrigin,
  type SeriesRef,
  sampleBatch,
} from '../../src/ports/sample-sink.ts'
import { anSlo } from './engine-slo.ts'

export const step = 15_000
export const minute = 60_000
export const start: number = Date.UTC(2026, 0, 1)
export const eu: SampleOrigin = { source: 'eu', region: 'eu' }

/** One sample of a series that goes by a metric name, or by labels. */
export interface Told {
  readonly series: string | Readonly<Record<string, string>>
  readonly at: number
  readonly value: number
  /** When the counter started from zero. */
  readonly since?: number
  readonly origin?: SampleOrigin
}

/** Counting and intake without the rest of the engine, spoken to in metric names. */
export class IntakeWorld {
  now: number = start
  readonly counting = new Counting(step)
  readonly intake: SampleIntake

  constructor(slos: readonly Slo[] = [anSlo()]) {
    this.counting.setSlos(slos)
    this.intake = new SampleIntake(this.counting, () => this.now)
  }

  ref(series: Told['series'], origin: SampleOrigin = eu): SeriesRef {
    return this.intake.resolve(labelsFor(series), origin)
  }

  /** Sends totals in one batch; the clock moves on to the newest. */
  send(...told: readonly Told[]): AppendCounts {
    return this.#hand(told, (batch) => this.intake.append(batch))
  }

  /** Sends increments of (since, at]. */
  sendDeltas(...told: readonly Told[]): AppendCounts {
    return this.#hand(told, (batch) => this.intake.appendDeltas(batch))
  }

  /** Everything counted so far for an SLO. */
  counted(slo = 'checkout', region = 'eu'): { bad: number; total: number } {
    const counts = this.counting.regions.get(region)
    const own = counts?.slos.get(slo)
    return counts === undefined || own === undefined ? { bad: Number.NaN, total: Number.NaN } : counts.countsEver(own)
  }

  /** The events of an SLO in (from, to]. */
  between(from: number, to: number, slo = 'checkout', region = 'eu'): { bad: number; total: number } {
    const counts = this.counting.regions.get(region)
    const own = counts?.slos.get(slo)
    return counts === undefined || own === undefined
      ? { bad: Number.NaN, total: Number.NaN }
      : counts.countsBetween(own, from, to)
  }

  #hand(told: readonly Told[], hand: (batch: ReturnType<typeof sampleBatch>) => AppendCounts): AppendCounts {
    const batch = sampleBatch(told.length)
    batch.hasStarts = told.some(({ since }) => since !== undefined)
    for (const { series, at, value, since, origin } of told) {
      const ref = this.ref(series, origin)
      if (ref < 0) continue
      batch.refs[batch.length] = ref
      batch.timesMs[batch.length] = at
      batch.values[batch.length] = value
      batch.startsMs[batch.length] = since ?? Number.NaN
      batch.length++
    }
    return batch.length === 0 ? noAppends() : hand(batch)
  }
}

/** Labels of a series of one process. */
export function labelsFor(series: Told['series']) {
  const own = typeof series === 'string' ? { __name__: series } : series
  return labelsOf(Object.entries({ job: 'shop', instance: 'a', ...own }))
}
