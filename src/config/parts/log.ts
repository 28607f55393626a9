import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

/** Draft-07 schema of `log:`. */
const logSchema = {
  type: 'object',
  properties: {
    level: { enum: ['debug', 'info', 'warn', 'error'] },
    format: { enum: ['json', 'text'], description: 'json for machines, text for a terminal' },
  },
  additionalProperties: false,
} as const

export interface LogConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly format: 'json' | 'text'
}

const hasLogShape = shapeCheck<Partial<LogConfig>>(logSchema)

/** Reads `log:`. */
export function readLog(value: unknown, { problems }: Reading): LogConfig {
  const normal: LogConfig = { level: 'info', format: 'json' }
  if (value === undefined || !hasLogShape(value, '/log', problems)) return normal
  return { ...normal, ...value }
}
