import type { EpochMs } from '../core/model/units.ts'
import { bytesOf, type CheckpointChanges, floats, json, textOf } from './checkpoint-parts.ts'
import { RegionParts, restoreRegion } from './checkpoint-regions.ts'
import { restoreSeries, samplesParts, seriesParts } from './checkpoint-series.ts'
import { restoreTargets, targetsPart } from './checkpoint-targets.ts'
import type { Counting } from './counting.ts'
import type { KeptExemplars } from './exemplar-book.ts'
import type { SampleIntake } from './sample-intake.ts'

/**
 * Windows and last counter values as named parts, so that a checkpoint writes only what changed since the last one:
 * one row per region and step, the last samples, and a page of new series. All parts of one checkpoint are one moment.
 *
 * Counters are cumulative, so what was counted after the checkpoint and lost with the process comes back with the
 * next sample of each series: its difference to the last value kept here.
 */
export class Checkpoint {
  readonly #counting: Counting
  readonly #intake: SampleIntake
  readonly #regions = new RegionParts()

  constructor(counting: Counting, intake: SampleIntake) {
    this.#counting = counting
    this.#intake = intake
  }

  /** Collects what changed since the last call; it counts as saved from then on. */
  take(): CheckpointChanges {
    const parts = new Map<string, Uint8Array>()
    const removed: string[] = []
    for (const region of this.#counting.regions.values()) {
      putAll(parts, this.#regions.take(region))
      for (const row of region.history.rows) {
        if (!row.dirty) continue
        parts.set(rowName(region.region, row.at), bytesOf(row.counts.slice(0, region.history.columns)))
        row.dirty = false
      }
      removed.push(...region.history.takeRemovedRows().map((at) => rowName(region.region, at)))
    }
    putAll(parts, samplesParts(this.#counting, this.#intake))
    parts.set('targets', targetsPart(this.#counting, this.#intake))
    parts.set('exemplars', json(this.#intake.exemplars.all()))
    return { parts, later: seriesParts(this.#intake), removed: removed.filter((name) => !parts.has(name)) }
  }

  /** A checkpoint failed: the next one writes everything. */
  markUnsaved(): void {
    this.#counting.markUnsaved()
    this.#intake.markUnsaved()
    this.#regions.markUnsaved()
  }
}

/** Puts a checkpoint back into counting and intake that know their rules and have seen nothing yet. */
export function restoreCheckpoint(
  parts: ReadonlyMap<string, Uint8Array>,
  counting: Counting,
  intake: SampleIntake,
): void {
  const rows = rowsByRegion(parts)
  for (const [name, bytes] of parts) {
    if (name.startsWith('region/')) restoreRegion(bytes, parts, counting, (region) => rows.get(region) ?? [])
  }
  restoreSeries(parts, counting, intake)
  restoreTargets(parts.get('targets'), counting, intake)
  const exemplars = parts.get('exemplars')
  const kept: KeptExemplars[] = exemplars === undefined ? [] : JSON.parse(textOf(exemplars))
  intake.exemplars.restore(kept)
}

interface Row {
  readonly at: EpochMs
  readonly counts: Float64Array
}

function rowsByRegion(parts: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Row[]> {
  const regions = new Map<string, Row[]>()
  for (const [name, bytes] of parts) {
    if (!name.startsWith('row/')) continue
    // A region's name may hold slashes itself: the time is what follows the last one.
    const end = name.lastIndexOf('/')
    const region = name.slice('row/'.length, end)
    const rows = regions.get(region) ?? []
    regions.set(region, rows)
    rows.push({ at: Number(name.slice(end + 1)), counts: floats(bytes) })
  }
  for (const rows of regions.values()) rows.sort((a, b) => a.at - b.at)
  return regions
}

function rowName(region: string, at: EpochMs): string {
  return `row/${region}/${at}`
}

function putAll(parts: Map<string, Uint8Array>, more: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of more) parts.set(name, bytes)
}
