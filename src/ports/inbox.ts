import type { Severity } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Messages a local receiver took in, newest first: the demo's stand-in for a phone. */
export interface Inbox {
  messages(): readonly InboxMessage[]
}

/** A message as the on-call person of the demo sees it. */
export interface InboxMessage {
  readonly at: EpochMs
  readonly status: 'firing' | 'resolved'
  readonly severity: Severity
  readonly title: string
  readonly text: string
}
