import type { EventCounts } from '../../core/model/counts.ts'
import type { QueryIndicator } from '../../core/model/indicator.ts'
import { type DurationMs, secondMs } from '../../core/model/units.ts'
import { queryUnit } from '../../core/sli/query-unit.ts'
import type { QueryAnswer } from './query-answer.ts'

/** The events of a span of time, or why they are not known. */
export type SpanEvents =
  | { readonly kind: 'known'; readonly counts: EventCounts }
  | { readonly kind: 'unknown'; readonly outcome: UnknownOutcome; readonly reason: string }

/** Why an answer tells nothing of its stretch of time. */
export type UnknownOutcome = 'partial' | 'failed' | 'no-answer' | 'empty'

/** What the author asks for, and its answer. */
export interface AskedQuery {
  readonly query: string
  readonly answer: QueryAnswer
}

/**
 * Makes events of the answers for one span. Rates are events a second, so that their number is the rate times the span.
 * Of a share of bad events every millisecond of the span is one event.
 *
 * No series for the total means that nothing is known. None for the bad or the good events beside a total means that
 * there were none: most libraries expose a counter only once it has counted something.
 */
export function spanEvents(
  { given }: Pick<QueryIndicator, 'given'>,
  spanMs: DurationMs,
  part: AskedQuery,
  total: AskedQuery | undefined,
): SpanEvents {
  if (part.answer.kind === 'unknown') return part.answer
  if (total === undefined) return shareEvents(part.answer, spanMs)
  if (total.answer.kind === 'unknown') return total.answer
  if (total.answer.kind === 'empty') return unknown('empty', 'the total has no series')
  const all = eventsIn(total.query, total.answer.value, spanMs)
  if (all < 0) return unknown('failed', `the total is ${total.answer.value}, and no events can be fewer than none`)
  const some = part.answer.kind === 'empty' ? 0 : eventsIn(part.query, part.answer.value, spanMs)
  // Two extrapolations may differ by a little, so that a part is more than its whole or less than nothing.
  const within = Math.min(all, Math.max(0, some))
  return { kind: 'known', counts: { bad: given === 'good' ? all - within : within, total: all } }
}

function shareEvents(answer: Exclude<QueryAnswer, { kind: 'unknown' }>, spanMs: DurationMs): SpanEvents {
  if (answer.kind === 'empty') return unknown('empty', 'the share of bad events has no series')
  const { value } = answer
  if (value < -shareTolerance || value > 1 + shareTolerance) {
    return unknown('failed', `answered ${value}, which is no share from 0 to 1`)
  }
  return { kind: 'known', counts: { bad: Math.min(1, Math.max(0, value)) * spanMs, total: spanMs } }
}

/** Rounding in `1 - a / b`, and nothing more: 1.2 is a mistake in the query. */
const shareTolerance = 1e-6

function eventsIn(query: string, value: number, spanMs: DurationMs): number {
  return queryUnit(query) === 'per-second' ? (value * spanMs) / secondMs : value
}

function unknown(outcome: UnknownOutcome, reason: string): SpanEvents {
  return { kind: 'unknown', outcome, reason }
}
