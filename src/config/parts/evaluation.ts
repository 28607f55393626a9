import { staleAfterMaxMs } from '../../core/model/limits.ts'
import { type DurationMs, minuteMs, secondMs } from '../../core/model/units.ts'
import { shapeCheck } from '../check-shape.ts'
import { type Reading, readDuration } from '../part-reading.ts'

const duration = { type: 'string', description: 'a duration such as 15s' } as const

/** Draft-07 schema of `evaluation:`. */
const evaluationSchema = {
  type: 'object',
  properties: { interval: duration, delay: duration },
  additionalProperties: false,
} as const

/** Draft-07 schema of `checkpoint:`. */
const checkpointSchema = {
  type: 'object',
  properties: { interval: duration },
  additionalProperties: false,
} as const

interface EvaluationDocument {
  readonly interval?: string
  readonly delay?: string
}

const hasEvaluationShape = shapeCheck<EvaluationDocument>(evaluationSchema)
const hasCheckpointShape = shapeCheck<{ readonly interval?: string }>(checkpointSchema)

/** A step above a minute would leave the shortest alert windows too few of them. */
const intervals = { normal: 15 * secondMs, min: secondMs, max: minuteMs }
/** Data is given up after `staleAfterMaxMs`, so waiting longer than that would be waiting for nothing. */
const delays = { normal: 15 * secondMs, min: 0, max: staleAfterMaxMs }
const checkpointIntervals = { normal: 30 * secondMs, min: secondMs, max: 60 * minuteMs }

/** Reads `evaluation:`. */
export function readEvaluation(value: unknown, reading: Reading): { intervalMs: DurationMs; delayMs: DurationMs } {
  const written = value !== undefined && hasEvaluationShape(value, '/evaluation', reading.problems) ? value : {}
  return {
    intervalMs: readDuration(written.interval, '/evaluation/interval', intervals, reading),
    delayMs: readDuration(written.delay, '/evaluation/delay', delays, reading),
  }
}

/** Reads `checkpoint:`. */
export function readCheckpoint(value: unknown, reading: Reading): { intervalMs: DurationMs } {
  const written = value !== undefined && hasCheckpointShape(value, '/checkpoint', reading.problems) ? value : {}
  return { intervalMs: readDuration(written.interval, '/checkpoint/interval', checkpointIntervals, reading) }
}
