import { targetGuard } from '../../src/delivery/guard.ts'
import type { ReceiverContext } from '../../src/delivery/receivers/receiver-factory.ts'
import { wordingOf } from '../../src/delivery/wording.ts'
import { firedAt } from './delivery-messages.ts'
import { recordingMeter } from './delivery-recorders.ts'
import { VirtualClock } from './virtual-clock.ts'

/** What receivers are given in tests: the built-in words, and the guard of a config that allows nothing more. */
export const receiverContext: ReceiverContext = {
  clock: new VirtualClock(firedAt),
  meter: recordingMeter(),
  externalUrl: 'http://127.0.0.1:9712',
  guard: targetGuard([]),
  words: wordingOf,
}
