import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import {
  keepAliveMs,
  pathPartLengthMax,
  requestBodyBytesMax,
  requestTimeoutMs,
  serverCloseGraceMs,
} from '../core/model/limits.ts'
import type { HttpAnswer, HttpRequest, HttpRoute } from '../ports/http-route.ts'
import type { Log } from '../ports/log.ts'
import { type Meter, silentMeter } from '../ports/meter.ts'
import { errorAnswer } from './api/json-answer.ts'
import { answerBrokenRequest } from './broken-requests.ts'
import { isPushRoute, pushListener } from './push-listener.ts'

/** Where a server listens, and what it answers. */
export interface ServerOptions {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number }
  readonly routes: readonly HttpRoute[]
  readonly log: Log
  readonly meter?: Meter
}

/** A server that listens. */
export interface WebServer {
  /** Where the server can be reached from this machine. */
  readonly url: string
  /** Takes no further request, lets those under way finish, and cuts them off after a grace period. */
  close(): Promise<void>
}

/** Serves the routes over HTTP; throws with the address and the reason when it cannot listen there. */
export async function startServer({ listen, routes, log, meter = silentMeter }: ServerOptions): Promise<WebServer> {
  const closing = new AbortController()
  const pushes = pushListener(routes.filter(isPushRoute), { log, meter, closing: closing.signal })
  const timing = { keepAliveTimeout: keepAliveMs, requestTimeout: requestTimeoutMs }
  const app = fastify({
    bodyLimit: requestBodyBytesMax,
    ...timing,
    forceCloseConnections: 'idle',
    // An SLO that is one of many has its group in its name; the router's own limit is 100.
    routerOptions: { maxParamLength: pathPartLengthMax },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, meter),
    // What the router itself refuses, such as a path that is no valid text once decoded, comes past the error handler.
    frameworkErrors: (error, _request, reply) => void send(reply, errorAnswer(error.statusCode ?? 400, error.message)),
    serverFactory: (handle) =>
      createServer(timing, (request: IncomingMessage, response: ServerResponse) => {
        if (!pushes(request, response)) handle(request, response)
      }),
  })
  takeBodiesAsTheyAre(app)
  answerFailuresAsJson(app, log)
  // A connection that is kept alive after its last answer would hold up the close.
  app.addHook('onSend', async (_request, reply) => {
    if (closing.signal.aborted) reply.header('connection', 'close')
  })
  for (const route of routes) mount(app, route)
  try {
    await app.listen(listen)
  } catch (error) {
    await app.close()
    throw new Error(`cannot listen on ${hostPort(listen.host, listen.port)}: ${reasonOf(error)}`, { cause: error })
  }
  return { url: localUrl(app, listen.host), close: () => closeGracefully(app, closing) }
}

/** Protobuf, compressed or misnamed: what a body is, its route decides. */
function takeBodiesAsTheyAre(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function mount(app: FastifyInstance, route: HttpRoute): void {
  app.route({
    method: route.method,
    url: route.path,
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    handler: async (request: FastifyRequest<{ Params: Record<string, string> }>, reply) => {
      const mark = request.raw.url?.indexOf('?') ?? -1
      const asked: HttpRequest = {
        params: request.params,
        query: new URLSearchParams(mark < 0 ? '' : request.raw.url?.slice(mark)),
        headers: request.headers,
        body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
      }
      return send(reply, await route.handle(asked))
    },
  })
}

function answerFailuresAsJson(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler(async (request, reply) =>
    send(reply, errorAnswer(404, `there is nothing at ${request.method} ${request.url.split('?')[0]}`)),
  )
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return send(reply, errorAnswer(status, error.message))
    log.error({ error, method: request.method, path: request.url }, 'request failed')
    return send(reply, errorAnswer(500, 'internal error; the log of the engine tells more'))
  })
}

function send(reply: FastifyReply, { status, headers = {}, body }: HttpAnswer): FastifyReply {
  const bytes = body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : body
  return reply
    .code(status)
    .headers({ 'x-content-type-options': 'nosniff', ...headers })
    .send(bytes)
}

async function closeGracefully(app: FastifyInstance, closing: AbortController): Promise<void> {
  closing.abort()
  const cutOff = setTimeout(() => app.server.closeAllConnections(), serverCloseGraceMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cutOff)
  }
}

function localUrl(app: FastifyInstance, host: string): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${hostPort(reachable, port)}`
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'another process listens there already'
  if (code === 'EACCES') return 'not permitted; ports below 1024 need privileges'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address'
  return error.message
}
