import { storeRetryMs } from '../core/model/limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Outbox } from '../ports/store.ts'

/** What delivery needs of the outbox; undefined is answered when delivery stops before the store recovers. */
export type PatientOutbox = {
  readonly [Name in 'claim' | 'settle' | 'nextDueAt' | 'recover' | 'depths']: (
    ...parameters: Parameters<Outbox[Name]>
  ) => Promise<Awaited<ReturnType<Outbox[Name]>> | undefined>
}

/**
 * An outbox that outlasts a store that fails for a while (a full disk, a lock): every call is repeated until it succeeds or
 * delivery stops. A message whose outcome cannot be recorded therefore blocks its lane instead of being forgotten.
 */
export function patientOutbox(
  outbox: Outbox,
  stopping: AbortSignal,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): PatientOutbox {
  async function patiently<Result>(operation: string, run: () => Promise<Result>): Promise<Result | undefined> {
    for (;;) {
      try {
        return await run()
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        log.error({ operation, reason }, 'the store failed under delivery')
      }
      if (stopping.aborted) return undefined
      await clock.sleepUntil(clock.now() + storeRetryMs, stopping).catch(() => {})
    }
  }

  return {
    claim: (receiver, now) => patiently('claim', () => outbox.claim(receiver, now)),
    settle: (...parameters) => patiently('settle', () => outbox.settle(...parameters)),
    nextDueAt: (receiver) => patiently('nextDueAt', () => outbox.nextDueAt(receiver)),
    recover: (now) => patiently('recover', () => outbox.recover(now)),
    depths: () => patiently('depths', () => outbox.depths()),
  }
}
