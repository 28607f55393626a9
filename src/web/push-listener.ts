import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodiesInFlightBytesMax, bodyBufferKeptBytesMax, overloadRetryAfterMs } from '../core/model/limits.ts'
import { secondMs } from '../core/model/units.ts'
import type { HttpAnswer, HttpHead, HttpRoute } from '../ports/http-route.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { errorAnswer } from './api/json-answer.ts'

/** What connections are served with. */
export interface PushWorld {
  readonly log: Log
  readonly meter: Meter
  /** Aborts when the server takes no further request: connections end with the answer under way. */
  readonly closing: AbortSignal
}

/** Answers a request if it is for one of the routes; says whether it is. */
export type PushListener = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * Takes the requests of routes to which samples are pushed, past the web framework: it costs such a request more than all of
 * its samples (docs/ingest.md). Bodies are bounded one by one and all together.
 */
export function pushListener(routes: readonly HttpRoute[], world: PushWorld): PushListener {
  const byPath = new Map(routes.map((route) => [route.path, route]))
  const bodies = new Bodies()
  return (request, response) => {
    const { url = '', method } = request
    const mark = url.indexOf('?')
    const route = byPath.get(mark < 0 ? url : url.slice(0, mark))
    if (route === undefined || route.method !== method) return false
    const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark))
    take(request, response, { route, head: { query, headers: request.headers }, bodies, world })
    return true
  }
}

/** The routes that a listener takes: those that say how long a body may be, and whose path is fixed. */
export function isPushRoute({ method, path, bodyBytesMax }: HttpRoute): boolean {
  return method === 'POST' && bodyBytesMax !== undefined && !path.includes(':')
}

interface Push {
  readonly route: HttpRoute
  readonly head: HttpHead
  readonly bodies: Bodies
  readonly world: PushWorld
}

function take(request: IncomingMessage, response: ServerResponse, push: Push): void {
  const { route, head, bodies, world } = push
  const { bodyBytesMax = 0 } = route
  const parts: Uint8Array[] = []
  let length = 0
  let isOver = false
  const end = (): void => {
    isOver = true
    bodies.bytes -= length
  }
  const refuse = (refusal: HttpAnswer): void => {
    end()
    // What is still to come of the body is not worth reading.
    send(response, { ...refusal, headers: { ...refusal.headers, connection: 'close' } }, world)
    request.resume()
  }
  const refusal = refusalOf(request, push)
  if (refusal !== undefined) return refuse(refusal)
  const declared = Number(head.headers['content-length'] ?? 0)
  if (declared > bodyBytesMax) return refuse(tooLarge(bodyBytesMax, world))
  request.on('data', (part: Buffer) => {
    if (isOver) return
    parts.push(part)
    length += part.length
    bodies.bytes += part.length
    if (length > bodyBytesMax) refuse(tooLarge(bodyBytesMax, world))
    else if (bodies.bytes > bodiesInFlightBytesMax) refuse(overloaded(world))
  })
  request.on('end', () => {
    if (isOver) return
    void answer(request, response, bodies.joined(parts, length, route), push).finally(end)
  })
  // A sender that goes away in the middle leaves nothing behind.
  request.on('close', () => {
    if (!isOver && !request.complete) end()
  })
}

/** What the route says to the head of a request: who may not send need not be listened to. */
function refusalOf({ method }: IncomingMessage, { route, head, world }: Push): HttpAnswer | undefined {
  try {
    return route.refusal?.(head)
  } catch (error) {
    return failure(error, method, route, world)
  }
}

async function answer(
  { method }: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  { route, head, world }: Push,
): Promise<void> {
  try {
    const answered = route.handle({ ...head, params: {}, body })
    send(response, answered instanceof Promise ? await answered : answered, world)
  } catch (error) {
    send(response, failure(error, method, route, world), world)
  }
}

function failure(error: unknown, method: string | undefined, { path }: HttpRoute, { log }: PushWorld): HttpAnswer {
  log.error({ error, method, path }, 'request failed')
  return errorAnswer(500, 'internal error; the log of the engine tells more')
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, { closing }: PushWorld): void {
  if (response.headersSent || response.destroyed) return
  const all: Record<string, string | number> = { 'x-content-type-options': 'nosniff', ...headers }
  if (closing.aborted) all.connection = 'close'
  if (body !== undefined) all['content-length'] = Buffer.byteLength(body)
  response.writeHead(status, all)
  if (body === undefined) response.end()
  else response.end(body)
}

function tooLarge(bytesMax: number, { meter }: PushWorld): HttpAnswer {
  meter.count('sloburn_limit_hits_total', { limit: 'requestBodyBytesMax' })
  return errorAnswer(413, `a body of more than ${bytesMax} bytes is too much: send smaller batches`)
}

function overloaded({ meter }: PushWorld): HttpAnswer {
  meter.count('sloburn_limit_hits_total', { limit: 'bodiesInFlightBytesMax' })
  const refusal = errorAnswer(429, 'too much is being sent at once: send this again')
  return { ...refusal, headers: { ...refusal.headers, 'retry-after': String(overloadRetryAfterMs / secondMs) } }
}

/** Bodies that are being received, and the buffer in which they are put together. */
class Bodies {
  /** Bytes received of requests that are not answered yet. */
  bytes = 0
  #buffer = new Uint8Array(0)

  /** A body in one piece; in the buffer that all share where its route is done with it at once. */
  joined(parts: readonly Uint8Array[], length: number, { readsBodyAtOnce = false }: HttpRoute): Uint8Array {
    if (parts.length === 1) return parts[0]
    if (!readsBodyAtOnce || length > bodyBufferKeptBytesMax) return Buffer.concat(parts, length)
    if (this.#buffer.length < length) {
      this.#buffer = new Uint8Array(Math.min(bodyBufferKeptBytesMax, Math.ceil(length * 1.25)))
    }
    let at = 0
    for (const part of parts) {
      this.#buffer.set(part, at)
      at += part.length
    }
    return this.#buffer.subarray(0, length)
  }
}
