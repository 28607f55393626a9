import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createPlainServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer as createSocketServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { secret } from '../../src/core/model/secret.ts'
import { type HttpRequest, httpClient } from '../../src/ingest/http-exchange.ts'
import type { HttpSettings, TlsSettings } from '../../src/ingest/http-settings.ts'
import { testCertificate } from '../support/test-certificate.ts'

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createPlainServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${portOf(server.address())}`
}

function portOf(address: AddressInfo | string | null): number {
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}

function clientOf(t: TestContext, settings: Partial<HttpSettings> = {}) {
  const client = httpClient({ headers: new Map(), tls: undefined, ...settings })
  t.after(() => client.close())
  const defaults = { headers: {}, bodyBytesMax: 1_000_000, redirectsMax: 5, signal: new AbortController().signal }
  const get = async (url: string, more: Partial<HttpRequest> = {}) => {
    const { status, body, release, contentType } = await client.exchange({ ...defaults, url, ...more })
    const text = body === undefined ? undefined : Buffer.from(body).toString()
    release()
    return { status, text, contentType }
  }
  return get
}

test('reads pages whole and compressed, one after the other on one connection', async (t) => {
  const ports = new Set<number | undefined>()
  const page = 'a 1\n'.repeat(100_000)
  const forms = {
    plain: Buffer.from(page),
    gzip: gzipSync(page),
    deflate: deflateSync(page),
    br: brotliCompressSync(page),
  }
  const url = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort)
    const form = request.url?.slice(1) ?? ''
    const [, body] = Object.entries(forms).find(([name]) => form.startsWith(name)) ?? []
    if (!form.startsWith('plain')) response.setHeader('content-encoding', form)
    if (form.endsWith('chunked')) response.write(body?.subarray(0, 777))
    response.end(form.endsWith('chunked') ? body?.subarray(777) : body)
  })
  const get = clientOf(t)
  for (const form of ['plain', 'plain-chunked', 'gzip', 'plain', 'deflate', 'br']) {
    assert.equal((await get(`${url}/${form}`)).text, page, form)
  }
  assert.equal(ports.size, 1)
})

test('reads no more than is wanted, before and after decompression', async (t) => {
  const url = await serve(t, (request, response) => {
    const long = Buffer.alloc(2_000_000)
    if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(long))
    else response.end(long)
  })
  const get = clientOf(t)
  assert.equal((await get(`${url}/`)).text, undefined)
  assert.equal((await get(`${url}/gzip`)).text, undefined)
  assert.equal((await get(`${url}/`, { bodyBytesMax: 2_000_000 })).text?.length, 2_000_000)
})

test('says who asks to the one it was set up for, and to nobody whom that names', async (t) => {
  const seen: (string | undefined)[] = []
  const listener: RequestListener = (request, response) => {
    seen.push(request.headers.authorization)
    response.end('here')
  }
  const elsewhere = await serve(t, listener)
  const url = await serve(t, (request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: `${elsewhere}/x` }).end()
    else if (request.url === '/near') response.writeHead(301, { location: '/page' }).end()
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
    else listener(request, response)
  })
  const get = clientOf(t, { headers: new Map([['authorization', secret('Bearer hush')]]) })
  assert.equal((await get(`${url}/near`)).text, 'here')
  assert.equal((await get(`${url}/away`)).text, 'here')
  assert.deepEqual(seen, ['Bearer hush', undefined])
  assert.equal((await get(`${url}/round`)).status, 302)
  assert.equal((await get(`${url}/near`, { redirectsMax: 0 })).status, 301)
})

test('asks again on a new connection when an old one was closed meanwhile', async (t) => {
  const server = createSocketServer((socket) => {
    // Answers once, and closes without a word when it is asked again.
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      socket.once('data', () => socket.destroy())
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const get = clientOf(t)
  const url = `http://127.0.0.1:${portOf(server.address())}/`
  for (let turn = 0; turn < 3; turn++) assert.equal((await get(url)).text, 'ok')
})

test('gives up with the reason of the signal, or with what happened', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/break')
      response.writeHead(200, { 'content-length': '9' }).write('abc', () => response.destroy())
  })
  const get = clientOf(t)
  const patience = new AbortController()
  const asked = get(`${url}/hang`, { signal: patience.signal })
  setImmediate(() => patience.abort(new Error('long enough')))
  await assert.rejects(asked, /long enough/)
  await assert.rejects(get(`${url}/never`, { signal: patience.signal }), /long enough/)
  await assert.rejects(get(`${url}/break`), /broke in the middle/)
  await assert.rejects(get('http://127.0.0.1:1/'), /ECONNREFUSED/)
})

const { cert, key } = testCertificate
const trusting: TlsSettings = {
  ca: secret(cert),
  cert: undefined,
  key: undefined,
  serverName: 'target.test',
  insecureSkipVerify: false,
}

test('trusts over TLS whom it is told to, under the name it is told, and shows its own certificate', async (t) => {
  const shown: (string | undefined)[] = []
  const server = createTlsServer(
    { cert, key, ca: cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { socket } = request
      shown.push('getPeerCertificate' in socket ? JSON.stringify(Reflect.get(socket, 'authorized')) : undefined)
      response.end('safe')
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `https://127.0.0.1:${portOf(server.address())}/`
  const ask = (tls: TlsSettings | undefined) => clientOf(t, { tls })(url).then(({ text }) => text)
  await assert.rejects(ask(undefined), /self-signed/)
  await assert.rejects(ask({ ...trusting, serverName: 'other.test' }), /altnames|does not match/)
  assert.equal(await ask({ ...trusting, serverName: undefined, ca: undefined, insecureSkipVerify: true }), 'safe')
  assert.equal(await ask(trusting), 'safe')
  assert.equal(await ask({ ...trusting, cert: secret(cert), key: secret(key) }), 'safe')
  assert.deepEqual(shown, ['false', 'false', 'true'])
})
