import type { PartialSuccess } from '../wire/otlp-answers.ts'
import type { RejectReason } from '../wire/series-visitor.ts'
import type { WriteSummary } from '../write-summary.ts'

/** What became of one export, whichever way it came. */
export type ExportOutcome =
  | { readonly kind: 'taken'; readonly partial: PartialSuccess | undefined }
  | { readonly kind: 'refused'; readonly reason: ExportRefusal; readonly message: string }

/** Why an export was not taken at all; only `overloaded` and `too-slow` are worth another attempt. */
export type ExportRefusal =
  | 'malformed'
  | 'unauthenticated'
  | 'unknown-source'
  | 'too-large'
  | 'unsupported'
  | 'too-slow'
  | 'overloaded'

/** A refusal with its reason for the sender. */
export function refused(reason: ExportRefusal, message: string): ExportOutcome {
  return { kind: 'refused', reason, message }
}

/** Points refused for good are a partial success: the others were taken, and sending again is no use. */
export function taken(summary: WriteSummary): ExportOutcome {
  const rejectedDataPoints = [...summary.rejected.values()].reduce((sum, count) => sum + count, 0)
  if (rejectedDataPoints === 0) return { kind: 'taken', partial: undefined }
  const reasons = [...summary.rejected].map(
    ([reason, count]) => `${reason}: ${count} (${summary.details.get(reason) ?? reasonTexts[reason] ?? reason})`,
  )
  const counts = `${rejectedDataPoints} of ${summary.received} data points refused, the others taken`
  return { kind: 'taken', partial: { rejectedDataPoints, errorMessage: `${counts}: ${reasons.join('; ')}` } }
}

const reasonTexts: Partial<Record<RejectReason, string>> = {
  too_old: 'older than all samples kept of the series',
  future: 'ahead of the clock here: is one of the two wrong?',
  nan: 'a counter that is not a finite number',
  negative: 'a counter below zero',
  overlap: 'deltas of a time of which a part was sent before',
}
