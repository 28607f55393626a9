import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { run } from '../../src/cli/program.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aTick } from '../support/delivery-messages.ts'
import { capturedIo } from './captured-io.ts'

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator:
    ratio: { bad: 'failures_total{job="shop"}', total: 'requests_total{job="shop"}' }
`
const october = Date.UTC(2026, 9, 1)
const day = 86_400_000

async function shop(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-report-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'rules.yaml'), rules)
  await writeFile(
    join(folder, 'sloburn.yaml'),
    `rules: [rules.yaml]
receivers: [{ name: mail, email: { host: localhost, from: a@shop.example, to: [b@shop.example] } }]
reports:
  organisation: Shop
  timeZone: UTC
  schedule: [{ name: monthly, every: month, receiver: mail }]
store: { sqlite: { path: data.db } }
`,
  )
  return folder
}

test('replays history: two days of counters, to the event', async (t) => {
  const folder = await shop(t)
  const lines = ['eu', 'us'].flatMap((region) => {
    return [['requests_total', 100] as const, ['failures_total', 1] as const].flatMap(([name, each]) => {
      return Array.from({ length: 2 * 24 * 12 + 1 }, (_, index) => {
        return `${name}{job="shop",region="${region}"} ${index * each} ${october / 1_000 + index * 300}`
      })
    })
  })
  const families = ['requests', 'failures'].flatMap((name) => [
    `# TYPE ${name} counter`,
    ...lines.filter((line) => line.startsWith(name)),
  ])
  await writeFile(join(folder, 'data.om'), `${families.join('\n')}\n# EOF\n`)
  const io = capturedIo()
  const args = ['report', '--rules', join(folder, 'rules.yaml'), '--data', join(folder, 'data.om')]
  assert.equal(await run([...args, '--period', '2026-10-01..2026-10-02', '--format', 'csv'], io), 0, io.err())
  const rows = io
    .out()
    .trim()
    .split('\r\n')
    .map((row) => row.split(','))
  const events = 2 * 24 * 12 * 100
  const figures = rows.slice(1).map((row) => [row[5], Number(row[9]), Number(row[10])])
  assert.deepEqual(figures, [
    ['global', (2 * events) / 100, 2 * events],
    ['eu', events / 100, events],
    ['us', events / 100, events],
  ])
})

test('reads the store of an engine that is running on it, and the format off the name of the file', async (t) => {
  const folder = await shop(t)
  const store = openSqliteStore(join(folder, 'data.db'))
  const days = Array.from({ length: 31 }, (_, index) => {
    const from = october + index * day
    return {
      slo: 'checkout',
      region: 'eu',
      from,
      to: from + day,
      until: from + day,
      bad: 1,
      total: 10_000,
      seenMs: day,
    }
  })
  await store.commit(aTick({ days, at: october }))
  const io = capturedIo()
  const out = join(folder, 'october.md')
  assert.equal(
    await run(['report', '--config', join(folder, 'sloburn.yaml'), '--period', '2026-10', '--out', out], io),
    0,
    io.err(),
  )
  const page = await readFile(out, 'utf8')
  assert.match(page, /^# Shop · Reliability report 2026-10\n/)
  assert.match(page, /The objective (was met|is met so far)\. Of 310,000 events 99\.990\u00a0% were good/)
  await store.close()
})

async function failing(...args: readonly string[]): Promise<{ readonly code: number; readonly err: string }> {
  const io = capturedIo()
  return { code: await run(['report', ...args], io), err: io.err() }
}

test('says what is missing or wrong', async () => {
  assert.match((await failing('--period', '2026-10')).err, /give --config FILE/)
  assert.match(
    (await failing('--period', '2026-10', '--rules', 'a', '--data', 'b', '--format', 'pdf')).err,
    /give --out FILE/,
  )
  const period = await failing('--period', 'October', '--rules', 'a', '--data', 'b')
  assert.equal(period.code, 2)
  assert.match(period.err, /"October" is not a period/)
  const zone = await failing('--period', '2026-10', '--rules', 'a', '--data', 'b', '--time-zone', 'Berlin')
  assert.match(zone.err, /"Berlin" is not an IANA time zone/)
})

test('rules are held against the evaluation interval of the config that names them', async (t) => {
  const folder = await shop(t)
  await openSqliteStore(join(folder, 'data.db')).close()
  const sliced = rules.replace(/ratio: .*/, "timeSlices: { slice: 20s, good: 'b / t < 1', signals: { b: b, t: t } }")
  await writeFile(join(folder, 'rules.yaml'), sliced)
  const config = await readFile(join(folder, 'sloburn.yaml'), 'utf8')
  const said: string[] = []
  for (const evaluation of ['', 'evaluation: { interval: 10s }\n']) {
    await writeFile(join(folder, 'sloburn.yaml'), `${config}${evaluation}`)
    const io = capturedIo()
    const asked = ['report', '--config', join(folder, 'sloburn.yaml'), '--period', '2026-10', '--format', 'csv']
    assert.equal(await run(asked, io), 0, io.err())
    said.push(io.err())
  }
  assert.match(said[0], /RULE_SLICE_STEP warning: .* the evaluation interval 15s/)
  assert.doesNotMatch(said[1], /RULE_SLICE_STEP/)
})
