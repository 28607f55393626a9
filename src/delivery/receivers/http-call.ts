import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions, request as httpsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { urlToHttpOptions } from 'node:url'
import { attemptsInFlightPerWebhookMax, receiverAnswerBytesMax } from '../../core/model/limits.ts'
import { secondMs } from '../../core/model/units.ts'
import { forbiddenAddressCode, forbiddenError, type TargetGuard } from '../guard.ts'

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
  const { proxy } = guard
  const options = { keepAlive: true, timeout: idleConnectionMs, maxFreeSockets: attemptsInFlightPerWebhookMax }
  const direct = agentsOf({ ...options, lookup: guard.lookup })
  const proxied = proxy === undefined ? direct : agentsOf({ ...options, proxyEnv: proxyEnv(proxy.url.reveal()) })
  const judged: JudgedSockets = new WeakMap()
  const targetOf = remembered((url: URL): Target => {
    const isProxied = proxy?.isFor(url) === true
    const isTls = url.protocol === 'https:'
    const agent = (isProxied ? proxied : direct)[isTls ? 'https:' : 'http:']
    const { hostname: host } = url
    return { isTls, isProxied, host, refusal: guard.refusalOf(host), options: { ...urlToHttpOptions(url), agent } }
  })

  return async (call) => {
    const { url, signal } = call
    const target = targetOf(url)
    if (target.refusal !== undefined) throw new HttpCallError(forbiddenAddressCode, false)
    if (target.isProxied && (await leadsInside(target.host, guard)))
      throw new HttpCallError(forbiddenAddressCode, false)
    signal.throwIfAborted()
    const progress = { isConnected: false }
    const request = requestFor(call, target)
    request.once('socket', (socket: Socket) => onConnection(socket, target, guard, judged, progress))
    const stop = (): void => void request.destroy(aborted())
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await replyTo(request, call)
    } catch (error) {
      throw new HttpCallError(codeOf(error), progress.isConnected)
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** What is the same for every request to one URL. */
interface Target {
  readonly isTls: boolean
  readonly isProxied: boolean
  readonly host: string
  readonly refusal: string | undefined
  readonly options: RequestOptions
}

/** Open connections that the guard lets us use, each with the host it was judged for. */
type JudgedSockets = WeakMap<Socket, string>

/** A URL object is not changed by those who ask, and a receiver asks with one and the same each time. */
function remembered(make: (url: URL) => Target): (url: URL) => Target {
  const known = new WeakMap<URL, Target>()
  return (url) => {
    const earlier = known.get(url)
    if (earlier !== undefined) return earlier
    const target = make(url)
    known.set(url, target)
    return target
  }
}

function requestFor({ method, headers, body = '' }: HttpCall, { isTls, options }: Target): ClientRequest {
  const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return (isTls ? httpsRequest : httpRequest)({ ...options, method, headers: { ...headers, ...length } })
}

function onConnection(
  socket: Socket,
  { isTls, isProxied, host }: Target,
  guard: TargetGuard,
  judged: JudgedSockets,
  progress: { isConnected: boolean },
): void {
  const check = (): void => {
    const isMeant =
      isProxied || judged.get(socket) === host || guard.refusalOfConnection(host, socket.remoteAddress) === undefined
    if (!isMeant) {
      socket.destroy(forbiddenError(host))
      return
    }
    judged.set(socket, host)
    progress.isConnected = true
  }
  if (!isShakingHands(socket)) check()
  else socket.once(isTls ? 'secureConnect' : 'connect', check)
}

/** The answer, once all of it that is used was read. */
function replyTo(request: ClientRequest, call: HttpCall): Promise<HttpReply> {
  const { method, body, answerBytesMax = receiverAnswerBytesMax } = call
  return new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (response) => {
      // The status has been said: what becomes of the connection after it is no failure.
      request.off('error', reject)
      request.on('error', () => {})
      const { statusCode: status = 0, headers } = response
      readBody(response, answerBytesMax, (text) => resolve({ status, headers, body: text }))
    })
    request.end(method === 'GET' ? undefined : body)
  })
}

/** As Node says it of a request that a signal ended. */
function aborted(): NodeJS.ErrnoException {
  return Object.assign(new Error('the attempt was aborted'), { code: 'ABORT_ERR' })
}

function agentsOf(options: HttpsAgentOptions) {
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
}

/** Node's agents read their proxy from variables such as these; what is not to go through it has agents without any. */
function proxyEnv(url: string): NodeJS.ProcessEnv {
  return { HTTP_PROXY: url, HTTPS_PROXY: url }
}

/**
 * Whether a name that a proxy would resolve leads to an internal address as far as this machine can tell. One that is not known here
 * is the proxy's to judge: behind one, names of the internet often are not.
 */
function leadsInside(host: string, guard: TargetGuard): Promise<boolean> {
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    guard.lookup(host, { all: true }, (error) => resolve(error?.code === forbiddenAddressCode))
  })
}

/** A tunnel through a proxy is connected before TLS is. */
function isShakingHands(socket: Socket): boolean {
  return socket.connecting || (socket instanceof TLSSocket && !socket.authorized && socket.getProtocol() === null)
}

/**
 * As much of the body as any answer needs. What is cut off takes the connection with it; where it broke off, or the attempt ended,
 * what was read has to do.
 */
function readBody(response: IncomingMessage, bytesMax: number, done: (text: string) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  const finish = (): void => done(bytes === 0 ? '' : Buffer.concat(chunks).subarray(0, bytesMax).toString())
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > bytesMax) response.destroy()
  })
  response.on('end', finish)
  response.on('error', finish)
  response.on('close', finish)
}

/** The code alone, because messages quote addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
