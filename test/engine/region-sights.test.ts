import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { chance } from '../../bench/quality/chance.ts'
import { SeenIntervals, SeenTable, staleAfter } from '../../src/core/series/seen-intervals.ts'
import { RegionSights, sight } from '../../src/engine/region-sights.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const minute = 60_000
const start = 1_767_225_600_000
const slos = 9

test('what is looked at now and then is seen as if it were looked at each time', () => {
  let missed = 0
  let late = 0
  holdsForAll(
    fc.property(fc.nat(), fc.constantFrom(5_000, 15_000, minute), (seed, stepMs) => {
      const drawn = chance(`sights ${seed}`)
      const seenTable = new SeenTable()
      const all = Array.from({ length: slos }, () => new SeenIntervals(seenTable))
      const darkAfterMs = Float64Array.from(all, () => [40_000, 5 * minute, Number.POSITIVE_INFINITY][drawn.index(3)])
      const seen = Int32Array.from(all, ({ base }) => base)
      const sights = new RegionSights({ seenTable, seen, darkAfterMs, stepMs, isGone })
      const silentUntil = all.map(() => start)
      for (let at = start; at < start + 60 * minute; at += stepMs) {
        for (const [slot, each] of all.entries()) {
          if (drawn.index(60) === 0) silentUntil[slot] = at + drawn.index(12) * minute
          if (at >= silentUntil[slot]) each.see(each.until ?? at - stepMs, at - drawn.index(3) * 1_000)
        }
        // Some are asked for once more as of a moment before.
        for (const asked of drawn.index(4) === 0 ? [at, at - 2 * stepMs] : [at]) {
          const areWell = sights.look(asked)
          const expected = all.map(({ base }, slot) => {
            const until = seenTable.cells[base + 1]
            if (asked - until <= staleAfter(seenTable.cells[base + 2])) return sight.whole
            return isGone(slot, until, asked) ? sight.gone : sight.unseen
          })
          const areLate = all.map(({ base }, slot) => (asked - seenTable.cells[base + 1] >= darkAfterMs[slot] ? 1 : 0))
          missed += expected.filter((each) => each !== sight.whole).length
          late += areLate.filter((each, slot) => each === 1 && expected[slot] === sight.whole).length
          assert.deepEqual([...sights.sights], expected)
          assert.deepEqual([...sights.isLate], areLate)
          assert.equal(
            areWell,
            expected.every((each, slot) => each === sight.whole && areLate[slot] === 0),
          )
        }
      }
    }),
    20,
  )
  assert.ok(missed > 1_000 && late > 100, `${missed} missed, ${late} late`)
})

function isGone(slot: number, until: number, at: number): boolean {
  return slot % 2 === 0 && at - until > 10 * minute
}
