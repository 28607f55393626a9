import { labelsOf } from '../core/model/labels.ts'
import { readSloId } from '../core/model/slo-id.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { GaugeSample } from '../core/series/gauge-samples.ts'
import type { SeenSnapshot } from '../core/series/seen-intervals.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'
import { type Counting, signalsKey } from './counting.ts'
import type { RegionCounts } from './region-counts.ts'
import type { KnownSeries, SampleIntake } from './sample-intake.ts'

/**
 * Windows and last counter values as named parts, so that a checkpoint writes only what changed since the last one:
 * one row per region and step, the last samples, and a page of new series. All parts of one checkpoint are one moment.
 *
 * Counters are cumulative, so what was counted after the checkpoint and lost with the process comes back with the
 * next sample of each series: its difference to the last value kept here.
 */
const formatVersion = 1

/** Series per part: a new series rewrites only the last part. */
const seriesPerPart = 4_096

interface RegionPart {
  readonly version: number
  readonly region: string
  readonly columns: number
  readonly freeColumns: readonly number[]
  readonly newestAt: EpochMs | null
  readonly oldestAt: EpochMs | null
  readonly answeredUntil: EpochMs | null
  readonly slos: readonly SloPart[]
}

interface SloPart {
  /** The SLO's id. */
  readonly id: string
  readonly signals: string
  readonly columns: readonly number[]
  readonly listeningSince: EpochMs | null
  readonly madeUntil: EpochMs | null
  readonly seen: SeenSnapshot | null
}

interface SeriesPart {
  readonly labels: readonly (readonly [string, string])[]
  readonly origin: SampleOrigin
}

interface TargetPart {
  readonly key: string
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
  readonly previousAt: EpochMs | null
  readonly settlingMs: number
}

/** What a checkpoint writes and removes. */
export interface CheckpointChanges {
  readonly parts: ReadonlyMap<string, Uint8Array>
  readonly removed: readonly string[]
}

/** Collects what changed since the last call; the rows count as saved from then on. */
export function takeCheckpoint(counting: Counting, intake: SampleIntake): CheckpointChanges {
  const parts = new Map<string, Uint8Array>()
  const removed: string[] = []
  for (const region of counting.regions.values()) {
    parts.set(`region/${region.region}`, json(regionPart(region)))
    for (const row of region.history.rows) {
      if (!row.dirty) continue
      parts.set(rowName(region.region, row.at), bytesOf(row.counts.slice(0, region.history.columns)))
      row.dirty = false
    }
    removed.push(...region.history.takeRemovedRows().map((at) => rowName(region.region, at)))
  }
  for (let from = 0; from < intake.known.length; from += seriesPerPart) {
    parts.set(`series/${from}`, json(intake.known.slice(from, from + seriesPerPart).map(seriesPart)))
  }
  parts.set('samples', lastSamples(counting, intake.known.length))
  parts.set('gauges', gaugeSamples(counting, intake.known.length))
  parts.set('targets', json(targetParts(counting)))
  return { parts, removed: removed.filter((name) => !parts.has(name)) }
}

/** Puts a checkpoint back into counting and intake that know their rules and have seen nothing yet. */
export function restoreCheckpoint(
  parts: ReadonlyMap<string, Uint8Array>,
  counting: Counting,
  intake: SampleIntake,
): void {
  for (const [name, bytes] of parts) {
    if (name.startsWith('region/')) restoreRegion(bytes, parts, counting)
  }
  restoreTargets(parts, counting)
  const samples = floats(parts.get('samples') ?? new Uint8Array())
  const gauges = readGaugeSamples(floats(parts.get('gauges') ?? new Uint8Array()))
  const seriesParts = [...parts.keys()].filter((name) => name.startsWith('series/'))
  for (const name of seriesParts.sort((a, b) => partNumber(a) - partNumber(b))) {
    const page: SeriesPart[] = JSON.parse(textOf(parts.get(name) ?? new Uint8Array()))
    for (const [index, { labels, origin }] of page.entries()) {
      const known = partNumber(name) + index
      // NaN where a series had no sample, and nothing at all in a part left over from a checkpoint of more series.
      if (!Number.isFinite(samples[2 * known])) continue
      const ref = intake.resolveKnown(labelsOf(labels), origin)
      if (ref < 0) continue
      counting.series.restore(ref, samples[2 * known], samples[2 * known + 1])
      counting.series.restoreGauge(ref, gauges.get(known) ?? [])
    }
  }
}

function regionPart({ region, history, newestAt, oldestAt, answeredUntil, slos }: RegionCounts): RegionPart {
  return {
    version: formatVersion,
    region,
    columns: history.columns,
    freeColumns: history.freeColumns,
    newestAt: orNull(newestAt),
    oldestAt: orNull(oldestAt),
    answeredUntil: orNull(answeredUntil),
    slos: [...slos.values()].map(({ compiled, columns, seen, listeningSince, madeUntil }) => ({
      id: compiled.id,
      signals: signalsKey(compiled),
      columns,
      listeningSince: orNull(listeningSince),
      madeUntil: orNull(madeUntil),
      seen: seen.snapshot() ?? null,
    })),
  }
}

function restoreRegion(bytes: Uint8Array, parts: ReadonlyMap<string, Uint8Array>, counting: Counting): void {
  const part: RegionPart = JSON.parse(textOf(bytes))
  if (part.version !== formatVersion) {
    throw new Error(
      `checkpoint of region ${part.region} has format ${part.version}, this version reads ${formatVersion}`,
    )
  }
  const region = counting.region(part.region)
  const rows = [...parts]
    .filter(([name]) => name === rowName(part.region, rowAt(name)))
    .map(([name, row]) => ({ at: rowAt(name), counts: floats(row) }))
    .sort((a, b) => a.at - b.at)
  region.history.restore(part.columns, part.freeColumns, rows)
  if (part.newestAt !== null) region.newestAt = part.newestAt
  if (part.oldestAt !== null) region.oldestAt = part.oldestAt
  if (part.answeredUntil !== null) region.answeredUntil = part.answeredUntil
  for (const { id, signals, columns, listeningSince, madeUntil, seen } of part.slos) {
    const { name, group } = readSloId(id)
    const compiled = counting.slos.get(id) ?? counting.findGroup(name, group)
    if (compiled === undefined || signalsKey(compiled) !== signals) {
      for (const column of columns) region.history.removeColumn(column)
      continue
    }
    const counts = region.putSlo(compiled.inRegion(part.region), {
      columns,
      listeningSince: listeningSince ?? Number.NEGATIVE_INFINITY,
      madeUntil: madeUntil ?? Number.NEGATIVE_INFINITY,
    })
    if (seen !== null) counts.seen.restore(seen)
  }
}

function targetParts({ targets }: Counting): TargetPart[] {
  return [...targets]
    .filter(([, { firstAt }]) => !Number.isNaN(firstAt))
    .map(([key, target]) => ({ key, ...target, previousAt: orNull(target.previousAt) }))
}

function restoreTargets(parts: ReadonlyMap<string, Uint8Array>, counting: Counting): void {
  const bytes = parts.get('targets')
  if (bytes === undefined) return
  const targets: TargetPart[] = JSON.parse(textOf(bytes))
  for (const { key, firstAt, lastAt, previousAt, settlingMs } of targets) {
    Object.assign(counting.target(key, settlingMs), { firstAt, lastAt, previousAt: previousAt ?? Number.NaN })
  }
}

/** Time and value of each series' newest sample; NaN where it has none. */
function lastSamples({ series }: Counting, length: number): Uint8Array {
  const samples = new Float64Array(2 * length).fill(Number.NaN)
  for (let ref = 0; ref < length; ref++) {
    const last = series.last(ref)
    if (last !== undefined) samples.set(last, 2 * ref)
  }
  return bytesOf(samples)
}

/** What gauges showed and was not read yet: of each its series, how many samples, and those. */
function gaugeSamples({ series }: Counting, length: number): Uint8Array {
  const values: number[] = []
  for (let ref = 0; ref < length; ref++) {
    const samples = series.gauge(ref)
    if (samples.length > 0) values.push(ref, samples.length, ...samples.flat())
  }
  return bytesOf(Float64Array.from(values))
}

function readGaugeSamples(values: Float64Array): ReadonlyMap<number, readonly GaugeSample[]> {
  const gauges = new Map<number, GaugeSample[]>()
  for (let at = 0; at < values.length; ) {
    const [ref, length] = values.subarray(at, at + 2)
    const end = at + 2 + 2 * length
    const samples: GaugeSample[] = []
    for (let place = at + 2; place < end; place += 2) samples.push([values[place], values[place + 1]])
    gauges.set(ref, samples)
    at = end
  }
  return gauges
}

function seriesPart({ labels, origin }: KnownSeries): SeriesPart {
  return { labels: [...labels], origin }
}

function rowName(region: string, at: EpochMs): string {
  return `row/${region}/${at}`
}

/** A region's name may hold slashes itself: the time is what follows the last one. */
function rowAt(name: string): EpochMs {
  return Number(name.slice(name.lastIndexOf('/') + 1))
}

function partNumber(name: string): number {
  return Number(name.slice(name.indexOf('/') + 1))
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** The parts are our own: their form is guarded by the version and not checked again. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function floats(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer)
}
