import type { Clock } from '../../ports/clock.ts'
import type { Receiver } from '../../ports/receiver.ts'

/** What every receiver is given beside its settings. */
export interface ReceiverContext {
  readonly clock: Clock
  /** Where this engine is reached by people: links in messages begin with it. */
  readonly externalUrl: string
}

/** Makes a receiver of one kind. */
export type ReceiverFactory<Settings> = (name: string, settings: Settings, context: ReceiverContext) => Receiver
