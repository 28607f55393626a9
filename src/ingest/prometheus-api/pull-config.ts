import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type DurationMs, secondMs } from '../../core/model/units.ts'
import { parseDuration } from '../../core/time/duration.ts'

/** Draft-07 schema of what stands under `pull:`. */
export const pullSchema = {
  description:
    'Whether and how often the counters of SLOs are read from the API as they come. They are, unless given as false or some other source may tell of the same region.',
  oneOf: [
    { type: 'boolean' },
    {
      type: 'object',
      properties: {
        interval: { type: 'string', description: 'Time between two readings; the evaluation interval unless given.' },
      },
      additionalProperties: false,
    },
  ],
} as const

/** What stands under `pull:` beside true and false, as checked by the schema. */
export interface PullDocument {
  readonly interval?: string
}

/** Whether and how counters are read as they come. */
export type PullConfig =
  /** Where no other source may tell of the region. */
  | { readonly kind: 'unless-told' }
  | { readonly kind: 'off' }
  /** The evaluation interval where none is given. */
  | { readonly kind: 'on'; readonly intervalMs: DurationMs | undefined }

const intervalMinMs = secondMs

/** Fills in what is not given. */
export function pullConfig(document: boolean | PullDocument | undefined, reading: ConfigReading): PullConfig {
  if (document === undefined) return { kind: 'unless-told' }
  if (document === false) return { kind: 'off' }
  const text = document === true ? undefined : document.interval
  const intervalMs = text === undefined ? undefined : parseDuration(text)
  if (text !== undefined && (intervalMs === undefined || intervalMs < intervalMinMs)) {
    reading.report('/pull/interval', `${JSON.stringify(text)} is not a duration of a second or more`, 'for example 15s')
    return { kind: 'on', intervalMs: undefined }
  }
  return { kind: 'on', intervalMs }
}
