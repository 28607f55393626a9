import { metricNameLabel } from '../core/model/labels.ts'
import { dayMs, type EpochMs } from '../core/model/units.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import { seeHistory } from '../core/series/see-history.ts'
import { alignDown } from '../core/time/alignment.ts'
import type { HistoryHistogram, HistoryReading, HistorySeries } from '../ports/history-sink.ts'
import { type SampleBatch, type SampleOrigin, type SeriesRef, sampleBatch } from '../ports/sample-sink.ts'
import { Checkpoint, restoreCheckpoint } from './checkpoint.ts'
import { type CheckpointChanges, madeWhole } from './checkpoint-parts.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import { Counting } from './counting.ts'
import type { DayLedger } from './day-ledger.ts'
import { HistoryJoins, type Join } from './history-joins.ts'
import { makeCounts } from './make-counts.ts'
import type { RegionCounts, SloCounts } from './region-counts.ts'
import { SampleIntake } from './sample-intake.ts'
import { signalsKey } from './signals-key.ts'
import { addPastDays, updateDays } from './update-days.ts'
import { selectorsOf } from './wanted-selectors.ts'

/** What was counted live of one SLO in the region when its history was opened. */
export interface LiveBefore {
  /** The SLO's id. */
  readonly id: string
  /** The counts themselves, which history replaces; undefined where they are too old for that, and history ends before them. */
  readonly counts: CountHistory | undefined
  /** Up to when history counts. */
  readonly until: EpochMs
  /** Up to when the counts that no counter gives were made. */
  readonly madeUntil: EpochMs
}

/** Everything that fixes a reading, so that it can go on after a restart. */
export interface ReadingPlan {
  readonly region: string
  readonly source: string
  readonly from: EpochMs
  readonly until: EpochMs
  readonly joins: readonly Join[]
  readonly before: readonly LiveBefore[]
}

/**
 * Counts the history of a region beside what is counted live, by the very same rules, and adds the one to the other in the
 * end: no window ever sees half of it, and nothing is evaluated that is past.
 */
export class HistoryCounting implements HistoryReading {
  readonly plan: ReadingPlan
  readUntil: EpochMs
  readonly #declared: readonly CompiledSlo[]
  readonly #counting: Counting
  readonly #intake: SampleIntake
  readonly #checkpoint: Checkpoint
  readonly #live: Counting
  readonly #joins: HistoryJoins
  readonly #origin: SampleOrigin
  readonly #onFinished: () => void

  constructor(plan: ReadingPlan, declared: readonly CompiledSlo[], live: Counting, onFinished: () => void) {
    this.plan = plan
    this.readUntil = plan.from
    this.#declared = declared
    this.#live = live
    this.#onFinished = onFinished
    this.#counting = new Counting(live.stepMs)
    this.#counting.setSlos(declared.map(({ slo }) => slo))
    this.#counting.exclusions.set(live.exclusions.all)
    this.#intake = new SampleIntake(this.#counting, () => Number.POSITIVE_INFINITY)
    this.#checkpoint = new Checkpoint(this.#counting, this.#intake)
    const regionLabels = new Set(declared.map(({ slo }) => slo.regions.label))
    this.#joins = new HistoryJoins(plan.region, regionLabels, plan.joins)
    this.#origin = { source: plan.source, region: plan.region }
  }

  get selectors() {
    return selectorsOf(this.#declared)
  }

  get from(): EpochMs {
    return this.plan.from
  }

  get until(): EpochMs {
    return this.plan.until
  }

  get slos(): readonly string[] {
    return this.#declared.map(({ slo }) => slo.name)
  }

  /** What it counts: whether a reload has left it as it was. */
  get keys(): readonly string[] {
    return this.#declared.map(historyKey)
  }

  boundsOf(histogram: string): readonly number[] {
    return this.#intake.held.directions.boundsOf(histogram)
  }

  book(series: readonly (HistorySeries | HistoryHistogram)[], until: EpochMs): number {
    const samples: PlacedSample[] = []
    for (const each of series) {
      if (!this.#isOfRegion(each.labels)) continue
      if ('buckets' in each) this.#placeHistogram(each, until, samples)
      else this.#place(this.#intake.resolve(each.labels, this.#origin), each, until, samples)
    }
    samples.sort((a, b) => a.time - b.time)
    this.#appendByDays(samples)
    this.readUntil = until
    this.#make(until)
    this.#countDays(until)
    return samples.length
  }

  finish(): void {
    const { region: name } = this.plan
    const reached = this.#joins
      .reached(this.#intake.held, this.#intake.held.numbers())
      .map(({ labels, time, value }) => {
        // The count of a histogram says when all of it starts from zero: it goes before the others of its time.
        const rank = labels.get(metricNameLabel)?.endsWith('_count') === true ? 0 : 1
        return { ref: this.#intake.resolve(labels, this.#origin), time, value, rank }
      })
    const joining = reached.filter(({ ref }) => ref >= 0)
    this.#append(joining.sort((a, b) => a.time - b.time || a.rank - b.rank))
    this.#make(this.plan.until)
    this.#countDays(this.plan.until)
    const counted = this.#counting.regions.get(name)
    if (counted !== undefined) this.#putInForce(this.#live.region(name), counted)
    this.#onFinished()
  }

  /** The days counted so far, by SLO. */
  get days(): readonly (readonly [slo: string, days: DayLedger['days']])[] {
    const counted = this.#counting.regions.get(this.plan.region)
    return [...(counted?.slos ?? [])].map(([slo, { days }]) => [slo, days.days] as const)
  }

  /** What a checkpoint has to hold of it. */
  takeParts(): CheckpointChanges {
    return madeWhole(this.#checkpoint.take())
  }

  restoreParts(parts: ReadonlyMap<string, Uint8Array>, readUntil: EpochMs, days: HistoryCounting['days']): void {
    restoreCheckpoint(parts, this.#counting, this.#intake)(parts)
    for (const [slo, counted] of days) this.#counting.region(this.plan.region).daysOf(slo).restorePast(counted)
    this.readUntil = readUntil
  }

  /** A checkpoint failed: the next one writes everything. */
  markUnsaved(): void {
    this.#checkpoint.markUnsaved()
  }

  #place(ref: SeriesRef, { timesMs, values }: TimedValues, until: EpochMs, samples: PlacedSample[]): void {
    if (ref < 0) return
    const joinsAt = this.#joins.of(this.#intake.held.labels.labels(ref))?.time
    const last = Math.min(until, joinsAt ?? Number.POSITIVE_INFINITY)
    for (const [index, time] of timesMs.entries()) {
      if (time > this.readUntil && time <= last) samples.push({ ref, time, value: values[index] })
    }
  }

  /** Its count first, which says when all of it starts from zero. */
  #placeHistogram(histogram: HistoryHistogram, until: EpochMs, samples: PlacedSample[]): void {
    const { labels, timesMs, counts, sums } = histogram
    const refs = this.#intake.resolveHistogram(labels, this.#origin)
    if (refs === undefined) return
    this.#place(refs.count, { timesMs, values: counts }, until, samples)
    this.#place(refs.sum, { timesMs, values: sums }, until, samples)
    for (const { bound, ref } of refs.buckets) {
      const values = histogram.buckets.find((bucket) => bucket.bound === bound)?.values
      if (values !== undefined) this.#place(ref, { timesMs, values }, until, samples)
    }
  }

  /** An API may answer for many regions; each is read by the source that stands for it. */
  #isOfRegion(labels: HistorySeries['labels']): boolean {
    const { region } = this.plan
    return this.#declared.some(({ slo }) => (labels.get(slo.regions.label) ?? region) === region)
  }

  /** Days are counted while the counts around their ends are kept step by step; a piece of history may be a month. */
  #appendByDays(samples: readonly PlacedSample[]): void {
    for (let start = 0; start < samples.length; ) {
      const until = samples[start].time + countDaysEveryMs
      let end = start
      while (end < samples.length && samples[end].time <= until) end++
      this.#append(samples.slice(start, end))
      if (end < samples.length) {
        this.#make(samples[end - 1].time)
        this.#countDays(samples[end - 1].time)
      }
      start = end
    }
  }

  #countDays(at: EpochMs): void {
    const counted = this.#counting.regions.get(this.plan.region)
    if (counted !== undefined) updateDays(counted, at, this.#counting.exclusions)
  }

  #append(samples: readonly PlacedSample[]): void {
    const batch = sampleBatch(Math.min(batchSize, Math.max(1, samples.length)))
    for (const sample of samples) {
      put(batch, sample)
      if (batch.length < batch.refs.length) continue
      this.#intake.append(batch)
      batch.length = 0
    }
    if (batch.length > 0) this.#intake.append(batch)
  }

  /** Makes the counts that no counter gives, up to where live goes on making them. */
  #make(until: EpochMs): void {
    const counted = this.#counting.regions.get(this.plan.region)
    const goesOnAt = this.plan.before.reduce((first, { madeUntil }) => Math.min(first, madeUntil), until)
    if (counted !== undefined) makeCounts(counted, this.#counting.series, alignDown(goesOnAt, this.#live.stepMs))
  }

  #putInForce(live: RegionCounts, counted: RegionCounts): void {
    live.history.extendHorizon(counted.history.horizonMs)
    const head = live.history.headAt
    if (head !== undefined) counted.history.advanceTo(head)
    for (const theirs of counted.slos.values()) {
      const { slo, id } = theirs.compiled
      const compiled = this.#live.slos.get(id) ?? this.#live.findGroup(slo.name, slo.group)
      if (compiled === undefined || signalsKey(compiled) !== signalsKey(theirs.compiled)) continue
      this.#add(live, this.#live.countsIn(live, compiled, Number.NEGATIVE_INFINITY), theirs)
    }
  }

  #add(live: RegionCounts, own: SloCounts, theirs: SloCounts): void {
    const before = this.plan.before.find(({ id }) => id === own.compiled.id)
    const until = before?.until ?? this.plan.until
    const pairs = own.columns.map((column, index) => [column, theirs.columns[index]] as const)
    if (before?.counts !== undefined) {
      const replaced = own.columns.map((column, index) => [column, index] as const)
      live.history.addHistory(before.counts, replaced, Number.POSITIVE_INFINITY, -1)
    }
    live.history.addHistory(theirs.history, pairs, until)
    seeHistory(own.seen, theirs.seen, until)
    // The first day was read in part only.
    const past = theirs.days.days.filter(({ from }) => from >= this.plan.from)
    addPastDays(live, own, past, until, this.#live.exclusions)
    own.madeUntil = Math.max(own.madeUntil, Math.min(theirs.madeUntil, until))
  }
}

/** Equal for what needs the same history: the same SLO, counting the same, over as long a time. */
export function historyKey(slo: CompiledSlo): string {
  return JSON.stringify([slo.slo.name, signalsKey(slo), Math.max(slo.window.horizonMs, ...slo.alertWindows)])
}

interface PlacedSample {
  readonly ref: SeriesRef
  readonly time: EpochMs
  readonly value: number
}

type TimedValues = Pick<HistorySeries, 'timesMs' | 'values'>

const batchSize = 4_096

const countDaysEveryMs = dayMs / 2

function put(batch: SampleBatch, { ref, time, value }: PlacedSample): void {
  batch.refs[batch.length] = ref
  batch.timesMs[batch.length] = time
  batch.values[batch.length] = value
  batch.length++
}
