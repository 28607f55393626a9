import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startReportSchedule } from '../../src/app/report/report-schedule.ts'
import { usualReports } from '../../src/config/parts/reports.ts'
import type { Outcome } from '../../src/core/model/delivery.ts'
import type { DocumentMail } from '../../src/delivery/receivers/email/send-documents.ts'
import { silentLog } from '../../src/ports/log.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aTick } from '../support/delivery-messages.ts'
import { shopReport } from '../support/report-world.ts'

const hour = 3_600_000
const november = Date.UTC(2026, 10, 1)

/** A schedule of monthly reports at 07:00 to two people, run minute by minute from a time on. */
async function played(
  outcomes: (mail: DocumentMail, number: number) => Outcome,
  from: number,
  minutes: number,
  store = openSqliteStore(':memory:'),
  breaks: (now: number) => boolean = () => false,
) {
  const { slos, days } = shopReport()
  await store.commit(aTick({ days, at: november }))
  const sent: { at: number; recipient: string; mail: DocumentMail }[] = []
  const counted: string[] = []
  const ended = Promise.withResolvers<void>()
  let now = from
  const schedule = startReportSchedule({
    config: () => ({
      ...usualReports,
      schedule: [{ name: 'monthly', every: 'month', afterMs: 7 * hour, receiver: 'mail', formats: ['pdf', 'csv'] }],
    }),
    rules: () => {
      if (breaks(now)) throw new Error('disk trouble')
      return { slos, maintenances: [] }
    },
    recipientsOf: () => ['a@shop.example', 'b@shop.example'],
    send: async (_receiver, mail) => {
      sent.push({ at: now, recipient: mail.recipient, mail })
      return outcomes(mail, sent.length)
    },
    store,
    log: silentLog,
    meter: { count: (name, { report, outcome }) => counted.push(`${name} ${report} ${outcome}`) },
    clock: {
      now: () => now,
      sleepUntil: async (at, signal) => {
        if (now >= from + minutes * 60_000) {
          ended.resolve()
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        }
        now = at
      },
    },
  })
  await ended.promise
  await schedule.stop()
  return { sent, store, counted: counted.map((line) => line.replace('sloburn_reports_total monthly ', '')) }
}

test('sends the month that is over once to each recipient, when it is due', async () => {
  const { sent, store } = await played(() => ({ kind: 'delivered' }), november + 6 * hour, 120)
  assert.deepEqual(
    sent.map(({ at, recipient }) => [at - november, recipient]),
    [
      [7 * hour, 'a@shop.example'],
      [7 * hour, 'b@shop.example'],
    ],
  )
  const { mail } = sent[0]
  assert.deepEqual(
    mail.files.map(({ name }) => name),
    ['monthly-2026-10.pdf', 'monthly-2026-10.csv'],
  )
  assert.match(mail.text, /^1 of 8 objectives was missed/)
  const again = await played(() => ({ kind: 'delivered' }), november + 9 * hour, 30, store)
  assert.deepEqual(again.sent, [])
})

test('tries again where a server is away, and not where it refused', async () => {
  const { sent, counted } = await played(
    (mail, number) => {
      if (mail.recipient === 'b@shop.example') return { kind: 'rejected', reason: 'no such user' }
      return number < 4 ? { kind: 'retry', reason: 'away' } : { kind: 'delivered' }
    },
    november + 7 * hour,
    60,
  )
  assert.deepEqual(
    sent.map(({ at, recipient }) => [(at - november) / 60_000 - 420, recipient[0]]),
    [
      [0, 'a'],
      [0, 'b'],
      [1, 'a'],
      [6, 'a'],
    ],
  )
  assert.deepEqual(counted, ['retried', 'rejected', 'retried', 'delivered'])
})

test('a report that cannot be made is counted, and made as soon as it can', async () => {
  const breaks = (now: number) => now < november + 7 * hour + 3 * 60_000
  const { sent, counted } = await played(() => ({ kind: 'delivered' }), november + 7 * hour, 10, undefined, breaks)
  assert.deepEqual(counted, ['failed', 'failed', 'failed', 'delivered', 'delivered'])
  assert.equal(sent.length, 2)
})

test('makes up for three days, and no longer', async () => {
  const away = await played(() => ({ kind: 'retry', reason: 'away' }), november + 78.5 * hour, 60)
  assert.deepEqual([...new Set(away.counted)], ['retried', 'missed'])
  assert.equal(away.counted.filter((outcome) => outcome === 'missed').length, 2)
  const two = await played(() => ({ kind: 'delivered' }), november + 55 * hour, 2)
  assert.equal(two.sent.length, 2)
  const four = await played(() => ({ kind: 'delivered' }), november + 4 * 24 * hour, 2)
  assert.equal(four.sent.length, 0)
})
