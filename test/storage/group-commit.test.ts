import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { groupCommit } from '../../src/storage/sqlite/group-commit.ts'

describe('writes that come together', () => {
  test('are one transaction, in their order, and each has its own answer', async (t) => {
    const { database, transactions, put, values } = aDatabase(t)
    const group = groupOf(database)
    const answers = await Promise.all([1, 2, 3].map((value) => group.run(() => put(value))))
    assert.deepEqual(answers, [10, 20, 30])
    assert.deepEqual(values(), [1, 2, 3])
    assert.equal(transactions(), 1)
  })

  test('answer only when they are durable', async (t) => {
    const { database, put, values } = aDatabase(t)
    const group = groupOf(database)
    const answer = group.run(() => put(1))
    assert.deepEqual(values(), [], 'nothing is written before the turn ends')
    assert.ok(!database.isTransaction)
    await answer
    assert.ok(!database.isTransaction, 'the transaction is over')
    assert.deepEqual(values(), [1])
  })

  test('do not fail for each other: what fails is undone alone, and says why', async (t) => {
    const { database, put, values } = aDatabase(t)
    const group = groupOf(database)
    const results = await Promise.allSettled([
      group.run(() => put(1)),
      group.run(() => {
        put(2)
        throw new Error('a damaged row')
      }),
      group.run(() => put(3)),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(values(), [1, 3])
  })

  test('all fail where nothing can be written, and can be asked for again', async (t) => {
    const { database, put, values } = aDatabase(t)
    const group = groupOf(database)
    database.exec('PRAGMA query_only = ON')
    const results = await Promise.allSettled([group.run(() => put(1)), group.run(() => put(2))])
    assert.ok(results.every(({ status }) => status === 'rejected'))
    database.exec('PRAGMA query_only = OFF')
    await group.run(() => put(1))
    assert.deepEqual(values(), [1])
  })

  test('are done at once where the database is about to be closed', async (t) => {
    const { database, put, values } = aDatabase(t)
    const group = groupOf(database)
    const answer = group.run(() => put(1))
    group.flush()
    assert.deepEqual(values(), [1])
    assert.equal(await answer, 10)
    group.flush()
  })
})

describe('where more is expected', () => {
  test('what comes in the turns that follow is of the same transaction', async (t) => {
    const { database, transactions, put, values } = aDatabase(t)
    const group = groupOf(database, () => true)
    const answers = [group.run(() => put(1))]
    for (const value of [2, 3]) {
      await turn()
      answers.push(group.run(() => put(value)))
    }
    assert.deepEqual(await Promise.all(answers), [10, 20, 30])
    assert.deepEqual(values(), [1, 2, 3])
    assert.equal(transactions(), 1)
  })

  test('nothing waits for long that does not come', async (t) => {
    const { database, put, values } = aDatabase(t)
    await groupOf(database, () => true).run(() => put(1))
    assert.deepEqual(values(), [1])
  })

  test('nor for more than is worth a transaction', async (t) => {
    const { database, transactions, put } = aDatabase(t)
    const group = groupOf(database, () => true)
    const answers: Promise<number>[] = []
    for (let value = 1; value <= 200; value++) {
      answers.push(group.run(() => put(value)))
      await turn()
    }
    await Promise.all(answers)
    assert.equal(transactions(), 2)
  })
})

function groupOf(database: DatabaseSync, isMoreExpected = () => false) {
  return groupCommit<() => number, number>(database, {
    perform: (pieces) => pieces.map((piece) => piece()),
    isMoreExpected,
  })
}

function aDatabase(t: TestContext) {
  const database = new DatabaseSync(':memory:')
  t.after(() => database.close())
  database.exec('CREATE TABLE one (value INTEGER NOT NULL) STRICT')
  let begun = 0
  const exec = database.exec.bind(database)
  database.exec = (sql) => {
    if (sql.startsWith('BEGIN')) begun++
    exec(sql)
  }
  const insert = database.prepare('INSERT INTO one (value) VALUES (?)')
  const select = database.prepare('SELECT value FROM one ORDER BY rowid')
  return {
    database,
    transactions: () => begun,
    put: (value: number) => {
      insert.run(value)
      return 10 * value
    },
    values: () => select.all().map((row) => row['value']),
  }
}
