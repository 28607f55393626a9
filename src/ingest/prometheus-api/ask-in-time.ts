import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Meter } from '../../ports/meter.ts'
import { askHistory, type QueryApi } from './client.ts'
import type { HistoryAnswer } from './history-answer.ts'

/** What a request for raw samples needs. */
export interface AskWorld {
  readonly api: QueryApi
  readonly clock: Clock
  readonly meter: Meter
  readonly stopping: AbortSignal
}

/** Asks for the raw samples of a range selector up to a moment; unknown when no answer came in time. Never throws. */
export async function askHistoryInTime(
  { api, clock, meter, stopping }: AskWorld,
  selector: string,
  at: EpochMs,
  timeoutMs: DurationMs,
): Promise<HistoryAnswer> {
  const answered = new AbortController()
  const late = new AbortController()
  clock.sleepUntil(clock.now() + timeoutMs, answered.signal).then(
    () => late.abort(new Error(`no answer within ${formatDuration(timeoutMs)}`)),
    () => {},
  )
  const answer = await askHistory(api, selector, at, AbortSignal.any([stopping, late.signal]))
  answered.abort()
  if (answer.kind === 'unknown' && answer.limit !== undefined) {
    meter.count('sloburn_limit_hits_total', { limit: answer.limit })
  }
  return answer
}
