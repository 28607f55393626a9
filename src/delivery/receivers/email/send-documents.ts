import { createHash } from 'node:crypto'
import type { Outcome } from '../../../core/model/delivery.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { TargetGuard } from '../../guard.ts'
import { oneLine, truncate } from '../../plain-text.ts'
import type { EmailConfig } from './config.ts'
import { sendMail } from './send.ts'

/** A mail that carries files. */
export interface DocumentMail {
  /** The same for every attempt: a repeated mail is recognizably the same one. */
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly at: EpochMs
  readonly files: readonly {
    readonly name: string
    readonly mediaType: string
    readonly content: string | Uint8Array
  }[]
}

/** One attempt to send files to one recipient through the server of an email receiver. */
export function sendDocuments(
  settings: EmailConfig,
  guard: TargetGuard,
  mail: DocumentMail,
  signal: AbortSignal,
): Promise<Outcome> {
  const { from } = settings
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const digest = createHash('sha256').update(`${mail.id}\n${mail.recipient}`).digest('hex').slice(0, 32)
  const compose = () => ({
    envelope: { from, to: [mail.recipient] },
    from: { name: 'sloburn', address: from },
    to: { name: '', address: mail.recipient },
    subject: truncate(oneLine(mail.subject), 250),
    date: new Date(mail.at),
    messageId: `<${digest}@${domain}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `<sloburn.${domain}>`,
    },
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
    text: mail.text,
    attachments: mail.files.map(({ name, mediaType, content }) => {
      return {
        filename: name,
        contentType: mediaType,
        content: typeof content === 'string' ? content : Buffer.from(content),
      }
    }),
  })
  return sendMail(settings, guard, compose, signal)
}
