import { type DurationMs, dayMs, hourMs, minuteMs, secondMs } from '../../core/model/units.ts'
import { shapeCheck } from '../check-shape.ts'
import { type Reading, readDuration } from '../part-reading.ts'
import { receiverNames, reportUnknownReceiver } from './routes.ts'

const duration = { type: 'string', description: 'a duration such as 5m' } as const
const receiver = { type: 'string', minLength: 1 } as const

/** Draft-07 schema of `fallback:`. */
const fallbackSchema = {
  type: 'object',
  properties: { receiver, after: duration },
  required: ['receiver'],
  additionalProperties: false,
} as const

/** Draft-07 schema of `heartbeat:`. */
const heartbeatSchema = {
  type: 'object',
  properties: { receiver, every: duration },
  required: ['receiver'],
  additionalProperties: false,
} as const

/** Who is told of a page that does not get where it should. */
export interface FallbackConfig {
  readonly receiver: string
  readonly afterMs: DurationMs
}

/** Who expects a sign of life, and how often. */
export interface HeartbeatConfig {
  readonly receiver: string
  readonly everyMs: DurationMs
}

const hasFallbackShape = shapeCheck<{ readonly receiver: string; readonly after?: string }>(fallbackSchema)
const hasHeartbeatShape = shapeCheck<{ readonly receiver: string; readonly every?: string }>(heartbeatSchema)
const afters = { normal: 5 * minuteMs, min: 10 * secondMs, max: dayMs }
const periods = { normal: minuteMs, min: 15 * secondMs, max: hourMs }

/** Reads `fallback:` against the receivers as they stand in the config. */
export function readFallback(value: unknown, receivers: unknown, reading: Reading): FallbackConfig | undefined {
  if (value === undefined || !hasFallbackShape(value, '/fallback', reading.problems)) return undefined
  checkReceiver(value.receiver, '/fallback/receiver', receivers, reading)
  return { receiver: value.receiver, afterMs: readDuration(value.after, '/fallback/after', afters, reading) }
}

/** Reads `heartbeat:` against the receivers as they stand in the config. */
export function readHeartbeat(value: unknown, receivers: unknown, reading: Reading): HeartbeatConfig | undefined {
  if (value === undefined || !hasHeartbeatShape(value, '/heartbeat', reading.problems)) return undefined
  checkReceiver(value.receiver, '/heartbeat/receiver', receivers, reading)
  return { receiver: value.receiver, everyMs: readDuration(value.every, '/heartbeat/every', periods, reading) }
}

function checkReceiver(name: string, pointer: string, receivers: unknown, reading: Reading): void {
  const known = receiverNames(receivers).filter((one) => one !== undefined)
  if (!known.includes(name)) reportUnknownReceiver(name, pointer, known, reading)
}
