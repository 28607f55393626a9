import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, request, Server } from 'node:http'
import { test } from 'node:test'
import { keepAliveMs, requestTimeoutMs } from '../../src/core/model/limits.ts'
import type { HttpRequest, HttpRoute } from '../../src/ports/http-route.ts'
import { type LogFields, silentLog } from '../../src/ports/log.ts'
import { startServer } from '../../src/web/server.ts'
import { engineRoutes, serving } from './running-server.ts'
import { anSlo, aView } from './status-fixture.ts'

/** A route that shows what arrived at it. */
const echo: HttpRoute = {
  method: 'POST',
  path: '/echo/:name',
  bodyBytesMax: 1_000,
  handle: ({ params, query, headers, body }) => ({
    status: 201,
    headers: {
      'content-type': 'application/octet-stream',
      'x-seen': JSON.stringify([params, [...query], headers['x-mine']]),
    },
    body,
  }),
}

const types = ['application/x-protobuf', 'application/json', 'text/plain', undefined]
for (const type of types) {
  test(`hands a body on as it is when its type is ${type}`, async (t) => {
    const url = await serving(t, [echo])
    const body = Uint8Array.from([0, 255, 123, 34, 10])

    const answer = await fetch(`${url}/echo/a%2Fb?x=1&x=2`, {
      method: 'POST',
      body,
      headers: { ...(type === undefined ? {} : { 'content-type': type }), 'x-mine': 'yes' },
    })

    assert.equal(answer.status, 201)
    assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), body)
    assert.equal(
      answer.headers.get('x-seen'),
      JSON.stringify([
        { name: 'a/b' },
        [
          ['x', '1'],
          ['x', '2'],
        ],
        'yes',
      ]),
    )
  })
}

test('refuses what is no content type at all with 415 and a reason', async (t) => {
  const url = await serving(t, [echo])
  const answer = await fetch(`${url}/echo/a`, { method: 'POST', body: 'x', headers: { 'content-type': 'nonsense' } })
  assert.equal(answer.status, 415)
  assert.deepEqual(await answer.json(), { status: 'error', error: 'Unsupported Media Type' })
})

test('takes a POST without a body', async (t) => {
  const url = await serving(t, [echo])
  const answer = await fetch(`${url}/echo/a`, { method: 'POST' })
  assert.equal(answer.status, 201)
  assert.equal(await answer.text(), '')
})

test('refuses a body above the limit of its route with 413 and a reason', async (t) => {
  const url = await serving(t, [echo])
  const answer = await fetch(`${url}/echo/a`, { method: 'POST', body: new Uint8Array(1_001) })
  assert.equal(answer.status, 413)
  assert.deepEqual(await answer.json(), { status: 'error', error: 'Request body is too large' })
})

test('answers what does not exist with 404 as JSON', async (t) => {
  const answer = await fetch(`${await serving(t, [echo])}/nowhere?token=1`)
  assert.equal(answer.status, 404)
  assert.deepEqual(await answer.json(), { status: 'error', error: 'there is nothing at GET /nowhere' })
})

test('answers a path that cannot be decoded as every other failure', async (t) => {
  const answer = await fetch(`${await serving(t, engineRoutes())}/api/v1/slos/%E0%A4%A`)
  assert.equal(answer.status, 400)
  const { status, error }: { status: string; error: string } = JSON.parse(await answer.text())
  assert.equal(status, 'error')
  assert.match(error, /is not a valid url component/)
})

test('finds an SLO whose name holds a group of long labels', async (t) => {
  const name = `checkout{namespace=${JSON.stringify('n'.repeat(600))},path="/a b"}`
  const url = await serving(t, engineRoutes({ view: aView({ slos: [anSlo(name)] }) }))
  const answer = await fetch(`${url}/api/v1/slos/${encodeURIComponent(name)}`)
  assert.equal(answer.status, 200)
})

test('answers HEAD where it answers GET', async (t) => {
  const answer = await fetch(`${await serving(t, engineRoutes())}/-/healthy`, { method: 'HEAD' })
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), '')
})

test('logs the failure of a route and tells the caller nothing of its inside', async (t) => {
  const logged: { fields: LogFields; message: string }[] = []
  const log = { ...silentLog, error: (fields: LogFields, message: string) => void logged.push({ fields, message }) }
  const broken: HttpRoute = {
    method: 'GET',
    path: '/broken',
    handle: () => {
      throw new Error('password is hunter2')
    },
  }

  const answer = await fetch(`${await serving(t, [broken], log)}/broken`)

  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /hunter2/)
  assert.deepEqual(
    logged.map(({ message }) => message),
    ['request failed'],
  )
  assert.equal(logged[0].fields['path'], '/broken')
})

test('says which address is taken when it cannot listen there', async (t) => {
  const url = new URL(await serving(t, []))
  const listen = { host: '127.0.0.1', port: Number(url.port) }
  await assert.rejects(startServer({ listen, routes: [], log: silentLog }), {
    message: `cannot listen on 127.0.0.1:${url.port}: another process listens there already`,
  })
})

test('keeps connections open for longer than the load balancers in front of it', async (t) => {
  const url = await serving(t, engineRoutes())
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())

  const headers = await new Promise<NodeJS.Dict<string | string[]>>((resolve, reject) => {
    request(`${url}/-/healthy`, { agent }, (answer) => {
      answer.resume()
      resolve(answer.headers)
    })
      .on('error', reject)
      .end()
  })

  assert.equal(headers['keep-alive'], `timeout=${keepAliveMs / 1_000}`)
  assert.ok(keepAliveMs > 60_000)
})

test('gives a sender so long for a whole request and no longer, and a connection without one', async (t) => {
  const url = await serving(t, engineRoutes())
  const seen: Server[] = []
  const note = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'server' in message && message.server instanceof Server)
      seen.push(message.server)
  }
  subscribe('http.server.request.start', note)
  t.after(() => unsubscribe('http.server.request.start', note))
  await (await fetch(`${url}/-/healthy`)).text()
  const [server] = seen.filter((each) => url.endsWith(`:${portOf(each)}`))
  assert.ok(server !== undefined)
  assert.deepEqual([server.requestTimeout, server.keepAliveTimeout], [requestTimeoutMs, keepAliveMs])
})

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('finishes the request under way before it closes, and takes no other', async () => {
  const arrived = Promise.withResolvers<HttpRequest>()
  const finish = Promise.withResolvers<void>()
  const slow: HttpRoute = {
    method: 'GET',
    path: '/slow',
    handle: async (asked) => {
      arrived.resolve(asked)
      await finish.promise
      return { status: 200, body: 'done' }
    },
  }
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [slow], log: silentLog })
  const answer = fetch(`${server.url}/slow`)
  await arrived.promise

  const closed = server.close()
  await assert.rejects(fetch(`${server.url}/slow`))
  finish.resolve()

  assert.equal(await (await answer).text(), 'done')
  await closed
})
