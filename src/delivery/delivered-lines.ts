import { deliveredLinesPerSecondMax } from '../core/model/limits.ts'
import { type EpochMs, secondMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log, LogFields } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** Says in the log what arrived, message by message while they are few. */
export interface DeliveredLines {
  /** A message arrived. */
  say(about: LogFields): void
  /** Nothing more is to be delivered for now: says how many were left out. */
  rest(): void
}

/**
 * A line for each message that arrived, and of very many within one second for the first of them, with how many more there were: a
 * burst of thousands would otherwise spend more on lines than on messages. Every attempt stands in the store.
 */
export function deliveredLines({ clock, log, meter }: { clock: Clock; log: Log; meter: Meter }): DeliveredLines {
  let since: EpochMs = Number.NEGATIVE_INFINITY
  let said = 0
  let unsaid = 0

  function rest(): void {
    if (unsaid === 0) return
    log.info({ deliveries: unsaid }, 'more were delivered')
    meter.count('sloburn_limit_hits_total', { limit: 'deliveredLinesPerSecondMax' })
    unsaid = 0
  }

  return {
    rest,
    say(about) {
      const now = clock.now()
      if (now < since || now - since >= secondMs) {
        rest()
        since = now
        said = 0
      }
      if (said >= deliveredLinesPerSecondMax) {
        unsaid++
        return
      }
      said++
      log.info(about, 'delivered')
    },
  }
}
