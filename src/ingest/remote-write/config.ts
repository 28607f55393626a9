import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type PushAuth, type PushAuthDocument, pushAuth, pushAuthProperties } from '../push-auth.ts'

/**
 * Draft-07 schema of what stands under `remoteWrite:`. Samples come in on POST /api/v1/write. Where several sources are of
 * this kind, senders say which one they are by POST /api/v1/write?source=NAME, or by the credentials that they show.
 */
export const remoteWriteSchema = {
  description:
    'Takes Prometheus remote write 1.0 and 2.0 on POST /api/v1/write; of several such sources the one named by ' +
    '?source=NAME, or the only one whose credentials the sender shows.',
  type: 'object',
  properties: {
    ...pushAuthProperties,
    regionLabel: {
      type: 'string',
      minLength: 1,
      description: 'Label that names the region of a series that carries no region label itself, such as cluster.',
    },
    regionHeader: {
      type: 'string',
      pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
      description:
        'Request header that names the region of series that say nothing of it themselves, such as X-Region.',
    },
  },
  additionalProperties: false,
} as const

/** What stands under `remoteWrite:`, as checked by the schema. */
export interface RemoteWriteDocument extends PushAuthDocument {
  readonly regionLabel?: string
  readonly regionHeader?: string
}

/** Settings of a remote-write source. */
export interface RemoteWriteConfig {
  readonly auth: PushAuth
  readonly regionLabel: string | undefined
  /** In lower case. */
  readonly regionHeader: string | undefined
}

/** Turns the checked document into settings. */
export function remoteWriteConfig(document: RemoteWriteDocument, reading: ConfigReading): RemoteWriteConfig {
  const { regionLabel, regionHeader } = document
  return { auth: pushAuth(document, reading), regionLabel, regionHeader: regionHeader?.toLowerCase() }
}
