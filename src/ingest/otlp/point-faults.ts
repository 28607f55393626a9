import type { MetricKind } from '../wire/otlp-fields.ts'
import type { NumberPoint, PointFrame } from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'

/** Why a point of a sum or a gauge says nothing; undefined when it does. */
export function faultOfNumber(point: NumberPoint, kind: MetricKind): Refusal | undefined {
  const fault = faultOfTimes(point, kind === 'delta-sum')
  if (fault !== undefined) return fault
  return point.hasValue || point.noRecordedValue ? undefined : withoutValue
}

/** Why the times of a point say nothing; undefined when they do. */
export function faultOfTimes(point: PointFrame, isDelta: boolean): Refusal | undefined {
  if (point.timeMs === 0) return withoutTime
  if (!isDelta || point.noRecordedValue) return undefined
  if (point.startMs === 0) return deltaWithoutStart
  return point.startMs > point.timeMs ? backwardInterval : undefined
}

const withoutTime: Refusal = { reason: 'malformed', detail: 'a point without a time' }
const withoutValue: Refusal = { reason: 'malformed', detail: 'a point without a value' }
const backwardInterval: Refusal = { reason: 'malformed', detail: 'a delta whose start is after its time' }
const deltaWithoutStart: Refusal = {
  reason: 'delta_without_start',
  detail: 'a delta without a start time may be one that was sent before: let the sender set start_time_unix_nano',
}
