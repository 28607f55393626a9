import type { Outcome } from '../core/model/delivery.ts'
import { attemptAbortGraceMs } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import type { Clock } from '../ports/clock.ts'

/** Attempts that have begun and not ended. */
export interface AttemptsUnderWay {
  /**
   * Makes one attempt, which ends in time whatever the receiver does: at its time limit, or when all are aborted, the receiver is told
   * to stop, and one that does not is left behind. Rejects as `make` does.
   */
  run(limitMs: DurationMs, make: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome>
  abortAll(reason: Error): void
}

interface Attempt {
  readonly control: AbortController
  readonly limitMs: DurationMs
  readonly leave: (outcome: Outcome) => void
  /** When it is aborted, and after that when it is left behind. */
  endsAt: EpochMs
}

/** One for all: an error with a stack for every sleep that is cut short would be dear. */
const isOver = new Error('nothing is waited for any more')

/** Nothing is under way yet. One sleep serves all of them: a timer of its own for each costs more than some receivers do. */
export function attemptsUnderWay(clock: Clock): AttemptsUnderWay {
  const attempts = new Set<Attempt>()
  let sleep: { readonly until: EpochMs; readonly control: AbortController } | undefined

  function sleepUntil(until: EpochMs): void {
    if (sleep !== undefined && sleep.until <= until) return
    sleep?.control.abort(isOver)
    const control = new AbortController()
    sleep = { until, control }
    const isMeant = () => sleep?.control === control
    clock.sleepUntil(until, control.signal).then(
      () => (isMeant() ? look() : undefined),
      () => {},
    )
  }

  function look(): void {
    sleep = undefined
    const now = clock.now()
    for (const attempt of attempts) if (attempt.endsAt <= now) end(attempt, now)
    if (attempts.size > 0) sleepUntil(Math.min(...Array.from(attempts, ({ endsAt }) => endsAt)))
  }

  function end(attempt: Attempt, now: EpochMs): void {
    const { control, limitMs, leave } = attempt
    const reason = `no answer within ${formatDuration(limitMs)}`
    if (!control.signal.aborted) {
      attempt.endsAt = now + attemptAbortGraceMs
      control.abort(new Error(reason))
      return
    }
    forget(attempt)
    leave({ kind: 'ambiguous', reason })
  }

  function forget(attempt: Attempt): void {
    attempts.delete(attempt)
    if (attempts.size > 0) return
    sleep?.control.abort(isOver)
    sleep = undefined
  }

  return {
    run(limitMs, make) {
      return new Promise((resolve, reject) => {
        const control = new AbortController()
        const attempt = { control, limitMs, leave: resolve, endsAt: clock.now() + limitMs }
        attempts.add(attempt)
        sleepUntil(attempt.endsAt)
        make(control.signal)
          .finally(() => forget(attempt))
          .then(resolve, reject)
      })
    },
    abortAll(reason) {
      const endsAt = clock.now() + attemptAbortGraceMs
      for (const attempt of attempts) {
        if (attempt.control.signal.aborted) continue
        attempt.endsAt = endsAt
        attempt.control.abort(reason)
      }
      if (attempts.size > 0) sleepUntil(endsAt)
    },
  }
}
