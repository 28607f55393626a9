import { seriesPerSourceMax } from '../core/model/limits.ts'
import type { Meter } from '../ports/meter.ts'
import { type AppendCounts, noAppends } from '../ports/sample-sink.ts'
import type { SeriesAllowance } from './series-allowance.ts'
import type { RejectReason } from './wire/series-visitor.ts'

/** What became of the samples of one request or scrape. */
export interface WriteSummary {
  /** Samples read, wanted by an SLO or not. */
  received: number
  /** What the sink made of the wanted ones. */
  readonly appended: AppendCounts
  /** Samples not taken, by reason; a duplicate is not among them, because nothing is lost by it. */
  readonly rejected: Map<RejectReason, number>
  /** The first thing said about a reason. */
  readonly details: Map<RejectReason, string>
  /** Native histograms of series that no SLO uses: not understood, and not missed. */
  unwantedHistograms: number
}

export function writeSummary(): WriteSummary {
  return { received: 0, appended: noAppends(), rejected: new Map(), details: new Map(), unwantedHistograms: 0 }
}

/** Notes samples that are not taken. */
export function reject(summary: WriteSummary, reason: RejectReason, count = 1, detail?: string): void {
  if (count === 0) return
  summary.rejected.set(reason, (summary.rejected.get(reason) ?? 0) + count)
  if (detail !== undefined && !summary.details.has(reason)) summary.details.set(reason, detail)
}

/** Adds what the sink made of one batch. */
export function addAppended(summary: WriteSummary, counts: AppendCounts): void {
  const sum = summary.appended
  sum.accepted += counts.accepted
  sum.duplicates += counts.duplicates
  sum.outOfOrder += counts.outOfOrder
  sum.tooOld += counts.tooOld
  sum.future += counts.future
  sum.notANumber += counts.notANumber
  sum.negative += counts.negative
  sum.staleMarkers += counts.staleMarkers
  sum.resets += counts.resets
  sum.newestMs = Math.max(sum.newestMs, counts.newestMs)
  reject(summary, 'too_old', counts.tooOld)
  reject(summary, 'future', counts.future)
  reject(summary, 'nan', counts.notANumber)
  reject(summary, 'negative', counts.negative)
}

/** Counts a summary into the engine's own metrics, and says how many series its source has. */
export function meterSummary(summary: WriteSummary, allowance: SeriesAllowance, meter: Meter, source: string): void {
  const { appended, rejected, unwantedHistograms } = summary
  if (appended.accepted > 0) meter.count('sloburn_ingest_samples_total', { source }, appended.accepted)
  if (appended.outOfOrder > 0) meter.count('sloburn_ingest_out_of_order_samples_total', { source }, appended.outOfOrder)
  if (appended.staleMarkers > 0) meter.count('sloburn_ingest_stale_markers_total', { source }, appended.staleMarkers)
  if (appended.resets > 0) meter.count('sloburn_ingest_resets_total', { source }, appended.resets)
  const notTaken = new Map<RejectReason, number>(rejected)
  notTaken.set('duplicate', appended.duplicates)
  notTaken.set('native_histogram', (rejected.get('native_histogram') ?? 0) + unwantedHistograms)
  for (const [reason, count] of notTaken) {
    if (count > 0) meter.count('sloburn_ingest_rejected_samples_total', { source, reason }, count)
  }
  const overLimit = rejected.get('series_limit') ?? 0
  if (overLimit > 0) meter.count('sloburn_limit_hits_total', { limit: 'seriesPerSourceMax' }, overLimit)
  const known = seriesPerSourceMax - allowance.seriesLeft
  meter.set('sloburn_ingest_series', { source, wanted: 'true' }, allowance.wanted)
  meter.set('sloburn_ingest_series', { source, wanted: 'false' }, known - allowance.wanted)
}
