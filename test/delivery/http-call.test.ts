import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { targetGuard } from '../../src/delivery/guard.ts'
import { type HttpCall, httpClient } from '../../src/delivery/receivers/http-call.ts'
import {
  answerWith,
  closedPort,
  cutConnection,
  httpFarSide,
  neverAnswer,
  portOf,
} from '../support/delivery-http-server.ts'
import { testCertificate } from '../support/test-certificate.ts'

/** Every name leads to this machine; what is called target.test may. */
const guard = targetGuard(['target.test'], (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]))

/** Answers as servers give them. */
const answers: readonly (readonly [name: string, text: string])[] = [
  ['nothing more', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['no reason', 'HTTP/1.1 202 \r\nContent-Length: 2\r\n\r\nok'],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['a wait', 'HTTP/1.1 429 Too Many\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n'],
  ['another place', 'HTTP/1.1 307 Elsewhere\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n'],
  ['pieces', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n'],
  ['pieces and more behind', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: y\r\n\r\n'],
  ['a hint before it', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na'],
  ['an end', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na'],
  ['an old server', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na'],
  ['all until the end', 'HTTP/1.1 200 OK\r\n\r\nabc'],
  ['half of what it says', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
]

describe('an answer', () => {
  for (const [name, text] of answers) {
    test(`with ${name} is read as Node reads it`, async (t) => {
      const url = await rawServer(t, (socket) => socket.end(text))
      const { status, headers, body } = await send(url)
      assert.deepEqual([status, headers['retry-after'], body], await asNodeReads(url))
    })
  }

  for (const [name, text, code] of [
    ['garbage', '\u0000\u0001 no\r\n\r\n', 'HTTP_INVALID_ANSWER'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'HTTP_INVALID_ANSWER'],
    ['a switch to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', 'HTTP_INVALID_ANSWER'],
    ['a header that is none', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'HTTP_INVALID_ANSWER'],
    ['a name with a blank', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n', 'HTTP_INVALID_ANSWER'],
    ['an endless head', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`, 'HPE_HEADER_OVERFLOW'],
    ['nothing', '', 'ECONNRESET'],
  ] as const) {
    test(`of ${name} is none, and may have been given after the message was taken`, async (t) => {
      const url = await rawServer(t, (socket) => socket.end(text))
      await assert.rejects(send(url), { name: 'HttpCallError', code, maybeSent: true })
    })
  }

  test('is cut where more comes than is read', async (t) => {
    const far = await httpFarSide(t, answerWith(200, {}, 'x'.repeat(5_000)))
    assert.equal((await send(far.url, { answerBytesMax: 1_000 })).body, 'x'.repeat(1_000))
    assert.equal((await send(far.url, { answerBytesMax: 5_000 })).body.length, 5_000)
  })
})

describe('a connection', () => {
  test('is used again for later messages', async (t) => {
    const far = await httpFarSide(t)
    const ports = new Set<unknown>()
    far.react((_, response) => {
      ports.add(response.socket?.remotePort)
      response.end()
    })
    const call = httpClient(guard)
    for (let index = 0; index < 20; index++) await call(aCall(far.url))
    assert.ok(ports.size <= 2, `there were ${ports.size}`)
  })

  test('is one for each of several messages at once', async (t) => {
    const far = await httpFarSide(t)
    const waiting: (() => void)[] = []
    far.react((_, response) => {
      waiting.push(() => response.end())
      if (waiting.length === 8) for (const answer of waiting) answer()
    })
    const call = httpClient(guard)
    const replies = await Promise.all(Array.from({ length: 8 }, () => call(aCall(far.url))))
    assert.deepEqual(
      replies.map(({ status }) => status),
      Array.from({ length: 8 }, () => 200),
    )
  })

  test('that the far side closed meanwhile is not used again', async (t) => {
    const far = await httpFarSide(t)
    let closed: Promise<unknown> = Promise.resolve()
    far.react((_, response) => {
      const { socket } = response
      if (socket !== null) closed = once(socket, 'close')
      response.end(() => socket?.end())
    })
    const call = httpClient(guard)
    for (let index = 0; index < 3; index++) {
      assert.equal((await call(aCall(far.url))).status, 200)
      await closed
    }
    assert.equal(far.requests.length, 3)
  })

  test('that breaks leaves open what became of the message, and nothing is sent again', async (t) => {
    const far = await httpFarSide(t, cutConnection)
    await assert.rejects(send(far.url), { code: 'ECONNRESET', maybeSent: true })
    assert.equal(far.requests.length, 1)
  })

  test('that does not come about has carried nothing', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`
    await assert.rejects(send(url), { code: 'ECONNREFUSED', maybeSent: false })
  })

  test('brings exactly what was written, in any language', async (t) => {
    const far = await httpFarSide(t)
    const body = `🔴 ${'€'.repeat(100_000)}`
    await send(`${far.url}/a%20b?c=d`, { body })
    await send(far.url, { body: new TextEncoder().encode(`..${body}`).subarray(2) })
    await send(far.url, { body: '' })
    const [text, bytes, nothing] = far.requests
    assert.deepEqual([text?.body, bytes?.body, nothing?.body], [body, body, ''])
    assert.equal(text?.path, '/a%20b?c=d')
    assert.deepEqual([text?.headers['x-own'], text?.headers.host], ['value', new URL(far.url).host])
    assert.deepEqual([text?.headers['content-length'], nothing?.headers['content-length']], ['300005', '0'])
  })

  test('takes no header that would begin another', async (t) => {
    const far = await httpFarSide(t)
    const refused = { code: 'ERR_INVALID_CHAR', maybeSent: false }
    await assert.rejects(send(far.url, { headers: { 'x-own': 'a\r\nx-other: b' } }), refused)
    await assert.rejects(send(far.url, { headers: { 'x own': 'a' } }), refused)
    assert.equal(far.requests.length, 0)
  })

  test('that was judged for one name carries nothing for another', async (t) => {
    const far = await httpFarSide(t)
    const call = httpClient(guard)
    const named = (name: string): HttpCall => aCall(far.url.replace('127.0.0.1', name))
    assert.equal((await call(named('target.test'))).status, 200)
    await assert.rejects(call(named('other.test')), { code: 'FORBIDDEN_ADDRESS', maybeSent: false })
    assert.equal(far.requests.length, 1)
  })

  test('ends with the attempt', async (t) => {
    const far = await httpFarSide(t, neverAnswer)
    const control = new AbortController()
    const reply = send(far.url, { signal: control.signal })
    await far.nextRequest()
    control.abort()
    await assert.rejects(reply, { code: 'ABORT_ERR', maybeSent: true })
  })

  test('that an attempt did not wait for carries nothing of it', async (t) => {
    const far = await httpFarSide(t)
    const control = new AbortController()
    const asked = Promise.withResolvers<() => void>()
    let isFirst = true
    const slowAtFirst = targetGuard(['target.test'], (_name, _options, done) => {
      const answer = (): void => done(null, [{ address: '127.0.0.1', family: 4 }])
      if (isFirst) asked.resolve(answer)
      else answer()
      isFirst = false
    })
    const call = httpClient(slowAtFirst)
    const named = aCall(far.url.replace('127.0.0.1', 'target.test'))
    const early = call({ ...named, signal: control.signal, body: 'early' })
    const answerName = await asked.promise
    control.abort()
    await assert.rejects(early, { code: 'ABORT_ERR', maybeSent: false })
    const late = call({ ...named, body: 'late' })
    answerName()
    assert.equal((await late).status, 200)
    assert.deepEqual(
      far.requests.map(({ body }) => body),
      ['late'],
    )
  })
})

describe('a connection with TLS', () => {
  test('is none where the certificate is not trusted', async (t) => {
    const { url, seen } = await tlsServer(t)
    await assert.rejects(send(url), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', maybeSent: false })
    assert.deepEqual(seen, [])
  })

  test('is one with the authorities that the process trusts, under the written name', async (t) => {
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, testCertificate.cert])
    t.after(() => setDefaultCACertificates(before))
    const { url, seen } = await tlsServer(t)
    assert.equal((await send(url)).status, 200)
    assert.deepEqual(seen, ['target.test HTTP/1.1'])
    const wrong = url.replace('target.test', '127.0.0.1')
    await assert.rejects(send(wrong), { code: 'ERR_TLS_CERT_ALTNAME_INVALID', maybeSent: false })
  })
})

function send(url: string, more: Partial<HttpCall> = {}) {
  return httpClient(guard)({ ...aCall(url), ...more })
}

function aCall(url: string): HttpCall {
  const { signal } = new AbortController()
  return { method: 'POST', url: new URL(url), headers: { 'x-own': 'value' }, body: '{}', signal }
}

/** Reacts to the first bytes of a request, whatever they say. */
async function rawServer(t: TestContext, react: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => react(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${portOf(server.address())}/`
}

async function tlsServer(t: TestContext) {
  const seen: string[] = []
  const { cert, key } = testCertificate
  const server = createTlsServer({ cert, key }, (incoming, response) => {
    seen.push(`${incoming.headers.host?.replace(/:\d+$/, '')} HTTP/${incoming.httpVersion}`)
    incoming.resume().on('end', () => response.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `https://target.test:${portOf(server.address())}/`, seen }
}

/** Status, wait and body, also of an answer that breaks off. */
function asNodeReads(url: string): Promise<readonly [number | undefined, string | undefined, string]> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        body += piece
      })
      response.on('error', () => {})
      response.on('close', () => resolve([response.statusCode, response.headers['retry-after'], body]))
    })
    sent.on('error', reject)
    sent.end('{}')
  })
}
