import type { EpochMs } from '../../core/model/units.ts'
import type { PointFrame } from '../wire/otlp-points.ts'

/**
 * Since when a cumulative point counts; NaN where nobody knows, which a start that is not before the point says as well.
 */
export function startOf({ startMs, isInstant }: PointFrame): EpochMs {
  return startMs === 0 || isInstant ? Number.NaN : startMs
}

/**
 * Where the interval of a delta begins. SDKs that know whole milliseconds only say of events within one that they start when they
 * end: those are of the millisecond that ends then.
 */
export function deltaStartOf({ startMs, timeMs }: PointFrame): EpochMs {
  return startMs === timeMs ? timeMs - 1 : startMs
}
