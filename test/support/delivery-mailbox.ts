import { once } from 'node:events'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Cleanup } from './cleanup.ts'
import { portOf } from './delivery-http-server.ts'

export interface ReceivedMail {
  readonly from: string | undefined
  readonly to: readonly string[]
  /** Whether it came over TLS. */
  readonly secure: boolean
  readonly user: string | undefined
  readonly raw: string
  readonly mail: Email
}

export interface Mailbox {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
}

/** A real SMTP server that takes mail and reads it as a mail program would. */
export async function mailbox(t: Cleanup, options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
    async onData(stream, session, done) {
      const chunks: Uint8Array[] = []
      for await (const chunk of stream) chunks.push(chunk)
      const raw = Buffer.concat(chunks)
      const { mailFrom, rcptTo } = session.envelope
      mails.push({
        from: mailFrom === false ? undefined : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        secure: session.secure,
        user: session.user,
        raw: raw.toString(),
        mail: await PostalMime.parse(raw),
      })
      done()
    },
    ...options,
  })
  server.on('error', () => {})
  const inner = server.listen(0, '127.0.0.1')
  await once(inner, 'listening')
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { port: portOf(inner.address()), mails }
}
