import type { EpochMs } from '../model/units.ts'
import type { SeenIntervals } from './seen-intervals.ts'

/** Lets `own` know what `other` knows of the time up to `until`, before `own` knew anything. */
export function seeHistory(own: SeenIntervals, other: SeenIntervals, until: EpochMs): void {
  const theirs = other.snapshot()
  if (theirs === undefined || theirs.since > until) return
  if (own.until === undefined) {
    const end = Math.min(theirs.until, until)
    const gaps = theirs.gaps.filter(([from]) => from < end).map(([from, to]) => [from, Math.min(to, end)] as const)
    own.restore({ ...theirs, until: end, gaps })
    return
  }
  // From the newest stretch back to the oldest, so that each gap is noticed as such.
  let to = Math.min(theirs.until, until, own.until)
  for (const [gapFrom, gapTo] of theirs.gaps.toReversed()) {
    if (gapTo < to) own.see(gapTo, to)
    to = Math.min(to, gapFrom)
  }
  own.see(theirs.since, to)
}
