import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { array, assert as check, constantFrom, nat, property, record } from 'fast-check'
import { inOrder } from '../../src/storage/sqlite/in-order.ts'
import { prepared } from '../../src/storage/sqlite/prepared.ts'

test('a parameter that is named twice has one value, and those not named are ignored', (t) => {
  const database = new DatabaseSync(':memory:')
  t.after(() => database.close())
  const statement = prepared(database, 'SELECT :b AS first, :a AS second, :b AS third')
  const row = { first: 2, second: 1, third: 2 }
  assert.deepEqual({ ...statement.get({ a: 1, b: 2, c: 3 }) }, row)
  assert.deepEqual(
    statement.all({ a: 1, b: 2 }).map((one) => ({ ...one })),
    [row],
  )
  assert.deepEqual(
    [...statement.iterate({ a: 1, b: 2 })].map((one) => ({ ...one })),
    [row],
  )
})

test('what is put in order is all there, by its key, and of one key as it came', () => {
  const item = record({ key: constantFrom('', 'a', 'b', 'B', 'ä', '10', '9'), at: nat() })
  check(
    property(array(item), (items) => {
      const ordered = inOrder(items, ({ key }) => key)
      const keys = [...new Set(items.map(({ key }) => key))].sort()
      assert.deepEqual(
        ordered,
        keys.flatMap((key) => items.filter((one) => one.key === key)),
      )
    }),
  )
})
