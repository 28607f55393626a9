import type { IncidentPolicy } from '../incidents/incident-policy.ts'
import type { DurationMs } from '../model/units.ts'
import type { Route } from './route.ts'

/** Who is told, and how. */
export interface Routing {
  readonly routes: readonly Route[]
  /** The addresses of a receiver; none for a receiver that is not there. */
  readonly recipientsOf: (receiver: string) => readonly string[]
  /** What a receiver can do with messages. */
  readonly traitsOf: (receiver: string) => ReceiverTraits
  /** Told of a page that could not be delivered in time; undefined where nobody is. */
  readonly fallback?: { readonly receiver: string; readonly afterMs: DurationMs }
  /** Sent to a dead-man's switch; undefined where nobody waits for it. */
  readonly heartbeat?: { readonly receiver: string; readonly everyMs: DurationMs }
  readonly policy: IncidentPolicy
  /** A digest of a text: ids are made of what they stand for, so that one decision never makes two. */
  readonly digest: (text: string) => string
  /** The same, short enough to be read out, for the ids of incidents; as `digest` where it is not given. */
  readonly shortDigest?: (text: string) => string
}

/** What a receiver can do with messages. */
export interface ReceiverTraits {
  /** An earlier message can be brought up to date, or another of the same key does no harm: updates are sent there. */
  readonly takesUpdates: boolean
  /** Several tickets can be told in one message. */
  readonly takesDigests: boolean
  /** It forgets what it is not told again: while an incident is open it is told this often. */
  readonly refreshEveryMs?: DurationMs
}
