import type { DurationMs, EpochMs } from '../core/model/units.ts'

/** What a receiver's service posted to us. */
export interface CallbackRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
  readonly now: EpochMs
}

/** Which incident is meant: one by its id, or the open one whose key it is. */
export type CallbackIncident = { readonly id: string } | { readonly isOfKey: (key: string) => boolean }

/**
 * What was read from it. `nothing` is a message that is genuine and of no interest; `refused` one that is not genuine, too old, or
 * was seen before.
 */
export type CallbackReading =
  | {
      readonly kind: 'acknowledge'
      readonly incident: CallbackIncident
      readonly by: string
      readonly forMs: DurationMs
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads what a receiver's service posts, and believes only what is signed, fresh and new. */
export type ReceiverCallback = (request: CallbackRequest) => CallbackReading
