import assert from 'node:assert/strict'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { answerWith, type HttpFarSide, httpFarSide } from '../support/delivery-http-server.ts'
import { aNewDelivery, aNotification, aTick } from '../support/delivery-messages.ts'
import { PagerModel } from '../support/pager-model.ts'
import { startProcess } from '../support/started-process.ts'
import { storeFolder } from '../support/store-folder.ts'

const script = fileURLToPath(new URL('../support/fault-process-child.ts', import.meta.url))

function child(
  t: TestContext,
  store: string,
  far: HttpFarSide,
  words: readonly string[] = ['0', 'before'],
  node: readonly string[] = [],
) {
  const started = startProcess(process.execPath, [...node, script, store, far.url, ...words])
  t.after(() => started.stop('SIGKILL'))
  return started
}

function statusesOf(far: HttpFarSide): readonly string[] {
  return far.requests.map(({ body }) => JSON.parse(body).status)
}

/** What a pager makes of it that de-duplicates. */
function pagerOf(far: HttpFarSide): PagerModel {
  const pager = new PagerModel()
  for (const { body } of far.requests) {
    const { status, groupKey }: { status: 'firing' | 'resolved'; groupKey: string } = JSON.parse(body)
    pager.take({ status, key: groupKey }, 0, 0)
  }
  return pager
}

test('20. kill -9 before and after every operation on the store: the page arrives, then its end, one incident', {
  timeout: 300_000,
}, async (t) => {
  const calm = child(t, join(storeFolder(t), 'sloburn.db'), await httpFarSide(t))
  const operations = Number((await calm.line(/^operations (\d+)$/))[1])
  assert.ok(operations > 8, `${operations} operations`)
  const points = Array.from({ length: Math.min(operations, 16) }, (_, index) => index + 1).flatMap((at) => [
    `${at} before`,
    `${at} after`,
  ])
  const sweep = async (): Promise<void> => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      const store = join(storeFolder(t), 'sloburn.db')
      const far = await httpFarSide(t)
      const killed = child(t, store, far, point.split(' '))
      await once(killed.process, 'exit')
      const next = child(t, store, far)
      assert.equal(await next.stop('SIGCONT'), 0, `${point}: ${next.output()}`)
      const statuses = statusesOf(far)
      assert.equal(statuses[0], 'firing', point)
      assert.equal(statuses.at(-1), 'resolved', point)
      assert.ok(statuses.length <= 3, `${point}: ${statuses.join(' ')}`)
      const { incidents, open } = pagerOf(far)
      assert.deepEqual([incidents.length, open.length], [1, 0], point)
    }
  }
  await Promise.all([sweep(), sweep()])
})

test('21. SIGTERM while a page is on its way: it is let through, and not sent again by the next process', {
  timeout: 30_000,
}, async (t) => {
  const store = join(storeFolder(t), 'sloburn.db')
  const far = await httpFarSide(t)
  const waiting = child(t, store, far, ['0', 'before', 'wait'])
  await waiting.line(/^pages$/)
  assert.equal(await waiting.stop('SIGTERM'), 0)
  assert.deepEqual(statusesOf(far), ['firing'])
  assert.equal(await child(t, store, far).stop('SIGCONT'), 0)
  assert.deepEqual(statusesOf(far), ['firing', 'resolved'])
})

test('22. stopped with SIGSTOP while another starts on its store: that one is refused, and after SIGCONT nothing comes twice', {
  timeout: 30_000,
}, async (t) => {
  const store = join(storeFolder(t), 'sloburn.db')
  const far = await httpFarSide(t)
  const first = child(t, store, far, ['0', 'before', 'wait'])
  await first.line(/^pages$/)
  first.process.kill('SIGSTOP')
  const second = child(t, store, far)
  assert.notEqual(await second.stop('SIGCONT'), 0)
  assert.match(second.output(), /in use by process/)
  first.process.kill('SIGCONT')
  assert.equal(await first.stop('SIGTERM'), 0)
  assert.deepEqual(statusesOf(far), ['firing'])
})

test('23. out of memory right after the page was decided: the next process delivers it', {
  timeout: 60_000,
}, async (t) => {
  const store = join(storeFolder(t), 'sloburn.db')
  const far = await httpFarSide(t, () => {})
  const hog = child(t, store, far, ['0', 'before', 'hog'], ['--max-old-space-size=40'])
  await once(hog.process, 'exit')
  assert.notEqual(hog.process.exitCode, 0)
  far.react(answerWith(200))
  assert.equal(await child(t, store, far).stop('SIGCONT'), 0)
  assert.deepEqual([pagerOf(far).incidents.length, pagerOf(far).open.length], [1, 0])
})

test('28. a store of a newer version is refused as it is, so that two versions never write to one', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  await openSqliteStore(path).close()
  const database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 999')
  database.close()
  const before = readFileSync(path)
  assert.throws(() => openSqliteStore(path), /version/)
  assert.deepEqual(readFileSync(path), before)
})

test('36. the disk is full: nothing half is stored, the reason is said, and with space again all goes on', async (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  await openSqliteStore(path).close()
  const full = ['--import', `data:text/javascript,${encodeURIComponent('process.noDeprecation = true')}`]
  const fill = fileURLToPath(new URL('../support/fault-full-disk-child.ts', import.meta.url))
  const started = startProcess('sh', [
    '-c',
    'ulimit -S -f "$1"; shift; exec "$@"',
    'sh',
    '600',
    process.execPath,
    ...full,
    fill,
    path,
  ])
  t.after(() => started.stop('SIGKILL'))
  assert.equal(await started.stop('SIGCONT'), 0, started.output())
  const [, stored = '', reason = ''] = /^stored (\d+): (.*)$/m.exec(started.output()) ?? []
  assert.match(reason, /full|disk I\/O/)
  const store = openSqliteStore(path)
  const kept = await store.outbox.list({ limit: 1_000 })
  assert.equal(kept.length, Number(stored))
  await store.commit(aTick({ deliveries: [aNewDelivery(aNotification({ slo: 'after' }))] }))
  assert.equal((await store.outbox.list({ limit: 1_000 })).length, Number(stored) + 1)
  await store.close()
})

for (const damage of ['torn', 'garbled'] as const) {
  test(`37. the last record of the log is ${damage}: what was stored before it is kept`, {
    timeout: 30_000,
  }, async (t) => {
    const path = join(storeFolder(t), 'sloburn.db')
    const far = await httpFarSide(t)
    // Killed before it could close, so that the log is still there.
    const killed = child(t, path, far, ['0', 'before', 'wait'])
    await killed.line(/^pages$/)
    await killed.stop('SIGKILL')
    const log = `${path}-wal`
    const { size } = statSync(log)
    const file = openSync(log, 'r+')
    writeSync(file, Buffer.alloc(damage === 'torn' ? 700 : 64, 7), 0, damage === 'torn' ? 700 : 64, size - 700)
    closeSync(file)
    const next = child(t, path, far)
    assert.equal(await next.stop('SIGCONT'), 0, next.output())
    const { incidents, open } = pagerOf(far)
    assert.deepEqual([incidents.length, open.length], [1, 0])
  })
}

test('38. a place that cannot be written to is named, with the reason', () => {
  assert.throws(() => openSqliteStore('/proc/sloburn.db'), /\/proc\/sloburn\.db/)
})
