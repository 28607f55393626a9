import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/app/system-clock.ts'
import { secret } from '../../src/core/model/secret.ts'
import { pushAuth } from '../../src/ingest/push-auth.ts'
import { remoteWriteRoute } from '../../src/ingest/remote-write/receiver.ts'
import { silentLog } from '../../src/ports/log.ts'
import { startServer } from '../../src/web/server.ts'
import { recordingMeter } from '../support/delivery-recorders.ts'
import { openOtlpServers, plainOtlp, plainSource } from '../support/ingest-otlp-server.ts'
import { RecordingSink } from '../support/ingest-recording-sink.ts'

const auth = pushAuth({ bearerToken: 'x' }, { secret: () => secret('let-me-in'), report: () => {} })

/** What comes back for a head of a request whose body of a megabyte never comes. */
async function answerToHead(url: string, head: readonly string[]): Promise<string> {
  const { port, pathname } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const lines = [`POST ${pathname} HTTP/1.1`, 'host: x', 'content-length: 1000000', ...head]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  await once(socket, 'close')
  return text
}

async function remoteWrite(t: TestContext): Promise<string> {
  const settings = { auth, regionLabel: undefined, regionHeader: undefined }
  const sources = [{ name: 'push', region: undefined, settings }]
  const world = { sink: new RecordingSink(), clock: systemClock, meter: recordingMeter(), log: silentLog }
  const route = remoteWriteRoute({ sources, ...world })
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log: silentLog })
  t.after(() => server.close())
  return `${server.url}/api/v1/write`
}

async function otlp(t: TestContext): Promise<string> {
  const source = { ...plainSource, settings: { ...plainOtlp, auth } }
  const servers = await openOtlpServers(new RecordingSink(), systemClock, [source])
  t.after(() => servers.close())
  return servers.httpUrl
}

const written = ['content-type: application/x-protobuf', 'content-encoding: snappy']

test('who may not send is told by the head of the request, and nothing of the body is read', async (t) => {
  for (const url of [await remoteWrite(t), await otlp(t)]) {
    for (const shown of [[], ['authorization: Bearer guessed']]) {
      const answer = await answerToHead(url, [...written, ...shown])
      assert.match(answer, /^HTTP\/1\.1 401 /)
      assert.match(answer, /www-authenticate: Bearer/i)
    }
  }
})

test('what is in no form that is understood is refused by its head too', async (t) => {
  for (const url of [await remoteWrite(t), await otlp(t)]) {
    const answer = await answerToHead(url, ['content-type: text/plain', 'authorization: Bearer let-me-in'])
    assert.match(answer, /^HTTP\/1\.1 415 /)
  }
})
