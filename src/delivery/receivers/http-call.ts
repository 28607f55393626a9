import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { receiverAnswerBytesMax } from '../../core/model/limits.ts'
import { secondMs } from '../../core/model/units.ts'
import { forbiddenError, type TargetGuard } from '../guard.ts'

/** One request. */
export interface HttpCall {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Bytes of the answer that are read; as many as any usual answer has where it is not given. */
  readonly answerBytesMax?: number
}

/** What came back. A body that broke off or is longer than any answer we use is cut; the status has been said by then. */
export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Makes one request; follows no redirect and repeats nothing. Rejects with an `HttpCallError`. */
export type HttpClient = (call: HttpCall) => Promise<HttpReply>

/** A request without an answer. */
export class HttpCallError extends Error {
  /** Whether a connection was there, so that the far side may have the request. */
  readonly maybeSent: boolean
  readonly code: string

  constructor(code: string, maybeSent: boolean) {
    super(code)
    this.name = 'HttpCallError'
    this.code = code
    this.maybeSent = maybeSent
  }
}

/** A connection that waited so long for the next request is closed: many servers do so a little later. */
const idleConnectionMs = 4 * secondMs

/**
 * A client with connections of its own, so that one receiver's trouble is not another's. The guard judges the written host, every
 * address its name has, and the connection that came of it.
 */
export function httpClient(guard: TargetGuard): HttpClient {
  const options = { keepAlive: true, timeout: idleConnectionMs, maxFreeSockets: 4, lookup: guard.lookup }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }

  return async ({ method, url, headers, body = '', signal, answerBytesMax = receiverAnswerBytesMax }) => {
    const refusal = guard.refusalOf(url.hostname)
    if (refusal !== undefined) throw new HttpCallError(forbiddenError('').code ?? '', false)
    signal.throwIfAborted()
    const isTls = url.protocol === 'https:'
    const progress = { isConnected: false }
    const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      method,
      headers: { ...headers, ...length },
      agent: isTls ? agents['https:'] : agents['http:'],
      signal,
    })
    request.on('socket', (socket: Socket) => {
      const check = (): void => {
        if (guard.refusalOfConnection(url.hostname, socket.remoteAddress) === undefined) progress.isConnected = true
        else socket.destroy(forbiddenError(url.hostname))
      }
      if (!socket.connecting) check()
      else socket.once(isTls ? 'secureConnect' : 'connect', check)
    })
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve)
        request.once('error', reject)
        request.end(method === 'GET' ? undefined : body)
      })
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: await bodyOf(response, answerBytesMax),
      }
    } catch (error) {
      throw new HttpCallError(codeOf(error), progress.isConnected)
    }
  }
}

/** As much of the body as any answer needs. What is cut off takes the connection with it. */
async function bodyOf(response: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > bytesMax) break
    }
  } catch {
    // It broke off, or the attempt ended: what was read has to do.
  }
  return Buffer.concat(chunks).subarray(0, bytesMax).toString()
}

/** The code alone, because messages quote addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
