import type { EventsIndicator, Indicator } from '../core/model/indicator.ts'
import type { Measure } from '../core/model/notification.ts'
import { secondMs } from '../core/model/units.ts'
import { wantedBucket } from '../core/sli/bucket-bound.ts'
import { countUnit } from '../core/sli/count-unit.ts'
import { unitsPerSecond } from '../core/sli/histogram-unit.ts'

/** What an SLO counts, for words: milliseconds and slices of time are no requests, and slow ones did not fail. */
export function measureOf(indicator: Indicator): Measure {
  const { unit, secondsEach } = countUnit(indicator)
  if (unit === 'milliseconds') return { kind: 'time' }
  if (unit === 'slices') return { kind: 'slices', sliceMs: (secondsEach ?? 0) * secondMs }
  if (unit === 'points') return { kind: 'shares' }
  return indicator.kind === 'events' ? requestsOf(indicator) : { kind: 'requests' }
}

/** Whatever is counted by one bucket of a histogram is good up to that bound. */
function requestsOf({ signals }: EventsIndicator): Measure {
  const selectors = signals.flatMap(({ counters }) => counters.terms.map(({ selector }) => selector))
  const bounds = selectors
    .flatMap((selector) => wantedBucket(selector) ?? [])
    .filter(({ bound }) => Number.isFinite(bound))
  const [bucket, ...others] = bounds
  if (bucket === undefined || others.some(({ bound }) => bound !== bucket.bound)) return { kind: 'requests' }
  const aboveMs = Math.round((bucket.bound * secondMs) / unitsPerSecond(bucket.histogram))
  return aboveMs > 0 ? { kind: 'slow', aboveMs } : { kind: 'requests' }
}
