import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Cleanup } from './cleanup.ts'

export interface ReceivedRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What becomes of a request after it was read to its end. */
export type Reaction = (request: ReceivedRequest, response: ServerResponse) => void

/** Takes the request and never answers. */
export const neverAnswer: Reaction = () => {}

/** Takes the request and cuts the connection. */
export const cutConnection: Reaction = (_, response) => {
  response.socket?.resetAndDestroy()
}

/** Answers with a status, headers and a body. */
export function answerWith(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Reaction {
  return (_, response) => response.writeHead(status, headers).end(body)
}

export interface HttpFarSide {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  react(reaction: Reaction): void
  /** Resolves with the next request that is read to its end. */
  nextRequest(): Promise<ReceivedRequest>
}

/** A real HTTP server on a free port that remembers what it was sent. */
export async function httpFarSide(t: Cleanup, first: Reaction = answerWith(200)): Promise<HttpFarSide> {
  const requests: ReceivedRequest[] = []
  const waiting: ((request: ReceivedRequest) => void)[] = []
  let reaction = first

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming)
    requests.push(request)
    reaction(request, response)
    for (const resolve of waiting.splice(0)) resolve(request)
  }

  // A sender that goes away in the middle of its request has sent none.
  const server = createServer((incoming, response) => void handle(incoming, response).catch(() => {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    requests,
    react: (next) => void (reaction = next),
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
  }
}

/** A port on which nobody listens any more. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server.address())
  const closed = once(server, 'close')
  server.close()
  await closed
  return port
}

/** The port of a server that listens. */
export function portOf(address: string | { readonly port: number } | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return { path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks).toString() }
}
