import type { Message } from '../../core/model/notification.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Meter } from '../../ports/meter.ts'
import type { Receiver } from '../../ports/receiver.ts'
import type { TargetGuard } from '../guard.ts'
import type { Wording } from '../words.ts'

/** What every receiver is given beside its settings. */
export interface ReceiverContext {
  readonly clock: Clock
  readonly meter: Pick<Meter, 'count'>
  /** Where this engine is reached by people: links in messages begin with it. */
  readonly externalUrl: string
  /** Decides where messages may go. */
  readonly guard: TargetGuard
  /** Puts a message into words: the built-in ones, or those that the config gives this receiver. */
  readonly words: (message: Message) => Wording
}

/** Makes a receiver of one kind. */
export type ReceiverFactory<Settings> = (name: string, settings: Settings, context: ReceiverContext) => Receiver
