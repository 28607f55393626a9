import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type DurationMs, minuteMs, secondMs } from '../../core/model/units.ts'
import { parseDuration } from '../../core/time/duration.ts'

/** Draft-07 schema of what stands under `backfill:`. */
export const backfillSchema = {
  description:
    'Whether and how the history of SLOs is read when they are new here; it is, unless switched off with false.',
  oneOf: [
    { type: 'boolean' },
    {
      type: 'object',
      properties: {
        reach: {
          type: 'string',
          description: 'No further back than this, whatever the windows of SLOs are; all unless given.',
        },
        wait: {
          type: 'string',
          description: 'Time that live samples of the region have to arrive first, 1m unless given.',
        },
        pause: { type: 'string', description: 'Pause between two queries, 100ms unless given.' },
        timeout: { type: 'string', description: 'Time a query for history has, 1m unless given.' },
        concurrency: { enum: [1, 2], description: 'Queries at once, 1 unless given.' },
      },
      additionalProperties: false,
    },
  ],
} as const

/** What stands under `backfill:` beside true and false, as checked by the schema. */
export interface BackfillDocument {
  readonly reach?: string
  readonly wait?: string
  readonly pause?: string
  readonly timeout?: string
  readonly concurrency?: 1 | 2
}

/** How history is read. */
export interface BackfillConfig {
  readonly reachMs: DurationMs
  readonly waitMs: DurationMs
  readonly pauseMs: DurationMs
  readonly timeoutMs: DurationMs
  readonly concurrency: number
}

/** Fills in what is not given; undefined where it is switched off. */
export function backfillConfig(
  document: boolean | BackfillDocument | undefined,
  reading: ConfigReading,
): BackfillConfig | undefined {
  if (document === false) return undefined
  const { reach, wait, pause, timeout, concurrency = 1 } = typeof document === 'object' ? document : {}
  const duration = (text: string | undefined, key: string, otherwise: DurationMs, minMs: DurationMs): DurationMs => {
    if (text === undefined) return otherwise
    const parsed = parseDuration(text)
    if (parsed !== undefined && parsed >= minMs) return parsed
    reading.report(
      `/backfill/${key}`,
      `${JSON.stringify(text)} is not a duration that is long enough`,
      'for example 1m',
    )
    return otherwise
  }
  return {
    reachMs: duration(reach, 'reach', Number.POSITIVE_INFINITY, minuteMs),
    waitMs: duration(wait, 'wait', minuteMs, 0),
    pauseMs: duration(pause, 'pause', secondMs / 10, 0),
    timeoutMs: duration(timeout, 'timeout', minuteMs, secondMs),
    concurrency,
  }
}
