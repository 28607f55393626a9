import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomeOf } from '../../src/export/send-write.ts'
import { retryDelay, WriteQueue } from '../../src/export/write-queue.ts'

const write = (at: number, bytes = 10) => ({ body: new Uint8Array(bytes), samples: 1, at })
const times = (writes: readonly { readonly at: number }[]) => writes.map(({ at }) => at)

test('a full queue lets go of the oldest, but never of the one that may be on its way', () => {
  const queue = new WriteQueue(30)
  for (const at of [1, 2, 3]) assert.deepEqual(queue.push(write(at)), [])
  assert.deepEqual(times(queue.push(write(4))), [2])
  assert.deepEqual(times(queue.push(write(5, 20))), [3, 4])
  assert.equal(queue.bytes, 30)
  assert.equal(queue.first?.at, 1)
  queue.shift()
  assert.equal(queue.first?.at, 5)
  assert.deepEqual(times(queue.clear()), [5])
  assert.equal(queue.bytes, 0)
  queue.shift()
  assert.equal(queue.bytes, 0)
})

test('retries wait twice as long each time, up to half a minute, a little less by chance', () => {
  assert.deepEqual(
    [1, 2, 3, 6, 7, 8, 400].map((failures) => retryDelay(failures, () => 0)),
    [500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000],
  )
  assert.equal(
    retryDelay(1, () => 1),
    375,
  )
})

for (const [status, kind] of [
  [200, 'sent'],
  [204, 'sent'],
  [301, 'rejected'],
  [400, 'rejected'],
  [401, 'rejected'],
  [404, 'rejected'],
  [413, 'rejected'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
] as const) {
  test(`an answer with ${status} is ${kind}`, () => {
    assert.equal(outcomeOf(status, '', undefined).kind, kind)
  })
}

test('a store may say when to come back, within reason', () => {
  assert.deepEqual(outcomeOf(429, 'slow down\n…', '7'), {
    kind: 'retry',
    status: '429',
    reason: 'HTTP 429: slow down',
    afterMs: 7_000,
  })
  for (const nonsense of ['0', '-3', 'soon', undefined]) {
    assert.deepEqual(outcomeOf(503, '', nonsense), { kind: 'retry', status: '503', reason: 'HTTP 503' })
  }
})
