import { createServer, type RequestListener } from 'node:http'

/** A small HTTP server that only this machine reaches. */
export interface LoopbackServer {
  /** Without a path: `http://127.0.0.1:PORT`. */
  readonly url: string
  close(): Promise<void>
}

/** Listens on a free port that only this machine reaches. */
export async function openLoopbackServer(handle: RequestListener): Promise<LoopbackServer> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}
