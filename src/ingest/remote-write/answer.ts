import type { HttpAnswer } from '../../ports/http-route.ts'
import type { RejectReason } from '../wire/series-visitor.ts'
import type { WriteSummary } from '../write-summary.ts'
import type { MessageVersion } from './negotiate.ts'

/** An answer in plain text, which senders write into their log. */
export function textAnswer(status: number, text: string, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` }
}

/**
 * Tells a sender what became of its samples. Duplicates and late samples are no fault; what was refused for good is a
 * 400, by which a sender knows that sending it again is no use. The other samples of the request were taken. `fault` says
 * what is wrong with the message itself, of which what stands before it was taken.
 */
export function writeAnswer(summary: WriteSummary, version: MessageVersion, fault: string | undefined): HttpAnswer {
  const headers = version === 2 ? writtenHeaders(summary) : {}
  if (fault !== undefined) {
    const text = `not a ${messageNames[version]}: ${fault}; ${summary.received} samples before it were read`
    return textAnswer(400, text, headers)
  }
  if (summary.rejected.size === 0) return version === 2 ? { status: 204, headers } : accepted
  const refused = refusedSamples(summary)
  const reasons = [...summary.rejected].map(
    ([reason, count]) => `${reason}: ${count} (${summary.details.get(reason) ?? reasonTexts[reason] ?? reason})`,
  )
  // On one line, because Prometheus logs the first line of an answer only.
  const text = `${refused} of ${summary.received} samples refused, the others taken: ${reasons.join('; ')}`
  return textAnswer(400, text, headers)
}

const accepted: HttpAnswer = { status: 204 }

const messageNames = { 1: 'prometheus.WriteRequest', 2: 'io.prometheus.write.v2.Request' } as const

/**
 * How much was taken. Samples that no SLO uses and duplicates are among it: they need not be sent again, and a sender of 2.0
 * that reads zero here takes the receiver for one that did not understand it.
 */
function writtenHeaders(summary: WriteSummary): Readonly<Record<string, string>> {
  const { received, histograms, histogramsRejected, exemplars } = summary
  const samplesRejected = refusedSamples(summary) - histogramsRejected
  return {
    'x-prometheus-remote-write-samples-written': String(received - histograms - samplesRejected),
    'x-prometheus-remote-write-histograms-written': String(histograms - histogramsRejected),
    'x-prometheus-remote-write-exemplars-written': String(exemplars),
  }
}

function refusedSamples({ rejected }: WriteSummary): number {
  let refused = 0
  for (const count of rejected.values()) refused += count
  return refused
}

const reasonTexts: Partial<Record<RejectReason, string>> = {
  too_old: 'older than all samples kept of the series',
  future: 'ahead of the clock here: is one of the two wrong?',
  nan: 'a counter that is not a finite number',
  negative: 'a counter below zero',
}
