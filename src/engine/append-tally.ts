import type { Appended } from '../core/series/appended.ts'
import type { AppendCounts } from '../ports/sample-sink.ts'

/** Whether a sample was counted, so that time moves on with it. */
export function isBooked(appended: Appended): boolean {
  return appended === 'accepted' || appended === 'reset' || appended === 'out-of-order'
}

/** Counts what became of a sample. */
export function tally(counts: AppendCounts, appended: Appended): void {
  switch (appended) {
    case 'accepted':
      counts.accepted++
      break
    case 'reset':
      counts.accepted++
      counts.resets++
      break
    case 'out-of-order':
      counts.accepted++
      counts.outOfOrder++
      break
    case 'duplicate':
      counts.duplicates++
      break
    case 'too-old':
      counts.tooOld++
      break
    case 'not-a-number':
      counts.notANumber++
      break
    case 'overlapping':
      counts.overlapping++
      break
    default:
      counts.negative++
  }
}
