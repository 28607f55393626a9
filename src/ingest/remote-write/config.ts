/**
 * Draft-07 schema of what stands under `remoteWrite:`. Samples come in on POST /api/v1/write. Where several sources are
 * of this kind, senders say which one they are: POST /api/v1/write?source=NAME.
 */
export const remoteWriteSchema = {
  description:
    'Takes Prometheus remote write on POST /api/v1/write; with several such sources, on POST /api/v1/write?source=NAME.',
  type: 'object',
  properties: {},
  additionalProperties: false,
} as const

/** What stands under `remoteWrite:`, as checked by the schema: nothing can be chosen yet. */
export type RemoteWriteDocument = Readonly<Record<string, never>>

/** Settings of a remote-write source. */
export type RemoteWriteConfig = Readonly<Record<string, never>>

/** Turns the checked document into settings. */
export function remoteWriteConfig(_document: RemoteWriteDocument): RemoteWriteConfig {
  return {}
}
