import { connect, type Socket } from 'node:net'
import { HttpResponseReader, type ResponseHead } from './http-response-reader.ts'

/** One answer; its body is void after `release`. */
export interface PlainAnswer {
  readonly head: ResponseHead
  /** undefined when it is too long. */
  readonly body: Uint8Array | undefined
  readonly release: () => void
}

/** Asks for pages over plain HTTP, on connections that are kept. */
export interface PlainGetter {
  /** Rejects when no whole answer came; when the signal aborts, with its reason. */
  get(url: URL, headers: Readonly<Record<string, string>>, bytesMax: number, signal: AbortSignal): Promise<PlainAnswer>
  close(): void
}

/**
 * All that is read of one socket at once, and looked at before anything else is read: one buffer serves all sockets. Four
 * times what Node's own streams read, for fewer turns of the event loop.
 */
const readBuffer = new Uint8Array(256 * 1024)
/** A buffer for bodies is made of this size and grows. */
const bodyBytesMin = 64 * 1024
/** Buffers kept for bodies, over all targets: as many as are read at the same time on two cores. */
const buffersKept = 4
/** A larger buffer is given back. */
const bufferKeptBytesMax = 8 * 1024 * 1024

const buffers: Uint8Array[] = []

/** Who waits for the bytes of a connection. */
interface Taker {
  /** Where the next bytes are best read to, where that is known. */
  room(): Uint8Array | undefined
  take(bytes: Uint8Array): void
  end(error?: Error): void
}

interface Asked {
  /** Takes what comes; undefined while nothing is asked, when nothing may come. */
  taker: Taker | undefined
}

interface Connection {
  readonly socket: Socket
  readonly asked: Asked
}

/**
 * A client of its own for the one thing that happens ten thousand times a minute. Node's reads each piece into new memory,
 * whose garbage collection took three quarters of the CPU of a scrape; here a socket reads into one buffer, again and again.
 */
export function plainGetter(): PlainGetter {
  const connections = keptConnections()
  return {
    get: (url, headers, bytesMax, signal) => attempt({ url, headers, bytesMax, signal }, connections, true),
    close: () => connections.close(),
  }
}

/** Connections that wait for the next request to their host. */
interface KeptConnections {
  take(url: URL): Connection | undefined
  open(url: URL): Connection
  keep(url: URL, connection: Connection): void
  close(): void
}

function keptConnections(): KeptConnections {
  const idle = new Map<string, Connection[]>()
  return {
    take: ({ host }) => idle.get(host)?.pop(),
    open: (url) => {
      const connection = connectedTo(url)
      connection.socket.on('close', () => {
        const others = idle.get(url.host)?.filter((each) => each !== connection)
        if (others !== undefined) idle.set(url.host, others)
        connection.asked.taker?.end()
      })
      return connection
    },
    keep: ({ host }, connection) => idle.set(host, [...(idle.get(host) ?? []), connection]),
    close: () => {
      for (const connections of idle.values()) for (const { socket } of connections) socket.destroy()
      idle.clear()
    },
  }
}

function connectedTo(url: URL): Connection {
  const asked: Asked = { taker: undefined }
  const callback = (length: number, bytes: Uint8Array): boolean => {
    asked.taker?.take(bytes.subarray(0, length))
    return true
  }
  const buffer = (): Uint8Array => asked.taker?.room() ?? readBuffer
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = connect({ host, port: Number(url.port || 80), noDelay: true, onread: { buffer, callback } })
  socket.on('error', (error) => asked.taker?.end(error))
  socket.on('end', () => asked.taker?.end())
  return { socket, asked }
}

interface PlainRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly bytesMax: number
  readonly signal: AbortSignal
}

function attempt(request: PlainRequest, connections: KeptConnections, mayRetry: boolean): Promise<PlainAnswer> {
  const { url, headers, bytesMax, signal } = request
  const kept = mayRetry ? connections.take(url) : undefined
  const connection = kept ?? connections.open(url)
  const { promise, resolve, reject } = Promise.withResolvers<PlainAnswer>()
  const reader = new HttpResponseReader(buffers.pop() ?? new Uint8Array(bodyBytesMin), bytesMax)
  let heard = false
  const release = (): void => {
    if (reader.body.length <= bufferKeptBytesMax && buffers.length < buffersKept) buffers.push(reader.body)
  }
  const leave = (): void => {
    connection.asked.taker = undefined
    signal.removeEventListener('abort', abort)
  }
  const settle = (): void => {
    const { head, fault } = reader
    if (fault === undefined && !reader.isDone && !reader.isTooLong) return
    leave()
    if (fault !== undefined || head === undefined || reader.isTooLong || !head.isLasting) connection.socket.destroy()
    else connections.keep(url, connection)
    if (fault !== undefined || head === undefined) {
      release()
      reject(new Error(fault ?? 'no answer'))
    } else {
      resolve({ head, body: reader.isTooLong ? undefined : reader.body.subarray(0, reader.bodyLength), release })
    }
  }
  const abort = (): void => {
    leave()
    connection.socket.destroy()
    release()
    reject(signal.reason)
  }
  connection.asked.taker = {
    room: () => reader.room(),
    take: (bytes) => {
      heard = true
      reader.take(bytes)
      settle()
    },
    end: (error) => {
      // A connection that was idle may be closed by the other side at the very moment at which it is used again.
      if (!heard && kept !== undefined) {
        leave()
        release()
        resolve(attempt(request, connections, false))
      } else if (error !== undefined && !heard) {
        leave()
        release()
        reject(error)
      } else {
        reader.close()
        settle()
      }
    },
  }
  if (signal.aborted) {
    abort()
    return promise
  }
  signal.addEventListener('abort', abort, { once: true })
  connection.socket.write(requestText(url, headers))
  return promise
}

function requestText(url: URL, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ host: url.host, connection: 'keep-alive', ...headers }).map(([name, value]) => {
    // Settings were checked for this; a header must not become two.
    if (/[\r\n]/.test(value)) throw new Error(`the header ${name} has a line break`)
    return `${name}: ${value}`
  })
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}
