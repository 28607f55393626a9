import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runStatus } from '../../src/cli/status.ts'
import { engineRoutes, serving } from '../web/running-server.ts'
import { anIncident, aView, inTrouble } from '../web/status-fixture.ts'
import { capturedIo } from './captured-io.ts'

test('prints a line per SLO and scope, and what fires', async (t) => {
  const io = capturedIo()
  const url = await serving(t, engineRoutes({ view: anIncident() }))
  assert.equal(await runStatus({ url }, io), 0)

  const lines = io
    .out()
    .split('\n')
    .map((line) => line.replaceAll(/ {2,}/g, ' | '))
  assert.equal(lines[0], 'slo | scope | state | window | sli | budget left | burn rates')
  assert.ok(
    lines.includes(
      'checkout-availability | eu-west-1 | ok | 30d | 99.8831 % | -16.9 % | 5m 1000.00× | 30m 33.33× | 1h 16.20× | 2h 8.13× | 6h 2.70× | 1d 0.68× | 3d 0.25×',
    ),
  )
  assert.ok(lines.includes('search-latency | sa-east-1 | no-data | 30d | — | —'))
  assert.ok(lines.includes('page | checkout-availability | eu-west-1 | 2026-11-21T11:56:15Z'))
})

test('tells how many series there are, and of what there are most', async (t) => {
  const io = capturedIo()
  await runStatus({ url: await serving(t, engineRoutes({ view: anIncident() })) }, io)
  const [, told] = io.out().split('24 series of 4 targets\n')
  assert.equal(told, '  by SLO: checkout-availability 24\n  by metric: http_requests_total 24\n  by source: eu 24\n')
})

test('tells that the store cannot be written, and what was given up', async (t) => {
  const io = capturedIo()
  await runStatus({ url: await serving(t, engineRoutes({ view: { ...anIncident(), ...inTrouble } })) }, io)
  const lines = io.out().replaceAll(/ {2,}/g, ' | ')
  assert.match(lines, /The store cannot be written: database or disk is full; 7 decisions are held in memory\./)
  assert.match(
    lines,
    /resolved \| checkout \| pager \| 2026-11-21T02:41:00Z \| the receiver "pager" is not in the config any more/,
  )
})

test('tells which sources bring nothing that is counted, and why', async (t) => {
  const io = capturedIo()
  const fine = { name: 'eu', kind: 'scrape', region: 'eu-west-1', watermark: 1_000, problem: null } as const
  const sources = [
    fine,
    { ...fine, name: 'us', region: null, watermark: null },
    { ...fine, name: 'ap', problem: 'no SLO asks for any of its series' },
  ]
  await runStatus({ url: await serving(t, engineRoutes({ view: aView({ sources }) })) }, io)
  const lines = io.out().replaceAll(/ {2,}/g, ' | ')
  assert.match(lines, /us \| — \| nothing has come so far\nap \| eu-west-1 \| no SLO asks for any of its series\n/)
  assert.doesNotMatch(lines, /^eu \|/m)
})

test('shows what others named without what would move the cursor of who reads it', async (t) => {
  const io = capturedIo()
  const view = anIncident()
  const hostile = 'eu\u001b]0;all is well\u0007\u001b[2J\r\n\u202ewest'
  const slos = () =>
    view.slos().map((slo) => ({ ...slo, scopes: slo.scopes.map((one) => ({ ...one, scope: hostile })) }))
  await runStatus({ url: await serving(t, engineRoutes({ view: { ...view, slos } })) }, io)
  assert.match(io.out(), /eu\ufffd\]0;all is well\ufffd\ufffd\[2J\ufffd\ufffd\ufffdwest/)
  assert.doesNotMatch(io.out().replaceAll('\n', ''), /[\p{Cc}\u202e]/u)
})

test('says so when nothing is declared and nothing fires', async (t) => {
  const io = capturedIo()
  assert.equal(await runStatus({ url: await serving(t, engineRoutes({ view: aView() })) }, io), 0)
  assert.ok(io.out().startsWith('No SLO is declared.\n\nNothing fires.\n'))
})

test('prints the answers of the API as one document with --json', async (t) => {
  const io = capturedIo()
  assert.equal(await runStatus({ url: await serving(t, engineRoutes({ view: anIncident() })), json: true }, io), 0)
  const { slos, alerts }: { slos: unknown[]; alerts: unknown[] } = JSON.parse(io.out())
  assert.equal(slos.length, 3)
  assert.equal(alerts.length, 1)
})

test('ends with 2 when nobody listens', async () => {
  const io = capturedIo()
  assert.equal(await runStatus({ url: 'http://127.0.0.1:1' }, io), 2)
  assert.match(io.err(), /^sloburn status: http:\/\/127\.0\.0\.1:1 cannot be reached/)
})

test('ends with 2 when somebody else listens', async (t) => {
  const io = capturedIo()
  const url = await serving(t, [
    { method: 'GET', path: '/api/v1/slos', handle: () => ({ status: 200, body: '<html>' }) },
  ])
  assert.equal(await runStatus({ url }, io), 2)
  assert.match(io.err(), /did not answer with JSON, so it is not a sloburn engine/)
})

test('ends with 2 when the address is none', async () => {
  const io = capturedIo()
  assert.equal(await runStatus({ url: 'localhost' }, io), 2)
  assert.match(io.err(), /--url localhost is not a URL/)
})
