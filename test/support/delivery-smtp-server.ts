import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Cleanup } from './cleanup.ts'
import { portOf } from './delivery-http-server.ts'

/** Answers by command; what is not given is answered with success. */
export interface SmtpAnswers {
  readonly AUTH?: string
  readonly MAIL?: string
  readonly RCPT?: string
  readonly DATA?: string
  /** After the final dot; `hang` never answers, `cut` cuts the connection. */
  readonly dot?: string
  /** `cut` cuts the connection in the middle of the message. */
  readonly body?: 'cut'
  /** `hang` never greets. */
  readonly greeting?: string
}

export interface SmtpFarSide {
  readonly port: number
  /** Whole messages, as they came over the wire. */
  readonly messages: readonly string[]
  answer(answers: SmtpAnswers): void
  /** Resolves with the next message whose final dot has come. */
  nextMessage(): Promise<string>
}

/** An SMTP server that misbehaves as told, which a correct one will not. */
export async function smtpFarSide(t: Cleanup): Promise<SmtpFarSide> {
  const sockets = new Set<Socket>()
  const messages: string[] = []
  const waiting: ((message: string) => void)[] = []
  let answers: SmtpAnswers = {}

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    void converse(socket, answers, (message) => {
      messages.push(message)
      for (const resolve of waiting.splice(0)) resolve(message)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return {
    port: portOf(server.address()),
    messages,
    answer: (next) => void (answers = next),
    nextMessage: () => new Promise((resolve) => waiting.push(resolve)),
  }
}

async function converse(socket: Socket, answers: SmtpAnswers, took: (message: string) => void): Promise<void> {
  const say = (line: string): boolean => socket.write(`${line}\r\n`)
  if (answers.greeting === 'hang') return
  say(answers.greeting ?? '220 test ESMTP')
  let message: string[] | undefined
  for await (const line of createInterface({ input: socket, crlfDelay: Infinity })) {
    if (message === undefined) {
      const command = line.slice(0, 4).toUpperCase().trim()
      if (command === 'DATA' && answers.DATA === undefined) message = []
      say(answerTo(command, answers))
    } else if (line !== '.') {
      message.push(line)
      if (answers.body === 'cut') socket.resetAndDestroy()
    } else {
      took(message.join('\r\n'))
      message = undefined
      if (answers.dot === 'cut') socket.resetAndDestroy()
      else if (answers.dot !== 'hang') say(answers.dot ?? '250 2.0.0 queued')
    }
  }
}

function answerTo(command: string, answers: SmtpAnswers): string {
  if (command === 'EHLO') return '250-test\r\n250 AUTH PLAIN'
  if (command === 'AUTH') return answers.AUTH ?? '235 2.7.0 accepted'
  if (command === 'MAIL') return answers.MAIL ?? '250 2.1.0 ok'
  if (command === 'RCPT') return answers.RCPT ?? '250 2.1.5 ok'
  if (command === 'DATA') return answers.DATA ?? '354 go on'
  return command === 'QUIT' ? '221 bye' : '250 ok'
}
