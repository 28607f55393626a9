import type { ConfigReading } from '../../core/model/config-reading.ts'
import { messagesPerMinuteMax } from '../../core/model/limits.ts'
import {
  type MessageTextConfig,
  type MessageTextDocument,
  messageTextConfig,
  messageTextSchema,
} from '../text/config.ts'
import { alertmanagerConfig, alertmanagerSchema } from './alertmanager/config.ts'
import { emailConfig, emailSchema } from './email/config.ts'
import { pagerdutyConfig, pagerdutySchema } from './pagerduty/config.ts'
import { slackConfig, slackSchema } from './slack/config.ts'
import { webhookConfig, webhookSchema } from './webhook/config.ts'

/** How each kind of receiver is read. A new kind is a line here, one in the registry and one in the shared tests. */
const readers = {
  webhook: webhookConfig,
  slack: slackConfig,
  email: emailConfig,
  pagerduty: pagerdutyConfig,
  alertmanager: alertmanagerConfig,
}

/** What a receiver is of, and what its entry in the config has under that name. */
export type ReceiverKind = keyof typeof readers

/** The settings of each kind. */
export type ReceiverSettings = { readonly [Kind in ReceiverKind]: ReturnType<(typeof readers)[Kind]> }

type KindDocuments = { readonly [Kind in ReceiverKind]: Parameters<(typeof readers)[Kind]>[0] }

const schemas = {
  webhook: webhookSchema,
  slack: slackSchema,
  email: emailSchema,
  pagerduty: pagerdutySchema,
  alertmanager: alertmanagerSchema,
} satisfies Record<ReceiverKind, object>

/** Every kind, in the order of the documentation. */
const receiverKinds: readonly ReceiverKind[] = ['webhook', 'slack', 'email', 'pagerduty', 'alertmanager']

/** Draft-07 schema of one entry of `receivers:`. */
export const receiverSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What routes call it.' },
    text: messageTextSchema,
    maxPerMinute: {
      type: 'integer',
      minimum: 1,
      maximum: messagesPerMinuteMax,
      description: 'Attempts at this receiver in any minute at the most; pages go first, and what is left waits.',
    },
    ...schemas,
  },
  required: ['name'],
  additionalProperties: false,
} as const

/** One entry of `receivers:`, as checked by the schema. */
export type ReceiverDocument = {
  readonly name: string
  readonly text?: MessageTextDocument
  readonly maxPerMinute?: number
} & Partial<KindDocuments>

/** One receiver of a kind, ready to be built. */
export interface ReceiverConfigOf<Kind extends ReceiverKind> {
  readonly kind: Kind
  readonly name: string
  readonly settings: ReceiverSettings[Kind]
  /** Its own words; undefined where the built-in ones are right. */
  readonly text: MessageTextConfig | undefined
  /** Attempts in any minute at the most; undefined where its kind alone says how many. */
  readonly maxPerMinute?: number
}

/** One receiver, ready to be built. */
export type ReceiverConfig = { [Kind in ReceiverKind]: ReceiverConfigOf<Kind> }[ReceiverKind]

/**
 * Turns a checked entry into a receiver's config. Paths reported are inside the entry; undefined, and reported, when it is not of
 * exactly one kind.
 */
export function receiverConfig(document: ReceiverDocument, reading: ConfigReading): ReceiverConfig | undefined {
  const kinds = receiverKinds.filter((kind) => document[kind] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    const found =
      kinds.length === 0 ? 'says nothing about how it is reached' : `is of several kinds: ${kinds.join(', ')}`
    reading.report('', `the receiver ${found}`, `give exactly one of ${receiverKinds.join(', ')}`)
    return undefined
  }
  const config = readKind(kind, document, reading)
  const { maxPerMinute } = document
  return config === undefined || maxPerMinute === undefined ? config : { ...config, maxPerMinute }
}

function readKind(kind: ReceiverKind, document: ReceiverDocument, reading: ConfigReading): ReceiverConfig | undefined {
  const { name } = document
  const text = document.text === undefined ? undefined : messageTextConfig(document.text, inside('text', reading))
  const within = inside(kind, reading)
  const { webhook, slack, email, pagerduty, alertmanager } = document
  if (webhook !== undefined) return { kind: 'webhook', name, text, settings: readers.webhook(webhook, within) }
  if (slack !== undefined) return { kind: 'slack', name, text, settings: readers.slack(slack, within) }
  if (email !== undefined) return { kind: 'email', name, text, settings: readers.email(email, within) }
  if (pagerduty !== undefined) return { kind: 'pagerduty', name, text, settings: readers.pagerduty(pagerduty, within) }
  if (alertmanager === undefined) return undefined
  return { kind: 'alertmanager', name, text, settings: readers.alertmanager(alertmanager, within) }
}

function inside(part: string, reading: ConfigReading): ConfigReading {
  return {
    secret: (source, path) => reading.secret(source, `/${part}${path}`),
    report: (path, message, hint) => reading.report(`/${part}${path}`, message, hint),
  }
}
