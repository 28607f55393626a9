import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startReports } from '../../src/app/report/start-reports.ts'
import { usualReports } from '../../src/config/parts/reports.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { mailbox } from '../support/delivery-mailbox.ts'
import { shopReport } from '../support/report-world.ts'

test('a scheduled report arrives over SMTP with its files, and as sound as it left', async (t) => {
  const server = await mailbox(t, { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] })
  const store = openSqliteStore(':memory:')
  const settings = {
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    login: undefined,
    from: 'slo@shop.example',
    to: ['vp@shop.example'],
  } as const
  const reports = {
    ...usualReports,
    schedule: [{ name: 'monthly', every: 'month', afterMs: 0, receiver: 'mail', formats: ['pdf', 'csv'] }],
  } as const
  const arrived = Promise.withResolvers<void>()
  const schedule = startReports(
    () => ({
      config: {
        reports,
        receivers: [{ kind: 'email', name: 'mail', settings, text: undefined }],
        delivery: { allowInternal: ['127.0.0.1'] },
      },
      slos: shopReport().slos,
      maintenances: [],
    }),
    {
      store,
      log: silentLog,
      meter: silentMeter,
      clock: {
        now: () => Date.UTC(2026, 10, 1, 1),
        sleepUntil: (_at, signal) => {
          arrived.resolve()
          return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        },
      },
    },
  )
  t.after(() => schedule.stop())
  await arrived.promise
  const mail = server.mails[0].mail
  assert.equal(mail.subject, 'Reliability report 2026-10')
  assert.match(mail.text ?? '', /^No events were counted in this period/)
  assert.deepEqual(
    mail.attachments.map(({ filename, mimeType }) => [filename, mimeType]),
    [
      ['monthly-2026-10.pdf', 'application/pdf'],
      ['monthly-2026-10.csv', 'text/csv'],
    ],
  )
  const pdf = mail.attachments[0].content
  assert.ok(pdf instanceof ArrayBuffer)
  assert.equal(Buffer.from(new Uint8Array(pdf)).subarray(0, 8).toString('latin1'), '%PDF-1.7')
})
