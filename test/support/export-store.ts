import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import snappy from 'snappyjs'
import { readWriteRequest } from '../../src/ingest/wire/remote-write-v1.ts'
import type { Cleanup } from './cleanup.ts'
import { portOf } from './delivery-http-server.ts'
import { remoteWriteRecorder } from './remote-write-recorder.ts'

/** One request to write, as a store reads it. */
export interface StoredWrite {
  readonly headers: IncomingHttpHeaders
  /** Labels printed → value; "ended" for the marker of an end. */
  readonly values: ReadonlyMap<string, number | 'ended'>
  readonly timesMs: readonly number[]
}

/** A status, with headers where there are any. */
export interface StoreAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A store of our own series that answers as a test tells it to, and remembers everything. */
export interface ExportStore {
  readonly url: string
  readonly writes: readonly StoredWrite[]
  /** Answers with these from now on, one after another, and then with 204. */
  answer(...answers: readonly StoreAnswer[]): void
}

/** Opens a store on a free port. */
export async function exportStore(t: Cleanup): Promise<ExportStore> {
  const writes: StoredWrite[] = []
  let answers: StoreAnswer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      writes.push(readWrite(request.headers, Buffer.concat(chunks)))
      const { status, headers = {} } = answers.shift() ?? { status: 204 }
      response.writeHead(status, headers).end(status >= 400 ? 'no room here\nmore of it' : '')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/api/v1/write`,
    writes,
    answer: (...next) => {
      answers = [...next]
    },
  }
}

function readWrite(headers: IncomingHttpHeaders, body: Buffer): StoredWrite {
  const recorder = remoteWriteRecorder()
  const fault = readWriteRequest(snappy.uncompress(body), recorder)
  if (fault !== undefined) throw new Error(fault)
  const samples = recorder.told.flatMap(({ series, samples: own }) => own.map((sample) => ({ series, ...sample })))
  return {
    headers,
    values: new Map(samples.map(({ series, value, stale }) => [series, stale ? 'ended' : value])),
    timesMs: [...new Set(samples.map(({ timeMs }) => timeMs))],
  }
}
