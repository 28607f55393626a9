import type { DurationMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Meter } from '../../ports/meter.ts'
import type { HistoryAnswer } from './history-answer.ts'
import type { QueryAnswer } from './query-answer.ts'

/** What a request is watched by. */
export interface AskWorld {
  readonly clock: Clock
  readonly meter: Meter
  readonly stopping: AbortSignal
}

/** Asks an API; unknown when no answer came in time. A limit that the answer ran into is counted. */
export async function askInTime<Answer extends HistoryAnswer | QueryAnswer>(
  { clock, meter, stopping }: AskWorld,
  timeoutMs: DurationMs,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const answered = new AbortController()
  const late = new AbortController()
  clock.sleepUntil(clock.now() + timeoutMs, answered.signal).then(
    () => late.abort(new Error(`no answer within ${formatDuration(timeoutMs)}`)),
    () => {},
  )
  const answer = await ask(AbortSignal.any([stopping, late.signal]))
  answered.abort()
  if (answer.kind === 'unknown' && answer.limit !== undefined) {
    meter.count('sloburn_limit_hits_total', { limit: answer.limit })
  }
  return answer
}
