import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { combineRegions } from '../../../src/core/regions/combine-regions.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const region = fc
  .record({
    total: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
    share: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ total, share }) => ({ bad: Math.floor((total * share) / 20), total }))
const regions = fc.array(region, { maxLength: 6 })
const ways = ['events', 'worst', 'mean'] as const

test('events are added up, so that every event weighs the same', () => {
  assert.deepEqual(
    combineRegions('events')([
      { bad: 1, total: 10 },
      { bad: 5, total: 1_000 },
    ]),
    { bad: 6, total: 1_010 },
  )
})

test('worst is the region with the highest error ratio, with its own counts', () => {
  const all = [
    { bad: 90, total: 1_000 },
    { bad: 1, total: 10 },
    { bad: 0, total: 0 },
  ]
  assert.deepEqual(combineRegions('worst')(all), { bad: 1, total: 10 })
})

test('mean gives every region with traffic the same weight', () => {
  const all = [
    { bad: 100, total: 100 },
    { bad: 0, total: 900 },
    { bad: 0, total: 0 },
  ]
  assert.deepEqual(combineRegions('mean')(all), { bad: 500, total: 1_000 })
})

for (const how of ways) {
  test(`${how}: the error ratio lies between those of the regions, and their order does not matter`, () => {
    holdsForAll(
      fc.property(regions, fc.nat(), (counts, seed) => {
        const { bad, total } = combineRegions(how)(counts)
        const ratios = counts.filter((each) => each.total > 0).map((each) => each.bad / each.total)
        if (ratios.length === 0) return assert.deepEqual({ bad, total }, { bad: 0, total: 0 })
        const slack = 1e-12
        assert.ok(bad / total >= Math.min(...ratios) - slack && bad / total <= Math.max(...ratios) + slack)
        const turned = combineRegions(how)(counts.map((_, index) => counts[(index + seed) % counts.length]))
        assert.ok(Math.abs(turned.bad / turned.total - bad / total) <= slack)
      }),
      500,
    )
  })

  test(`${how}: no region has events, nor have all together`, () => {
    assert.deepEqual(combineRegions(how)([]), { bad: 0, total: 0 })
    assert.deepEqual(combineRegions(how)([{ bad: 0, total: 0 }]), { bad: 0, total: 0 })
  })
}

test('a region without events is never the worst, not even beside one without errors', () => {
  assert.deepEqual(
    combineRegions('worst')([
      { bad: 0, total: 0 },
      { bad: 0, total: 7 },
    ]),
    { bad: 0, total: 7 },
  )
})
