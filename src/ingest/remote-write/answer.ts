import type { HttpAnswer } from '../../ports/http-route.ts'
import type { RejectReason } from '../wire/series-visitor.ts'
import type { WriteSummary } from '../write-summary.ts'

/** An answer in plain text, which senders write into their log. */
export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` }
}

/**
 * Tells a sender what became of its samples. Duplicates and late samples are no fault; what was refused for good is a
 * 400, by which a sender knows that sending it again is no use. The other samples of the request were taken.
 */
export function writeAnswer(summary: WriteSummary): HttpAnswer {
  if (summary.rejected.size === 0) return { status: 204 }
  const refused = [...summary.rejected.values()].reduce((sum, count) => sum + count, 0)
  const reasons = [...summary.rejected].map(
    ([reason, count]) => `${reason}: ${count} (${summary.details.get(reason) ?? reasonTexts[reason] ?? reason})`,
  )
  // On one line, because Prometheus logs the first line of an answer only.
  return textAnswer(400, `${refused} of ${summary.received} samples refused, the others taken: ${reasons.join('; ')}`)
}

const reasonTexts: Partial<Record<RejectReason, string>> = {
  too_old: 'older than all samples kept of the series',
  future: 'ahead of the clock here: is one of the two wrong?',
  nan: 'a counter that is not a finite number',
  negative: 'a counter below zero',
  native_histogram: 'native histograms are not read yet',
}
