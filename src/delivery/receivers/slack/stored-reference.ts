import type { SlackReference } from './message.ts'

/** A message of ours as later ones find it. */
export interface StoredReference extends SlackReference {
  /** It tells of other incidents too: it can be answered, but is not rewritten for one of them. */
  readonly isDigest: boolean
}

/** The text that is stored. */
export function printReference({ channel, ts, isDigest }: StoredReference): string {
  return isDigest ? `${channel}:${ts}:digest` : `${channel}:${ts}`
}

/** Reads what was stored; undefined where it is nothing of ours. */
export function parseReference(reference: string): StoredReference | undefined {
  const [channel, ts, kind] = reference.split(':')
  return channel === undefined || ts === undefined ? undefined : { channel, ts, isDigest: kind === 'digest' }
}
