import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { type PlainGetter, plainGetter } from './http-plain-get.ts'
import type { HttpSettings, TlsSettings } from './http-settings.ts'

/** Asks one party over HTTP, on connections that are kept. */
export interface HttpClient {
  /** Rejects when no whole answer came; when the signal aborts, with its reason. */
  exchange(request: HttpRequest): Promise<HttpAnswer>
  /** Closes idle connections; those in use are cut off by their signal. */
  close(): void
}

/** What is asked. */
export interface HttpRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** A GET without one. */
  readonly body?: string | Uint8Array
  /** An answer longer than this, before or after decompression, is cut off. */
  readonly bodyBytesMax: number
  /** Redirects of a GET that are followed; other answers of that kind are given as they are. */
  readonly redirectsMax: number
  readonly signal: AbortSignal
}

/** What was answered. */
export interface HttpAnswer {
  readonly status: number
  /** In lower case, without parameters; empty where there is none. */
  readonly contentType: string
  /** With its parameters. */
  readonly contentTypeFull: string
  /** When to come back, as the other side put it; told of answers to a POST only. */
  readonly retryAfter?: string
  /** undefined when it is too long. */
  readonly body: Uint8Array | undefined
  /** Gives the memory of the body back: it is void from then on. */
  readonly release: () => void
}

/** Plain pages come by a reader of our own, everything else by Node's. */
export function httpClient({ headers: own, tls }: HttpSettings): HttpClient {
  const plain = new PlainAgent({ keepAlive: true })
  const secure = new TlsAgent({ keepAlive: true, ...tlsOptions(tls) })
  const getter = plainGetter()
  const ask = async (request: HttpRequest, left: number, isSameHost: boolean): Promise<HttpAnswer> => {
    const url = new URL(request.url)
    const headers: Record<string, string> = { 'accept-encoding': 'gzip, deflate, br', ...request.headers }
    // What says who we are is for the one it was configured for, and not for whoever that names.
    if (isSameHost) for (const [name, value] of own) headers[name] = value.reveal()
    const isPlainPage = url.protocol === 'http:' && request.body === undefined
    const answer = isPlainPage
      ? await getPage(url, headers, request, getter)
      : await sendByNode(url, { ...request, headers }, plain, secure)
    const { location } = answer
    if (location === undefined || left === 0 || request.body !== undefined) return answer
    answer.release()
    const next = new URL(location, url)
    if (next.protocol !== 'http:' && next.protocol !== 'https:') throw new Error(`redirected to ${next.protocol}`)
    return ask({ ...request, url: next.href }, left - 1, isSameHost && next.origin === url.origin)
  }
  return {
    exchange: async (request) => {
      try {
        return await ask(request, request.redirectsMax, true)
      } catch (error) {
        throw request.signal.aborted ? request.signal.reason : error
      }
    },
    close: () => {
      getter.close()
      plain.destroy()
      secure.destroy()
    },
  }
}

/** An answer that may point elsewhere. */
interface RawAnswer extends HttpAnswer {
  readonly location: string | undefined
}

async function getPage(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { bodyBytesMax, signal }: HttpRequest,
  getter: PlainGetter,
): Promise<RawAnswer> {
  const { head, body, release } = await getter.get(url, headers, bodyBytesMax, signal)
  const encoding = head.headers.get('content-encoding') ?? ''
  const described = describe(head.status, head.headers.get('content-type') ?? '', head.headers.get('location'))
  if (body === undefined || encoding === '') return { ...described, body, release }
  try {
    return { ...described, body: await decoded(body, encoding, bodyBytesMax), release: nothing }
  } finally {
    release()
  }
}

async function sendByNode(url: URL, request: HttpRequest, plain: PlainAgent, secure: TlsAgent): Promise<RawAnswer> {
  const response = await send(url, request, plain, secure)
  const { statusCode = 0, headers } = response
  const raw = await readRaw(response, request.bodyBytesMax)
  const body = raw && (await decoded(raw, headers['content-encoding'] ?? '', request.bodyBytesMax))
  const described = describe(statusCode, headers['content-type'] ?? '', headers.location)
  const retryAfter = headers['retry-after']
  return { ...described, ...(retryAfter === undefined ? {} : { retryAfter }), body, release: nothing }
}

function describe(status: number, contentTypeFull: string, location: string | undefined) {
  const contentType = contentTypeFull.split(';')[0].trim().toLowerCase()
  return { status, contentType, contentTypeFull, location: status >= 300 && status < 400 ? location : undefined }
}

function nothing(): void {}

function tlsOptions(tls: TlsSettings | undefined) {
  if (tls === undefined) return {}
  const { ca, cert, key, serverName, insecureSkipVerify } = tls
  return {
    ...(ca === undefined ? {} : { ca: ca.reveal() }),
    ...(cert === undefined ? {} : { cert: cert.reveal() }),
    ...(key === undefined ? {} : { key: key.reveal() }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: !insecureSkipVerify,
  }
}

function send(
  url: URL,
  { headers, body, signal }: HttpRequest,
  plain: PlainAgent,
  secure: TlsAgent,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const request =
      url.protocol === 'https:'
        ? tlsRequest(url, { method, headers, agent: secure, signal })
        : plainRequest(url, { method, headers, agent: plain, signal })
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
}

/** The body after decompression; undefined when it is too long then. */
async function decoded(raw: Uint8Array, encoding: string, bodyBytesMax: number): Promise<Uint8Array | undefined> {
  const decompress = decoders.get(encoding.trim().toLowerCase())
  if (decompress === undefined) {
    if (encoding === '' || encoding === 'identity') return raw
    throw new Error(`answered in ${encoding}, which was not asked for`)
  }
  try {
    return await decompress(raw, { maxOutputLength: bodyBytesMax })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const decoders = new Map([
  ['gzip', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip)],
  ['deflate', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflate)],
  ['br', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(brotliDecompress)],
])

function readRaw(response: IncomingMessage, bytesMax: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = []
    let length = 0
    response.on('data', (piece: Uint8Array) => {
      length += piece.length
      pieces.push(piece)
      if (length <= bytesMax) return
      resolve(undefined)
      response.destroy()
    })
    response.on('end', () => {
      if (response.complete) resolve(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length))
      else reject(new Error('the answer was cut off'))
    })
    const broken = () => reject(new Error('the connection broke in the middle of the answer'))
    response.on('error', broken)
    response.on('close', broken)
  })
}
