import { seriesPerSourceMax } from '../core/model/limits.ts'
import type { Meter } from '../ports/meter.ts'
import { type AppendCounts, noAppends } from '../ports/sample-sink.ts'
import type { SeriesAllowance } from './series-allowance.ts'
import type { RejectReason } from './wire/series-visitor.ts'

/** What became of the samples of one request or scrape. */
export interface WriteSummary {
  /** Samples read, native histograms among them, wanted by an SLO or not. */
  received: number
  /** How many of them were native histograms. */
  histograms: number
  /** How many of those were not taken. */
  histogramsRejected: number
  /** Examples read; there is no reason not to take one. */
  exemplars: number
  /** What the sink made of the wanted ones. */
  readonly appended: AppendCounts
  /** Samples not taken, by reason; a duplicate is not among them, because nothing is lost by it. */
  readonly rejected: Map<RejectReason, number>
  /** The first thing said about a reason. */
  readonly details: Map<RejectReason, string>
}

/** A summary of nothing yet. */
export function writeSummary(): WriteSummary {
  return {
    received: 0,
    histograms: 0,
    histogramsRejected: 0,
    exemplars: 0,
    appended: noAppends(),
    rejected: new Map(),
    details: new Map(),
  }
}

/** Notes samples that are not taken. */
export function reject(summary: WriteSummary, reason: RejectReason, count = 1, detail?: string): void {
  if (count === 0) return
  summary.rejected.set(reason, (summary.rejected.get(reason) ?? 0) + count)
  if (detail !== undefined && !summary.details.has(reason)) summary.details.set(reason, detail)
}

/** Adds what the sink made of one batch. */
export function addAppended(summary: WriteSummary, counts: AppendCounts): void {
  addAccepted(summary, counts)
  reject(summary, 'too_old', counts.tooOld)
  reject(summary, 'future', counts.future)
  reject(summary, 'nan', counts.notANumber)
  reject(summary, 'negative', counts.negative)
  reject(summary, 'overlap', counts.overlapping)
}

/** Adds what the sink made of the counters of one histogram: whatever is wrong with some of them, it is one sample. */
export function addHistogram(summary: WriteSummary, counts: AppendCounts): void {
  addAccepted(summary, counts)
  const fault = histogramFaults.find(([kind]) => counts[kind] > 0)?.[1]
  if (fault !== undefined) rejectHistogram(summary, fault)
}

/** Notes a native histogram that is not taken. */
export function rejectHistogram(summary: WriteSummary, reason: RejectReason, detail?: string): void {
  summary.histogramsRejected++
  reject(summary, reason, 1, detail)
}

const histogramFaults = [
  ['tooOld', 'too_old'],
  ['future', 'future'],
  ['notANumber', 'nan'],
  ['negative', 'negative'],
] as const

function addAccepted({ appended: sum }: WriteSummary, counts: AppendCounts): void {
  sum.accepted += counts.accepted
  sum.duplicates += counts.duplicates
  sum.outOfOrder += counts.outOfOrder
  sum.tooOld += counts.tooOld
  sum.future += counts.future
  sum.notANumber += counts.notANumber
  sum.negative += counts.negative
  sum.overlapping += counts.overlapping
  sum.staleMarkers += counts.staleMarkers
  sum.resets += counts.resets
  sum.newestMs = Math.max(sum.newestMs, counts.newestMs)
}

/** Counts a summary into the engine's own metrics, and says how many series its source has. */
export function meterSummary(summary: WriteSummary, allowance: SeriesAllowance, meter: Meter, source: string): void {
  const { appended, rejected } = summary
  if (appended.accepted > 0) meter.count('sloburn_ingest_samples_total', { source }, appended.accepted)
  if (appended.outOfOrder > 0) meter.count('sloburn_ingest_out_of_order_samples_total', { source }, appended.outOfOrder)
  if (appended.staleMarkers > 0) meter.count('sloburn_ingest_stale_markers_total', { source }, appended.staleMarkers)
  if (appended.resets > 0) meter.count('sloburn_ingest_resets_total', { source }, appended.resets)
  const notTaken = new Map<RejectReason, number>(rejected)
  notTaken.set('duplicate', appended.duplicates)
  for (const [reason, count] of notTaken) {
    if (count > 0) meter.count('sloburn_ingest_rejected_samples_total', { source, reason }, count)
  }
  const overLimit = rejected.get('series_limit') ?? 0
  if (overLimit > 0) meter.count('sloburn_limit_hits_total', { limit: 'seriesPerSourceMax' }, overLimit)
  const known = seriesPerSourceMax - allowance.seriesLeft
  meter.set('sloburn_ingest_series', { source, wanted: 'true' }, allowance.wanted)
  meter.set('sloburn_ingest_series', { source, wanted: 'false' }, known - allowance.wanted)
}
