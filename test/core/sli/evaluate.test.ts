import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ratioIndicator } from '../../../src/core/model/ratio-indicator.ts'
import { lowerEvents } from '../../../src/core/sli/evaluate.ts'

const counters = { terms: [] }
const badOfTotal = lowerEvents(ratioIndicator({ bad: counters, total: counters }))
const goodOfTotal = lowerEvents(ratioIndicator({ good: counters, total: counters }))

test('takes bad events as they were counted', () => {
  assert.deepEqual(badOfTotal([3, 10]), { bad: 3, total: 10 })
})

test('takes bad events for what is not good', () => {
  assert.deepEqual(goodOfTotal([7, 10]), { bad: 3, total: 10 })
})

test('never counts more bad events than events, nor fewer than none', () => {
  assert.deepEqual(badOfTotal([12, 10]), { bad: 10, total: 10 })
  assert.deepEqual(badOfTotal([-1, 10]), { bad: 0, total: 10 })
  assert.deepEqual(goodOfTotal([12, 10]), { bad: 0, total: 10 })
  assert.deepEqual(goodOfTotal([-2, 10]), { bad: 10, total: 10 })
  assert.deepEqual(badOfTotal([3, -1]), { bad: 0, total: 0 })
  assert.deepEqual(badOfTotal([3, 0]), { bad: 0, total: 0 })
})

test('keeps 0 <= bad <= total for any sums', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(badOfTotal, goodOfTotal),
      fc.double(),
      fc.double({ noDefaultInfinity: true }),
      (events, other, total) => {
        const counts = events([other, total])
        assert.ok(counts.bad >= 0 && counts.bad <= counts.total, JSON.stringify(counts))
        assert.ok(!Object.is(counts.bad, -0) && !Object.is(counts.total, -0))
      },
    ),
  )
})
