import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { secret } from '../../src/core/model/secret.ts'
import { proxyUrlProblem } from '../../src/delivery/config.ts'
import { type ResolveName, targetGuard } from '../../src/delivery/guard.ts'
import { proxyRules } from '../../src/delivery/proxy.ts'
import { webhookReceiver } from '../../src/delivery/receivers/webhook/send.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { closedPort, httpFarSide, portOf } from '../support/delivery-http-server.ts'
import { aDelivery } from '../support/delivery-messages.ts'
import { testCertificate } from '../support/test-certificate.ts'

const anyProxy = secret('http://proxy.example.internal:3128')

function isFor(target: string, noProxy = ''): boolean {
  return proxyRules({ url: anyProxy, noProxy }).isFor(new URL(target))
}

describe('what is reached through a proxy', () => {
  test('is everything but this machine', () => {
    assert.ok(isFor('https://hooks.example.com/x'))
    assert.ok(isFor('http://10.0.0.1/x'))
    for (const own of ['http://localhost:9000/', 'http://127.0.0.1/', 'http://127.9.9.9/', 'http://[::1]:80/']) {
      assert.ok(!isFor(own), own)
    }
  })

  test('is not what NO_PROXY names, as other programs read it', () => {
    const rows = [
      ['example.com', 'https://example.com/', true],
      ['example.com', 'https://hooks.example.com/', true],
      ['.example.com', 'https://hooks.example.com/', true],
      ['*.example.com', 'https://hooks.example.com/', true],
      ['example.com', 'https://notexample.com/', false],
      ['EXAMPLE.com', 'https://Example.COM./', true],
      ['example.com:8443', 'https://example.com:8443/', true],
      ['example.com:8443', 'https://example.com/', false],
      ['example.com:443', 'https://example.com/', true],
      ['a.test, b.test', 'http://b.test/', true],
      ['10.1.2.3', 'http://10.1.2.3/', true],
      ['10.0.0.0/8', 'http://10.9.9.9/', true],
      ['10.0.0.0/8', 'http://11.0.0.1/', false],
      ['10.0.0.0/99', 'http://10.0.0.1/', false],
      ['fd00::/8', 'http://[fd12::1]/', true],
      ['[fd12::1]:8080', 'http://[fd12::1]:8080/', true],
      ['*', 'https://hooks.example.com/', true],
      ['', 'https://hooks.example.com/', false],
    ] as const
    for (const [noProxy, target, isExcepted] of rows) {
      assert.equal(!isFor(target, noProxy), isExcepted, `${noProxy} and ${target}`)
    }
  })

  test('is told from what cannot be a proxy', () => {
    assert.equal(proxyUrlProblem('http://user:password@proxy:3128'), undefined)
    for (const wrong of ['proxy:3128', 'socks5://proxy:1080', 'nothing', '']) assert.ok(proxyUrlProblem(wrong), wrong)
  })
})

describe('a message through a proxy', () => {
  test('arrives, with the password of the proxy told to the proxy alone', async (t) => {
    const { url, seen } = await aProxy(t)
    const outcome = await send('http://hooks.example.com/x', url, unknownName)
    assert.deepEqual(outcome, { kind: 'delivered' })
    assert.deepEqual(seen, [`POST http://hooks.example.com/x Basic ${Buffer.from('ana:word').toString('base64')}`])
  })

  test('goes through a tunnel where it is encrypted: the proxy sees the name and no more', async (t) => {
    const far = await httpFarSide(t)
    const { url, seen } = await aProxy(t, Number(new URL(far.url).port))
    // Behind the tunnel stands a server that speaks no TLS: nothing was sent, and it is tried again.
    const outcome = await send('https://hooks.example.com/x', url, unknownName)
    assert.equal(outcome.kind, 'retry', JSON.stringify(outcome))
    assert.deepEqual(seen, [`CONNECT hooks.example.com:443 Basic ${Buffer.from('ana:word').toString('base64')}`])
    assert.equal(far.requests.length, 0)
  })

  test('is taken from the tunnel by whom the certificate names', async (t) => {
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, testCertificate.cert])
    t.after(() => setDefaultCACertificates(before))
    const received: string[] = []
    const far = createTlsServer(testCertificate, (request, response) => {
      received.push(
        `${request.method} ${request.url} ${request.headers.host} ${request.headers['proxy-authorization']}`,
      )
      request.resume().on('end', () => response.end())
    })
    const { url, seen } = await aProxy(t, await listening(t, far))
    assert.deepEqual(await send('https://target.test/x', url, unknownName), { kind: 'delivered' })
    assert.deepEqual(received, ['POST /x target.test undefined'])
    const wrong = await send('https://other.test/x', url, unknownName)
    assert.deepEqual(wrong, { kind: 'retry', reason: 'no connection: ERR_TLS_CERT_ALTNAME_INVALID' })
    assert.deepEqual([received.length, seen.length], [1, 2])
  })

  test('is tried again where the proxy does not let it through', async (t) => {
    const { url } = await aProxy(t)
    const refused = { kind: 'retry', reason: 'no connection: ERR_PROXY_TUNNEL' }
    assert.deepEqual(await send('https://hooks.example.com/x', url, unknownName), refused)
  })

  test('is tried again where the proxy asks for another password', async (t) => {
    const proxy = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(407).end('another'))
    })
    const url = `http://127.0.0.1:${await listening(t, proxy)}`
    const refused = { kind: 'retry', reason: 'no connection: HTTP_407' }
    assert.deepEqual(await send('http://hooks.example.com/x', url, unknownName), refused)
  })

  test('is tried again where there is no proxy', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`
    for (const target of ['http://hooks.example.com/x', 'https://hooks.example.com/x']) {
      assert.equal((await send(target, url, unknownName)).kind, 'retry', target)
    }
  })

  test('is refused where its name leads to an internal address, and the proxy is not asked', async (t) => {
    const { url, seen } = await aProxy(t)
    const outcome = await send('http://hooks.example.com/x', url, leadingTo('10.1.2.3'))
    assert.match(JSON.stringify(outcome), /"retry".*refused: an internal address/)
    assert.deepEqual(seen, [])
    assert.equal((await send('http://169.254.169.254/x', url, unknownName)).kind, 'retry')
    assert.deepEqual(seen, [])
  })

  test('goes straight to what NO_PROXY names, and there the guard judges the connection', async (t) => {
    const far = await httpFarSide(t)
    const { url, seen } = await aProxy(t)
    const port = new URL(far.url).port
    const target = `http://hooks.example.com:${port}/x`
    const noProxy = 'example.com'
    assert.equal((await send(target, url, leadingTo('127.0.0.1'), noProxy)).kind, 'retry', 'it is refused')
    const outcome = await send(target, url, leadingTo('127.0.0.1'), noProxy, ['hooks.example.com'])
    assert.equal(outcome.kind, 'delivered')
    assert.deepEqual([seen, far.requests.length], [[], 1])
  })
})

function send(
  target: string,
  proxy: string,
  resolve: ResolveName,
  noProxy = '',
  allowInternal: readonly string[] = [],
) {
  const rules = proxyRules({ url: secret(proxy), noProxy })
  const settings = { url: secret(target), signingKey: undefined, headers: new Map() }
  const guard = targetGuard(allowInternal, resolve, rules)
  const receiver = webhookReceiver('hook', settings, { ...receiverContext, guard })
  return receiver.send(aDelivery(), new AbortController().signal)
}

const unknownName: ResolveName = (_name, _options, done) => {
  done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
}

function leadingTo(address: string): ResolveName {
  return (_name, _options, done) => done(null, [{ address, family: 4 }])
}

/** A proxy that asks for a password, answers plain requests itself, and opens tunnels to one port, or none. */
async function aProxy(t: TestContext, tunnelTo?: number) {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`)
    request.resume().on('end', () => response.end())
  })
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`)
    socket.on('error', () => {})
    if (tunnelTo === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const far = connect(tunnelTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(far).pipe(socket)
    })
    far.on('error', () => socket.destroy())
  })
  return { url: `http://ana:word@127.0.0.1:${await listening(t, server)}`, seen }
}

/** The port that a server listens at until the test is over. */
async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return portOf(server.address())
}
