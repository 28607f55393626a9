import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { HttpResponseReader } from '../../src/ingest/http-response-reader.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

/** Reads an answer that comes in pieces of these sizes, over and over, and ends in a closed connection. */
function read(bytes: Uint8Array, sizes: readonly number[] = [1_000_000], bytesMax = 1_000_000) {
  const reader = new HttpResponseReader(new Uint8Array(8), bytesMax)
  for (let at = 0, turn = 0; at < bytes.length && !reader.isDone && reader.fault === undefined; turn++) {
    const size = sizes[turn % sizes.length] + 1
    const room = reader.room()
    const piece = bytes.subarray(at, at + Math.min(size, room?.length ?? size))
    if (room !== undefined) room.set(piece)
    reader.take(room === undefined ? Uint8Array.from(piece) : room.subarray(0, piece.length))
    at += piece.length
  }
  reader.close()
  const body = Buffer.from(reader.body.subarray(0, reader.bodyLength)).toString('latin1')
  return { body, head: reader.head, fault: reader.fault, isDone: reader.isDone, isTooLong: reader.isTooLong }
}

function chunked(body: string, sizes: readonly number[]): string {
  let text = ''
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const piece = body.slice(at, at + 1 + sizes[turn % sizes.length])
    text += `${piece.length.toString(16)}${turn % 3 === 0 ? ';ext=1' : ''}\r\n${piece}\r\n`
    at += piece.length
  }
  return `${text}0\r\nTrailer: x\r\n\r\n`
}

test('reads a body of any framing, cut into pieces anywhere', () => {
  const body = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '0', 'é'), maxLength: 60 })
  const long = body.map((text) => text.repeat(200))
  const sizes = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 5 })
  const framing = fc.constantFrom('length', 'chunks', 'close')
  holdsForAll(
    fc.property(fc.oneof(body, long), framing, sizes, sizes, (text, kind, pieces, chunks) => {
      const head = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'
      const framed =
        kind === 'length'
          ? `Content-Length: ${text.length}\r\n\r\n${text}`
          : kind === 'chunks'
            ? `Transfer-Encoding: chunked\r\n\r\n${chunked(text, chunks)}`
            : `\r\n${text}`
      const answer = read(latin1(head + framed), pieces)
      assert.deepEqual([answer.fault, answer.isDone, answer.body], [undefined, true, text])
      assert.deepEqual([answer.head?.status, answer.head?.headers.get('content-type')], [200, 'text/plain'])
      assert.equal(answer.head?.isLasting, kind !== 'close')
    }),
    400,
  )
})

/** Answers that are none, and what is said of them. */
for (const [answer, fault] of [
  ['SSH-2.0-OpenSSH\r\n\r\n', /not HTTP/],
  ['HTTP/2 200\r\n\r\n', /not HTTP/],
  ['HTTP/1.1 200 OK\r\nno header\r\n\r\n', /header that is none/],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde', /two lengths/],
  ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', /length that is none/],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', /length that is none/],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', /chunk without a size/],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', /longer than it says/],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc', /broke in the middle/],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc', /more bytes than were announced/],
  [`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, /head that is too long/],
] as const) {
  test(`refuses ${JSON.stringify(answer.slice(0, 70))}`, () =>
    assert.match(read(latin1(answer), [3]).fault ?? '', fault))
}

test('reads no more of a body than is wanted, however it is framed', () => {
  for (const framed of [
    `Content-Length: 11\r\n\r\n${'a'.repeat(11)}`,
    `Transfer-Encoding: chunked\r\n\r\nffffffff\r\n${'a'.repeat(11)}`,
    `\r\n${'a'.repeat(11)}`,
  ]) {
    const { isTooLong, body } = read(latin1(`HTTP/1.1 200 OK\r\n${framed}`), [4], 10)
    assert.equal(isTooLong, true)
    assert.ok(body.length <= 10)
  }
})

test('never throws on random bytes', () => {
  const piece = fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    '\r\n',
    '3\r\nabc\r\n',
    '0\r\n\r\n',
    'x',
    ':',
  )
  holdsForAll(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 3 }),
      (pieces, sizes) => {
        read(latin1(pieces.join('')), sizes, 20)
      },
    ),
    2_000,
  )
})
