import assert from 'node:assert/strict'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { openDatabase } from '../../src/storage/sqlite/database.ts'
import { migrate } from '../../src/storage/sqlite/migrate.ts'
import { migrations } from '../../src/storage/sqlite/migrations/all.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNewDelivery, aNotification, aTick, firedAt } from '../support/delivery-messages.ts'
import { recordingLog, recordingMeter } from '../support/delivery-recorders.ts'
import { storeFolder } from '../support/store-folder.ts'

describe('opening', () => {
  test('creates the folder and the file', async (t) => {
    const path = join(storeFolder(t), 'a/b/sloburn.db')
    await openSqliteStore(path).close()
    assert.ok(existsSync(path))
  })

  test('syncs every commit to a write-ahead log', (t) => {
    const database = openDatabase(join(storeFolder(t), 'sloburn.db'))
    t.after(() => database.close())
    assert.equal(database.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal')
    assert.equal(database.prepare('PRAGMA synchronous').get()?.['synchronous'], 2)
    assert.equal(database.prepare('PRAGMA foreign_keys').get()?.['foreign_keys'], 1)
  })

  test('refuses a file that is not a database, by name and with advice', (t) => {
    const path = join(storeFolder(t), 'sloburn.db')
    writeFileSync(path, 'receivers: []\n'.repeat(1_000))
    const message = new RegExp(`^store ${path}: file is not a database \\(.*move it away to start empty`)
    assert.throws(() => openSqliteStore(path), { name: 'StoreError', message })
    assert.match(readFileSync(path, 'utf8'), /^receivers/)
  })

  test('refuses a folder in place of a file', (t) => {
    const path = join(storeFolder(t), 'sloburn.db')
    mkdirSync(path)
    assert.throws(() => openSqliteStore(path), { name: 'StoreError', message: /cannot be opened/ })
  })

  test('refuses the database of another program and leaves it as it was', (t) => {
    const path = join(storeFolder(t), 'theirs.db')
    const theirs = new DatabaseSync(path)
    theirs.exec('CREATE TABLE theirs (x INTEGER); PRAGMA user_version = 1')
    theirs.close()
    assert.throws(() => openSqliteStore(path), { name: 'StoreError', message: /database of another program/ })
    const after = new DatabaseSync(path)
    t.after(() => after.close())
    assert.deepEqual(
      after
        .prepare('SELECT name FROM sqlite_schema')
        .all()
        .map(({ name }) => name),
      ['theirs'],
    )
  })

  test('refuses a store that a newer version wrote', async (t) => {
    const path = join(storeFolder(t), 'sloburn.db')
    await openSqliteStore(path).close()
    const newer = new DatabaseSync(path)
    newer.exec(`PRAGMA user_version = ${migrations.length + 1}`)
    newer.close()
    assert.throws(() => openSqliteStore(path), {
      name: 'StoreError',
      message: new RegExp(
        `it has version ${migrations.length + 1}, written by a newer sloburn; this one knows ${migrations.length}; run`,
      ),
    })
  })
})

describe('damage', () => {
  test('a truncated file is refused with advice', async (t) => {
    const path = await storeWithMessages(storeFolder(t))
    truncateSync(path, statSync(path).size / 2)
    assert.throws(() => openSqliteStore(path), { name: 'StoreError', message: /malformed|damaged/ })
  })

  test('a file with a page overwritten is refused with advice', async (t) => {
    const path = await storeWithMessages(storeFolder(t))
    const file = openSync(path, 'r+')
    const pageBytes = 4_096
    const lastPage = statSync(path).size / pageBytes - 1
    writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, lastPage * pageBytes)
    closeSync(file)
    assert.throws(() => openSqliteStore(path), { name: 'StoreError', message: /damaged|malformed/ })
  })

  test('a torn end of the write-ahead log costs the torn commit and nothing before it', async (t) => {
    const folder = storeFolder(t)
    const path = join(folder, 'sloburn.db')
    const store = openSqliteStore(path)
    t.after(() => store.close())
    await store.commit(aTick({ deliveries: [aNewDelivery()] }))
    const keptBytes = statSync(`${path}-wal`).size
    await store.commit(aTick({ deliveries: [aNewDelivery(aNotification({ slo: 'torn' }))] }))

    // What a disk holds after the power failed in the middle of the second commit.
    const copy = join(folder, 'copy.db')
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    truncateSync(`${copy}-wal`, keptBytes + (statSync(`${path}-wal`).size - keptBytes) / 2)
    const reopened = openSqliteStore(copy)
    t.after(() => reopened.close())
    assert.deepEqual(
      (await reopened.outbox.list({ limit: 10 })).map(({ id }) => id),
      [aNewDelivery().id],
    )
  })
})

describe('migrating', () => {
  test('brings an older store forward and keeps what it holds', async (t) => {
    const path = await storeWithMessages(storeFolder(t))
    const database = openDatabase(path)
    t.after(() => database.close())
    migrate(path, database, [...migrations, 'ALTER TABLE episode ADD COLUMN note TEXT'])
    assert.equal(database.prepare('PRAGMA user_version').get()?.['user_version'], migrations.length + 1)
    assert.equal(database.prepare('SELECT count(*) AS rows FROM outbox').get()?.['rows'], 200)
    migrate(path, database, [...migrations, 'ALTER TABLE episode ADD COLUMN note TEXT'])
  })

  test('that fails half-way changes nothing', async (t) => {
    const path = await storeWithMessages(storeFolder(t))
    const database = openDatabase(path)
    t.after(() => database.close())
    const steps = [...migrations, 'ALTER TABLE episode ADD COLUMN note TEXT', 'INSERT INTO nowhere VALUES (1)']
    assert.throws(() => migrate(path, database, steps), { name: 'StoreError', message: /no such table: nowhere/ })
    assert.equal(database.prepare('PRAGMA user_version').get()?.['user_version'], migrations.length)
    assert.throws(() => database.prepare('SELECT note FROM episode'), /no such column/)
  })
})

describe('attempts', () => {
  test('each is written down with its outcome, those of a process that died as ambiguous', async (t) => {
    const path = join(storeFolder(t), 'sloburn.db')
    const store = openSqliteStore(path)
    await store.commit(aTick({ deliveries: [aNewDelivery()] }))
    await store.outbox.claim('oncall', firedAt)
    await store.outbox.settle(aNewDelivery().id, 1, { kind: 'retry', reason: 'HTTP 503' }, firedAt + 5, firedAt + 10)
    await store.outbox.claim('oncall', firedAt + 10)
    await store.outbox.recover(firedAt + 20)
    await store.outbox.claim('oncall', firedAt + 20)
    await store.close()
    const database = new DatabaseSync(path)
    t.after(() => database.close())
    const attempts = database.prepare('SELECT attempt, started_at, ended_at, outcome, reason FROM attempt').all()
    assert.deepEqual(
      attempts.map((row) => Object.values(row)),
      [
        [1, firedAt, firedAt + 5, 'retry', 'HTTP 503'],
        [2, firedAt + 10, firedAt + 20, 'ambiguous', 'the process ended during the attempt'],
        [3, firedAt + 20, null, null, null],
      ],
    )
  })

  test('go away with their message', async (t) => {
    const path = join(storeFolder(t), 'sloburn.db')
    const store = openSqliteStore(path)
    await store.commit(aTick({ deliveries: [aNewDelivery()] }))
    await store.outbox.claim('oncall', firedAt)
    await store.outbox.settle(aNewDelivery().id, 1, { kind: 'delivered' }, firedAt, undefined)
    await store.outbox.prune(firedAt + 1)
    await store.close()
    const database = new DatabaseSync(path)
    t.after(() => database.close())
    assert.equal(database.prepare('SELECT count(*) AS rows FROM attempt').get()?.['rows'], 0)
  })
})

test('what is settled is counted, and a refused ticket is said loudly', async (t) => {
  const log = recordingLog()
  const meter = recordingMeter()
  const store = openSqliteStore(':memory:', { log, meter })
  t.after(() => store.close())
  const tickets = Array.from({ length: 10_001 }, (_, index) =>
    aNewDelivery(aNotification({ slo: `slo-${index}`, severity: 'ticket' })),
  )
  await store.commit(aTick({ deliveries: tickets }))
  await store.outbox.claim('oncall', firedAt)
  await store.outbox.settle(tickets[0].id, 1, { kind: 'delivered' }, firedAt, undefined)
  assert.deepEqual(Object.fromEntries(meter.values), {
    'sloburn_limit_hits_total{limit="outboxRowsPerReceiverMax"}': 1,
    'sloburn_deliveries_settled_total{receiver="oncall",status="dead"}': 1,
    'sloburn_deliveries_settled_total{receiver="oncall",status="delivered"}': 1,
  })
  assert.deepEqual(
    log.lines.map(({ level, message, fields }) => [level, message, fields['key']]),
    [['error', 'ticket refused', 'slo-10000']],
  )
})

/** A closed store with 200 messages, which fills some pages. */
async function storeWithMessages(folder: string): Promise<string> {
  const path = join(folder, 'sloburn.db')
  const store = openSqliteStore(path)
  const deliveries = Array.from({ length: 200 }, (_, index) => aNewDelivery(aNotification({ slo: `slo-${index}` })))
  await store.commit(aTick({ deliveries }))
  await store.close()
  return path
}
