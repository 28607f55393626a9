import { isIP } from 'node:net'
import type { Dispatcher } from 'undici'
import { receiverAnswerBytesMax } from '../../core/model/limits.ts'
import { bareHost } from '../bare-host.ts'
import { forbiddenAddressCode, type TargetGuard } from '../guard.ts'
import { httpWays } from './http-ways.ts'

/** One request. */
export interface HttpCall {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal: AbortSignal
  /** Bytes of the answer that are read; as many as any usual answer has where it is not given. */
  readonly answerBytesMax?: number
}

/** What came back. A body that broke off or is longer than any answer we use is cut; the status has been said by then. */
export interface HttpReply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>
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

/**
 * A client with connections of its own, so that one receiver's trouble is not another's. The guard judges the written host, every
 * address its name has, and the connection that came of it.
 */
export function httpClient(guard: TargetGuard): HttpClient {
  // While the engine starts, and not when the first page waits for it.
  const loading = httpWays(guard)
  const targetOf = remembered((url: URL): Target => {
    const { hostname: host, origin, pathname, search } = url
    const isProxied = guard.proxy?.isFor(url) === true
    return { host, origin, path: pathname + search, isProxied, refusal: guard.refusalOf(host) }
  })

  return async (call) => {
    const target = targetOf(call.url)
    if (target.refusal !== undefined) throw new HttpCallError(forbiddenAddressCode, false)
    if (target.isProxied && (await leadsInside(target.host, guard)))
      throw new HttpCallError(forbiddenAddressCode, false)
    const { direct, proxied } = await loading
    call.signal.throwIfAborted()
    return await exchange(target.isProxied ? proxied : direct, target, call)
  }
}

/** What is the same for every request to one URL. */
interface Target {
  readonly host: string
  readonly origin: string
  readonly path: string
  readonly isProxied: boolean
  readonly refusal: string | undefined
}

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

/**
 * Whether a name that a proxy would resolve leads to an internal address as far as this machine can tell. One that is not known here
 * is the proxy's to judge: behind one, names of the internet often are not.
 */
function leadsInside(host: string, guard: TargetGuard): Promise<boolean> {
  if (isIP(bareHost(host)) !== 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    guard.lookup(host, { all: true }, (error) => resolve(error?.code === forbiddenAddressCode))
  })
}

/** Sends a request and reads its answer. What becomes of the connection after the head of the answer is no failure. */
function exchange(way: Dispatcher, { origin, path }: Target, call: HttpCall): Promise<HttpReply> {
  const { method, headers, body = null, signal, answerBytesMax = receiverAnswerBytesMax } = call
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    let head: Omit<HttpReply, 'body'> | undefined
    let started: Dispatcher.DispatchController | undefined

    function over(code: string, maybeSent = started !== undefined): void {
      signal.removeEventListener('abort', stop)
      if (head === undefined) reject(new HttpCallError(code, maybeSent))
      else resolve({ ...head, body: textOf(pieces, answerBytesMax) })
    }
    function stop(): void {
      over('ABORT_ERR')
      started?.abort(new Error('the attempt was aborted'))
    }

    signal.addEventListener('abort', stop)
    const handler: Dispatcher.DispatchHandler = {
      // From here on it is written, over a connection that the guard has judged.
      onRequestStart(controller) {
        started = controller
        if (signal.aborted) stop()
      },
      onResponseStart(_, status, answered) {
        // Anything below is said before the answer.
        if (status >= 200) head = { status, headers: answered }
      },
      onResponseData(controller, piece) {
        pieces.push(piece)
        bytes += piece.length
        if (bytes > answerBytesMax) controller.abort(new Error('the answer is longer than any we use'))
      },
      onResponseEnd: () => over(''),
      onResponseError(_, error) {
        const code = codeOf(error)
        // Said of a request under way it is that the proxy asks for another password: it let nothing through.
        if (code === 'ERR_INVALID_CHAR' && started !== undefined) over('HTTP_407', false)
        else over(code)
      },
    }
    way.dispatch({ origin, path, method, headers, body }, handler)
  })
}

function textOf(pieces: readonly Buffer[], bytesMax: number): string {
  const [first, ...more] = pieces
  if (first === undefined) return ''
  return (more.length === 0 ? first : Buffer.concat(pieces)).toString('utf8', 0, bytesMax)
}

/** What operators know as other codes than undici gives. */
const usualCodes: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_SOCKET', 'ECONNRESET'],
  ['UND_ERR_PRX_CONN', 'ECONNRESET'],
  ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW'],
  ['HTTPParserError', 'HTTP_INVALID_ANSWER'],
  // Its parser came where no answer leads, as with a switch to another protocol.
  ['ERR_ASSERTION', 'HTTP_INVALID_ANSWER'],
  // A proxy that opens no tunnel.
  ['UND_ERR_ABORTED', 'ERR_PROXY_TUNNEL'],
  // All that can be wrong with our arguments is what a header says.
  ['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR'],
])

/** The code alone, because messages quote addresses. */
function codeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return usualCodes.get(code) ?? code
}
