import { once } from 'node:events'
import { createServer } from 'node:http'

/** A webhook that counts what it is told, each incident or group once. */
export interface CountingHook {
  readonly url: string
  /** Messages that came, also those of a group that was told before. */
  readonly messages: number
  /** Resolves once so many different groups were told, with when each came first, by `performance.now()`. */
  heard(groups: number): Promise<readonly number[]>
  close(): Promise<void>
}

/** Opens the hook on a port of the system's choice; it answers at once. */
export async function countingHook(): Promise<CountingHook> {
  const firsts = new Map<string, number>()
  let messages = 0
  let wanted = Number.POSITIVE_INFINITY
  const all = Promise.withResolvers<readonly number[]>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      messages++
      const key = groupOf(Buffer.concat(chunks))
      if (!firsts.has(key)) firsts.set(key, performance.now())
      response.end()
      if (firsts.size >= wanted) all.resolve([...firsts.values()])
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    get messages() {
      return messages
    },
    heard: (groups) => {
      wanted = groups
      if (firsts.size >= wanted) all.resolve([...firsts.values()])
      return all.promise
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The group's key, found without reading the whole: what listens is not measured, and must not be what is waited for. */
function groupOf(body: Buffer): string {
  const from = body.indexOf('"groupKey":"')
  const rest = body.subarray(from, from + 400).toString()
  return /^"groupKey":"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? ''
}
