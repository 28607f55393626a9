import type { Receiver } from '../../ports/receiver.ts'
import type { ReceiverConfig } from './config.ts'
import { emailReceiver } from './email/send.ts'
import type { ReceiverContext } from './receiver-factory.ts'
import { slackReceiver } from './slack/send.ts'
import { webhookReceiver } from './webhook/send.ts'

/** Every kind of receiver there is. */
export const receiverFactories = { webhook: webhookReceiver, slack: slackReceiver, email: emailReceiver }

/** Builds a receiver from its config. */
export function buildReceiver(config: ReceiverConfig, context: ReceiverContext): Receiver {
  if (config.kind === 'webhook') return receiverFactories.webhook(config.name, config.settings, context)
  if (config.kind === 'slack') return receiverFactories.slack(config.name, config.settings, context)
  return receiverFactories.email(config.name, config.settings, context)
}
