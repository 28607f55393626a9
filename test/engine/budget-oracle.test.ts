import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CountHistory } from '../../src/core/series/count-history.ts'
import { resolutionAtAge, retentionLadder } from '../../src/core/series/retention-ladder.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const step = minute
const start = Date.UTC(2026, 0, 5)

/** Thirty-five days in steps of a minute: a rate that goes up and down, idle stretches, and single bursts. */
const world = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  idleFrom: fc.integer({ min: 0, max: 34 * 1_440 }),
  idleFor: fc.integer({ min: 0, max: 2 * 1_440 }),
  burstAt: fc.array(fc.integer({ min: 0, max: 35 * 1_440 - 1 }), { maxLength: 20 }),
  lateAt: fc.array(fc.integer({ min: 34 * 1_440, max: 35 * 1_440 - 1 }), { maxLength: 20 }),
})

const windows = [5 * minute, 30 * minute, hour, 2 * hour, 6 * hour, day, 3 * day, 7 * day, 28 * day, 30 * day]

test('over random worlds of 35 days every window is wrong by no more than the events between the two rows at its begin', () => {
  holdsForAll(
    fc.property(world, ({ seed, idleFrom, idleFor, burstAt, lateAt }) => {
      const history = new CountHistory(step, 35 * day)
      const column = history.addColumn()
      const steps = 35 * 1_440
      const events = new Float64Array(steps)
      let state = seed
      for (let index = 0; index < steps; index++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        const rate = 20 + 18 * Math.sin((2 * Math.PI * index) / 1_440)
        events[index] = index >= idleFrom && index < idleFrom + idleFor ? 0 : Math.floor((rate * state) / 2_147_483_648)
      }
      for (const index of burstAt) events[index] += 5_000
      const late = new Map<number, number>()
      for (const index of lateAt) late.set(index, (late.get(index) ?? 0) + 7)
      for (let index = 0; index < steps; index++) {
        const from = start + index * step
        history.advanceTo(from + step)
        history.add(column, from, from + step, events[index])
        // What comes late is added to the minute that it happened in, up to half an hour afterwards.
        const delayed = late.get(index - 30)
        if (delayed !== undefined) history.add(column, from - 30 * step, from - 29 * step, delayed)
      }
      for (const [index, amount] of late) if (index + 30 < steps) events[index] += amount
      const sums = new Float64Array(steps + 1)
      for (let index = 0; index < steps; index++) sums[index + 1] = sums[index] + events[index]
      const end = start + steps * step
      const ladder = retentionLadder(step, 35 * day)
      const out = new Float64Array(1)
      for (const at of [end, end - 7 * minute, end - 59 * minute]) {
        const last = (at - start) / step
        for (const windowMs of windows) {
          history.windowCounts(at, windowMs, out)
          const first = Math.max(0, last - windowMs / step)
          const truth = sums[last] - sums[first]
          const resolution = resolutionAtAge(ladder, end - (at - windowMs)) ?? day
          const reach = resolution / step
          const row = Math.floor(first / reach) * reach
          const bound = sums[Math.min(steps, row + reach)] - sums[Math.max(0, row)]
          assert.ok(
            Math.abs(out[0] - truth) <= bound + 1e-6,
            `${windowMs / minute} min: ${out[0]}, not ${truth} ± ${bound}`,
          )
          if (resolution === step) assert.equal(out[0], truth)
        }
      }
    }),
    12,
  )
})
