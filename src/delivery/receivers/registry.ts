import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { Receiver } from '../../ports/receiver.ts'
import type { TargetGuard } from '../guard.ts'
import { paceOf, slower } from '../pace.ts'
import { receiverWords } from '../text/receiver-words.ts'
import { alertmanagerReceiver } from './alertmanager/send.ts'
import type { ReceiverConfig, ReceiverConfigOf, ReceiverKind, ReceiverSettings } from './config.ts'
import { emailReceiver } from './email/send.ts'
import { pagerdutyReceiver } from './pagerduty/send.ts'
import type { ReceiverFactory } from './receiver-factory.ts'
import { slackReceiver } from './slack/send.ts'
import { webhookReceiver } from './webhook/send.ts'

/** Every kind of receiver there is. */
export const receiverFactories: { readonly [Kind in ReceiverKind]: ReceiverFactory<ReceiverSettings[Kind]> } = {
  webhook: webhookReceiver,
  slack: slackReceiver,
  email: emailReceiver,
  pagerduty: pagerdutyReceiver,
  alertmanager: alertmanagerReceiver,
}

/** What all receivers work in. */
export interface ReceiverWorld {
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly externalUrl: string
  readonly guard: TargetGuard
}

/** Builds a receiver from its config. */
export function buildReceiver(config: ReceiverConfig, world: ReceiverWorld): Receiver {
  return build<ReceiverKind>(config, world)
}

function build<Kind extends ReceiverKind>(config: ReceiverConfigOf<Kind>, world: ReceiverWorld): Receiver {
  const { name, kind, settings, text, maxPerMinute } = config
  const { clock, meter, externalUrl, guard } = world
  const words = receiverWords(name, text, world)
  const receiver = receiverFactories[kind](name, settings, { clock, meter, externalUrl, guard, words })
  return maxPerMinute === undefined ? receiver : { ...receiver, pace: slower(paceOf(maxPerMinute), receiver.pace) }
}
