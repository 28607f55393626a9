import { type CheckpointChanges, json, type MakePart, textOf } from './checkpoint-parts.ts'
import { RegionParts, restoreRegion } from './checkpoint-regions.ts'
import { historyParts, storedRows } from './checkpoint-rows.ts'
import { numbersOfSamples, restoreSeries, samplesParts, seriesParts } from './checkpoint-series.ts'
import { restoreTargets, targetsPart } from './checkpoint-targets.ts'
import type { Counting } from './counting.ts'
import type { KeptExemplars } from './failing-exemplars.ts'
import { KeptNumbers } from './kept-numbers.ts'
import type { SampleIntake } from './sample-intake.ts'

/**
 * Windows and last counter values as named parts, so that a checkpoint writes only what changed since the last one:
 * one row per region and step, the last samples, and a page of new series. All parts of one checkpoint are one moment: what is
 * large is noted or copied at once, and made into parts little by little.
 *
 * Counters are cumulative, so what was counted after the checkpoint and lost with the process comes back with the
 * next sample of each series: its difference to the last value kept here.
 */
export class Checkpoint {
  readonly #counting: Counting
  readonly #intake: SampleIntake
  readonly #regions = new RegionParts()
  readonly #samples = new KeptNumbers()

  constructor(counting: Counting, intake: SampleIntake) {
    this.#counting = counting
    this.#intake = intake
  }

  /** Does ahead what takes long, a little at a time. */
  async prepare(pause: () => Promise<void>): Promise<void> {
    for (const region of this.#counting.regions.values()) await this.#regions.prepare(region, pause)
    await this.#samples.reserve(numbersOfSamples(this.#intake.held), pause)
  }

  /** Collects what changed since the last call; it counts as saved from then on. */
  take(): CheckpointChanges {
    const parts = new Map<string, Uint8Array>()
    const later = new Map<string, MakePart>()
    const removed: string[] = []
    const put = (changes: CheckpointChanges): void => {
      for (const [name, part] of changes.parts) parts.set(name, part)
      for (const [name, make] of changes.later) later.set(name, make)
      removed.push(...changes.removed)
    }
    for (const region of this.#counting.regions.values()) {
      const { history } = region
      put(this.#regions.take(region))
      put(historyParts(region.region, history.takeChanges(), history.columns))
    }
    put(samplesParts(this.#counting, this.#intake.held, this.#samples))
    put({ parts: new Map(), later: seriesParts(this.#intake.held), removed: [] })
    parts.set('targets', targetsPart(this.#counting, this.#intake.held))
    parts.set('exemplars', json(this.#intake.exemplars.all()))
    return { parts, later, removed: removed.filter((name) => !parts.has(name) && !later.has(name)) }
  }

  /** A checkpoint failed: the next one writes everything. */
  markUnsaved(): void {
    this.#counting.markUnsaved()
    this.#intake.held.markUnsaved()
    this.#regions.markUnsaved()
  }
}

/**
 * Puts a checkpoint back into counting and intake that know their rules and have seen nothing yet, but for the rows: how those are
 * put back is answered. Nothing must be counted before.
 */
export function restoreCheckpoint(
  parts: ReadonlyMap<string, Uint8Array>,
  counting: Counting,
  intake: SampleIntake,
): (ofRows: ReadonlyMap<string, Uint8Array>) => void {
  const regions = [...parts].filter(([name]) => name.startsWith('region/'))
  const rowsOfRegions = regions.map(([, bytes]) => restoreRegion(bytes, parts, counting))
  restoreSeries(parts, counting, intake.held)
  restoreTargets(parts.get('targets'), counting, intake.held)
  const exemplars = parts.get('exemplars')
  const kept: KeptExemplars[] = exemplars === undefined ? [] : JSON.parse(textOf(exemplars))
  intake.exemplars.restore(kept)
  return (ofRows) => {
    const rowsOf = storedRows(ofRows)
    for (const restoreRows of rowsOfRegions) restoreRows(rowsOf)
  }
}
