import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { bodiesInFlightBytesMax } from '../../src/core/model/limits.ts'
import type { HttpRequest, HttpRoute } from '../../src/ports/http-route.ts'
import type { Log } from '../../src/ports/log.ts'
import { silentLog } from '../../src/ports/log.ts'
import { answerBrokenRequest } from '../../src/web/broken-requests.ts'
import { startServer } from '../../src/web/server.ts'
import { recordingMeter } from '../support/delivery-recorders.ts'

function pushRoute(handle: HttpRoute['handle'], bodyBytesMax = 1_000_000): HttpRoute {
  return { method: 'POST', path: '/push', bodyBytesMax, readsBodyAtOnce: true, handle }
}

async function serve(t: TestContext, routes: readonly HttpRoute[], log: Log = silentLog) {
  const meter = recordingMeter()
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes, log, meter })
  t.after(() => server.close())
  return { url: server.url, meter }
}

test('hands over the whole body, the headers and what is asked, and answers as the route says', async (t) => {
  const seen: HttpRequest[] = []
  const { url } = await serve(t, [
    pushRoute((asked) => {
      seen.push({ ...asked, body: asked.body.slice() })
      return { status: 204, headers: { 'x-own': 'yes' } }
    }),
  ])
  const body = Buffer.alloc(700_000, 'abcdefg')
  for (const each of [body, body.subarray(0, 3), body.subarray(0, 300_000)]) {
    const answer = await fetch(`${url}/push?source=a%20b`, { method: 'POST', body: each, headers: { 'x-sent': '1' } })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('x-own'), 'yes')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.deepEqual(Buffer.from(seen.at(-1)?.body ?? []), each)
  }
  assert.equal(seen[0].query.get('source'), 'a b')
  assert.equal(seen[0].headers['x-sent'], '1')
})

test('keeps bodies that arrive at the same time apart', async (t) => {
  const { url } = await serve(t, [
    pushRoute(({ body }) => {
      const [first] = body
      return { status: 200, body: `${String(first)} ${body.every((byte) => byte === first)} ${body.length}` }
    }),
  ])
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const answer = await fetch(`${url}/push`, { method: 'POST', body: Buffer.alloc(200_000 + index, index) })
      return answer.text()
    }),
  )
  assert.deepEqual(
    answers,
    answers.map((_, index) => `${index} true ${200_000 + index}`),
  )
})

test('leaves everything else to the other routes', async (t) => {
  const { url } = await serve(t, [pushRoute(() => ({ status: 204 }))])
  for (const [path, init] of [
    ['/push', {}],
    ['/push/more', { method: 'POST' }],
    ['/pus', { method: 'POST' }],
  ] as const) {
    const answer = await fetch(url + path, init)
    assert.equal(answer.status, 404)
    assert.match(await answer.text(), /there is nothing at/)
  }
})

test('answers 413 to a body that is too long, said in front or found on the way, and drops the connection', async (t) => {
  const { url, meter } = await serve(t, [pushRoute(() => assert.fail('it is not looked at'), 1_000)])
  const answer = await fetch(`${url}/push`, { method: 'POST', body: Buffer.alloc(1_001) })
  assert.equal(answer.status, 413)
  assert.equal(answer.headers.get('connection'), 'close')
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('POST /push HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
  socket.write(`7d0\r\n${'x'.repeat(2_000)}\r\n`)
  assert.match(await textOf(socket), /^HTTP\/1\.1 413 /)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="requestBodyBytesMax"}'), 2)
})

test('tells senders to come back when too much is under way, and takes them again afterwards', async (t) => {
  const perBody = bodiesInFlightBytesMax / 8
  const { url, meter } = await serve(t, [pushRoute(() => ({ status: 204 }), perBody)])
  const { port } = new URL(url)
  const piece = Buffer.alloc(perBody - 1)
  const sockets = Array.from({ length: 9 }, () => connect(Number(port), '127.0.0.1'))
  const turnedAway = Promise.race(sockets.map(textOf))
  for (const socket of sockets) {
    socket.write(`POST /push HTTP/1.1\r\nhost: x\r\ncontent-length: ${perBody}\r\n\r\n`)
    socket.write(piece)
  }
  const answer = await turnedAway
  assert.match(answer, /^HTTP\/1\.1 429 /)
  assert.match(answer, /retry-after: 5\r\n/i)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="bodiesInFlightBytesMax"}'), 1)
  for (const socket of sockets) socket.destroy()
  // Those that went away in the middle are counted no more once the server has noticed.
  await Promise.all(sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')))
  const again = await fetch(`${url}/push`, { method: 'POST', body: Buffer.alloc(1_000) })
  assert.equal(again.status, 204)
})

test('ends a request by its head alone where the route says so, and reads nothing of its body', async (t) => {
  const handled: string[] = []
  const guarded: HttpRoute = {
    ...pushRoute(({ headers }) => {
      handled.push(String(headers['authorization']))
      return { status: 204 }
    }),
    refusal: ({ headers, query }) =>
      headers['authorization'] === 'x' && query.get('source') === 'a' ? undefined : { status: 401, body: 'who is it?' },
  }
  const { url } = await serve(t, [guarded])
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  // The body never comes.
  socket.write('POST /push?source=a HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n')
  const answer = await textOf(socket)
  assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.match(answer, /connection: close/i)
  assert.match(answer, /who is it\?$/)
  const shown = { method: 'POST', body: 'y', headers: { authorization: 'x' } }
  assert.equal((await fetch(`${url}/push?source=a`, shown)).status, 204)
  assert.equal((await fetch(`${url}/push?source=b`, shown)).status, 401)
  assert.deepEqual(handled, ['x'])
})

function fail(): never {
  throw new Error('hunter2')
}

test('answers 500 without the reason when a route fails, and logs it', async (t) => {
  const logged: string[] = []
  const log = { ...silentLog, error: (_: unknown, message: string) => void logged.push(message) }
  const { url } = await serve(t, [pushRoute(fail), { ...pushRoute(async () => fail()), path: '/later' }], log)
  for (const path of ['/push', '/later']) {
    const answer = await fetch(url + path, { method: 'POST', body: 'x' })
    assert.equal(answer.status, 500)
    assert.doesNotMatch(await answer.text(), /hunter2/)
  }
  assert.deepEqual(logged, ['request failed', 'request failed'])
})

test('finishes a push under way before the server closes, and says that the connection ends', async () => {
  const arrived = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const route = pushRoute(async () => {
    arrived.resolve()
    await finish.promise
    return { status: 200, body: 'done' }
  })
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log: silentLog })
  const asked = request(`${server.url}/push`, { method: 'POST' }).end('x')
  await arrived.promise
  const closed = server.close()
  finish.resolve()
  const [answer] = await once(asked, 'response')
  answer.resume()
  assert.deepEqual([answer.statusCode, answer.headers.connection], [200, 'close'])
  await closed
})

test('answers what is no request, and counts senders that took too long', async (t) => {
  const { url } = await serve(t, [pushRoute(() => ({ status: 204 }))])
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('hello\r\n\r\n')
  assert.match(await textOf(socket), /^HTTP\/1\.1 400 Bad Request[\s\S]*not an HTTP request/)

  const meter = recordingMeter()
  const slow = connect(Number(new URL(url).port), '127.0.0.1')
  await once(slow, 'connect')
  const timeout = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  answerBrokenRequest(timeout, slow, meter)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="requestTimeoutMs"}'), 1)
  slow.destroy()
})

/** Everything that comes until the other side, or this one, ends the connection. */
async function textOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (piece: Buffer) => {
    text += piece.toString('latin1')
  })
  await new Promise((resolve) => {
    socket.on('end', resolve)
    socket.on('close', resolve)
  })
  return text === '' ? new Promise(() => {}) : text
}
