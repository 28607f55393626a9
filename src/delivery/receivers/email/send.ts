import { createTransport, type NodemailerError, type SendMailOptions, type SMTPTransportOptions } from 'nodemailer'
import type { Outcome } from '../../../core/model/delivery.ts'
import { secondMs } from '../../../core/model/units.ts'
import { forbiddenAddressCode, type TargetGuard } from '../../guard.ts'
import { asReason } from '../../plain-text.ts'
import { abortReason, forbiddenReason } from '../http-outcome.ts'
import type { ReceiverFactory } from '../receiver-factory.ts'
import type { EmailConfig } from './config.ts'
import { guardedConnection } from './connection.ts'
import { emailMessage } from './message.ts'

/** A server may look up names and scan content before it answers; ten seconds would cut off honest ones. */
const emailAttemptTimeoutMs = 30 * secondMs

/** Sends one mail to the recipient of the delivery, over a connection of its own. */
export const emailReceiver: ReceiverFactory<EmailConfig> = (name, settings, { guard, words, externalUrl }) => ({
  name,
  kind: 'email',
  recipients: settings.to,
  takesDigests: true,
  attemptTimeoutMs: emailAttemptTimeoutMs,
  send: (delivery, signal) => {
    return sendMail(
      settings,
      guard,
      () => emailMessage(delivery, { receiver: name, from: settings.from, words, externalUrl }),
      signal,
    )
  },
})

/** One attempt to send one mail to its one recipient. */
export async function sendMail(
  settings: EmailConfig,
  guard: TargetGuard,
  compose: () => SendMailOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const progress = { handedOver: false }
  let transport: ReturnType<typeof createTransport> | undefined
  try {
    const message = compose()
    const connection = await guardedConnection(settings, guard, signal)
    transport = createTransport({ ...transportOptions(settings, progress), connection })
    const { rejected } = await transport.sendMail({ ...message, signal })
    // sendMail resolves when at least one recipient was taken; there is only one, but its refusal must not read as success.
    return rejected.length === 0 ? { kind: 'delivered' } : { kind: 'rejected', reason: 'SMTP: recipient refused' }
  } catch (error) {
    return smtpFailure(error, progress.handedOver, signal, settings)
  } finally {
    transport?.close()
  }
}

function transportOptions(
  { host, port, tls, login }: EmailConfig,
  progress: { handedOver: boolean },
): SMTPTransportOptions {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(login === undefined ? {} : { auth: { user: login.username, pass: login.password.reveal() } }),
    connectionTimeout: 10 * secondMs,
    greetingTimeout: 10 * secondMs,
    socketTimeout: emailAttemptTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: { info: (entry: unknown) => noteProgress(entry, progress) },
  }
}

/**
 * nodemailer says in its log, and nowhere else, that a whole message including its final dot was handed to the connection. Before
 * that the server cannot have accepted it; after that only its answer tells.
 */
function noteProgress(entry: unknown, progress: { handedOver: boolean }): void {
  if (typeof entry === 'object' && entry !== null && 'tnx' in entry && entry.tnx === 'message')
    progress.handedOver = true
}

/** An answer of the server is final: 5xx refuses, anything else asks to come again. Without one it depends on how far it got. */
function smtpFailure(error: unknown, handedOver: boolean, signal: AbortSignal, { login }: EmailConfig): Outcome {
  const { code = 'unknown error', responseCode, permanent, response, command } = smtpFacts(error)
  if (responseCode !== undefined) {
    // The answer to a login may quote what was sent.
    const words =
      command?.startsWith('AUTH') === true ? `${responseCode} login refused` : (response ?? `${responseCode}`)
    const reason = asReason(`SMTP: ${withoutPassword(words, login?.password.reveal())}`)
    return { kind: permanent === true ? 'rejected' : 'retry', reason }
  }
  if (code === forbiddenAddressCode) return { kind: 'retry', reason: forbiddenReason }
  const reason = signal.aborted ? abortReason(signal) : `SMTP: ${code}`
  if (handedOver) return { kind: 'ambiguous', reason }
  return mistakes.has(code) ? { kind: 'rejected', reason } : { kind: 'retry', reason }
}

/** Wrong with us, whoever is asked: repeating it mends nothing. */
const mistakes: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE', 'ECONFIG', 'EREQUIRETLS'])

function smtpFacts(error: unknown): Partial<NodemailerError> {
  return error instanceof Error ? error : {}
}

function withoutPassword(text: string, password: string | undefined): string {
  return password === undefined || password === '' ? text : text.replaceAll(password, '<secret>')
}
