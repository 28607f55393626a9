import type { Socket } from 'node:net'
import type { Meter } from '../ports/meter.ts'
import { errorAnswer } from './api/json-answer.ts'

/** Answers a connection on which no whole request came, and ends it: one that took too long, or was not HTTP. */
export function answerBrokenRequest(error: Error, socket: Socket, meter: Meter): void {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') meter.count('sloburn_limit_hits_total', { limit: 'requestTimeoutMs' })
  const [status, phrase, reason] = answers[code] ?? notHttp
  const { body = '' } = errorAnswer(status, reason)
  const head = `HTTP/1.1 ${status} ${phrase}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\n`
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${String(body)}`)
}

const notHttp = [400, 'Bad Request', 'this is not an HTTP request'] as const

const answers: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request took too long to arrive'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers are too long'],
}
