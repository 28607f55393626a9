import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { staleAfterMaxMs } from '../../src/core/model/limits.ts'
import { dueSteps, globalReadyAt, type ScopeProgress } from '../../src/engine/due-steps.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const step = 15_000

/** How far each of a few scopes has become ready, arrival by arrival; the last one is the global scope. */
const arrivals = fc.array(fc.record({ scope: fc.nat(3), steps: fc.nat(30), ticks: fc.boolean() }), {
  maxLength: 60,
  size: 'max',
})

test('every step of every scope is due exactly once and in order, however its data arrived', () => {
  holdsForAll(
    fc.property(arrivals, fc.integer({ min: 1, max: 12 }), (arrived, stepsMax) => {
      const scopes = ['eu', 'us', 'ap', 'global']
      const ready = scopes.map(() => 0)
      const evaluated = scopes.map((): number[] => [])
      const drain = () => {
        for (;;) {
          const progress = scopes.map((_, index) => ({
            evaluatedAt: evaluated[index].at(-1) ?? 0,
            readyAt: ready[index],
          }))
          const regions = new Map(scopes.slice(0, 3).map((name, index) => [name, progress[index]]))
          const due = dueSteps(regions, progress[3], step, stepsMax)
          if (due.length === 0) return
          for (const { at, regions: names, global } of due) {
            for (const name of names) evaluated[scopes.indexOf(name)].push(at)
            if (global) evaluated[3].push(at)
          }
          assert.deepEqual(
            due.map(({ at }) => at),
            due.map(({ at }) => at).toSorted((a, b) => a - b),
          )
        }
      }
      for (const { scope, steps, ticks } of arrived) {
        ready[scope] += steps * step
        if (ticks) drain()
      }
      drain()
      for (const [index, steps] of evaluated.entries()) {
        assert.deepEqual(
          steps,
          Array.from({ length: ready[index] / step }, (_, place) => (place + 1) * step),
        )
      }
    }),
  )
})

test('a region that catches up on days holds up no other', () => {
  const regions = new Map<string, ScopeProgress>([
    ['dark', { evaluatedAt: 0, readyAt: 10_000 * step }],
    ['live', { evaluatedAt: 9_999 * step, readyAt: 10_000 * step }],
  ])
  const due = dueSteps(regions, undefined, step, 240)
  assert.equal(due.filter(({ regions: names }) => names.includes('dark')).length, 240)
  assert.equal(due.at(-1)?.at, 10_000 * step)
  assert.deepEqual(due.at(-1)?.regions, ['live'])
})

test('nothing is due before a whole step is ready', () => {
  assert.deepEqual(dueSteps(new Map([['eu', { evaluatedAt: step, readyAt: 2 * step - 1 }]]), undefined, step, 9), [])
  assert.deepEqual(dueSteps(new Map(), undefined, step, 9), [])
})

test('the global scope waits for every region that is at most a little behind, and for no other', () => {
  const readyTimes = fc.array(
    fc.nat(100).map((steps) => steps * step),
    { minLength: 1 },
  )
  holdsForAll(
    fc.property(readyTimes, (ready) => {
      const newest = Math.max(...ready)
      const at = globalReadyAt(ready)
      assert.ok(at !== undefined && at >= newest - staleAfterMaxMs && at <= newest)
      assert.ok(ready.every((region) => region >= at || region < newest - staleAfterMaxMs))
      assert.ok(ready.includes(at))
      assert.equal(globalReadyAt(ready.toReversed()), at)
    }),
  )
  assert.equal(globalReadyAt([]), undefined)
})
