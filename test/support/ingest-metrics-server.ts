import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A real HTTP server on a port of the system's choice, which answers however a test says at the moment. */
export interface MetricsServer extends AsyncDisposable {
  readonly url: string
  readonly instance: string
  readonly requests: readonly IncomingMessage[]
  answer: Handler
}

export async function metricsServer(answer: Handler): Promise<MetricsServer> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    result.answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const { port } = address
  const result: MetricsServer = {
    url: `http://127.0.0.1:${port}/metrics`,
    instance: `127.0.0.1:${port}`,
    requests,
    answer,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return result
}

/** Answers with a page in the text format, or in the type given. */
export function page(text: string, type = 'text/plain; version=0.0.4'): Handler {
  return (_, response) => response.writeHead(200, { 'content-type': type }).end(text)
}

export const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
