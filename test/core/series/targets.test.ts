import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type TargetKey, Targets } from '../../../src/core/series/targets.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const key: fc.Arbitrary<TargetKey> = fc.tuple(fc.nat(2), fc.integer({ min: -1, max: 2 }), fc.nat(3), fc.nat(30))

test('a target is one number for as long as any of its series holds it, as a counting map tells', () => {
  holdsForAll(
    fc.property(fc.array(fc.record({ key, lets: fc.boolean() }), { maxLength: 200, size: 'max' }), (steps) => {
      const targets = new Targets()
      const model = new Map<string, { target: number; holders: number }>()
      for (const step of steps) {
        const name = step.key.join('/')
        const known = model.get(name)
        if (known === undefined) model.set(name, { target: targets.hold(step.key, 0), holders: 1 })
        else if (!step.lets) {
          assert.equal(targets.hold(step.key, 0), known.target)
          known.holders++
        } else {
          targets.release(known.target)
          known.holders--
          if (known.holders === 0) model.delete(name)
        }
        assert.equal(targets.size, model.size)
      }
      const numbers = [...model.values()].map(({ target }) => target)
      assert.equal(new Set(numbers).size, numbers.length)
    }),
  )
})

test('tells when it was scraped before a moment: the last time, the one before it, or the first', () => {
  const targets = new Targets()
  const target = targets.hold([0, 0, 0, 0], 0)
  assert.ok(Number.isNaN(targets.scrapeBefore(target, 100)))
  for (const time of [10, 20, 30, 5]) targets.scraped(target, time)
  assert.deepEqual(
    [31, 30, 20, 10, 5].map((time) => targets.scrapeBefore(target, time)),
    [30, 20, 5, 5, Number.NaN],
  )
})

test('one that was forgotten was never seen when it comes back', () => {
  const targets = new Targets()
  const target = targets.hold([0, 0, 0, 0], 7)
  targets.scraped(target, 10)
  targets.release(target)
  const again = targets.hold([0, 0, 0, 0], 9)
  assert.ok(Number.isNaN(targets.firstAt(again)))
  assert.equal(targets.settlingMs(again), 9)
})
