import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { alignDown, alignUp } from '../../../src/core/time/alignment.ts'

const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) })
const step = fc.constantFrom(1, 1_000, 15_000, 60_000, 7_200_000)

test('a moment lies between the multiples of a step around it, which are one where it is a multiple itself', () => {
  fc.assert(
    fc.property(moment, step, (at, stepMs) => {
      const before = alignDown(at, stepMs)
      const after = alignUp(at, stepMs)
      assert.ok(before <= at && at <= after)
      assert.equal(before % stepMs, 0)
      assert.equal(after - before, at % stepMs === 0 ? 0 : stepMs)
    }),
  )
})
