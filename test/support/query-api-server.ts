import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** One instant query as it arrived. */
export interface AskedInstant {
  readonly query: string
  /** Unix seconds. */
  readonly time: number
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** Answers one query; what is not ended here is never answered. */
export type QueryHandler = (asked: AskedInstant, response: ServerResponse, request: IncomingMessage) => void

/** A query API on a port of the system's choice, which answers however a test says at the moment. */
export interface QueryApiServer extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly AskedInstant[]
  answer: QueryHandler
}

export async function queryApiServer(answer: QueryHandler): Promise<QueryApiServer> {
  const asked: AskedInstant[] = []
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await text(request))
    const { url: path = '', headers } = request
    const one = { query: form.get('query') ?? '', time: Number(form.get('time')), path, headers }
    asked.push(one)
    result.answer(one, response, request)
  }
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const result: QueryApiServer = {
    url: `http://127.0.0.1:${address.port}`,
    asked,
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

/** Answers with one series of this value, or none. */
export function answerNumber(response: ServerResponse, value: number | undefined): void {
  const result = value === undefined ? [] : [{ metric: {}, value: [0, String(value)] }]
  answerJson(response, 200, { status: 'success', data: { resultType: 'vector', result } })
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
