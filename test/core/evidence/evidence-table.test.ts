import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { column, EvidenceTable, rowsTogether, rowWidth } from '../../../src/core/evidence/evidence-table.ts'

test('no two values of a row share a cell, and all of them lie within it', () => {
  const cells = Object.entries(column).flatMap(([name, place]) =>
    name === 'evidence' || name === 'since' ? [0, 1, 2, 3, 4, 5].map((index) => place + index * rowsTogether) : [place],
  )
  assert.equal(new Set(cells).size, cells.length)
  assert.equal(Math.max(...cells), (rowWidth - 1) * rowsTogether)
})

test('rows that were touched are put back as they were, others stay', () => {
  const extents = ['all', 'stepping', 'fading', 'recovering', 'counting', 'block'] as const
  const touched = fc.constantFrom(...extents)
  const change = fc.record({
    // Mostly few rows, so that each is touched in several ways.
    row: fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(rowsTogether + 2) }),
    place: fc.nat(rowWidth - 1),
    value: fc.double({ noNaN: true }),
    touched,
  })
  const lastOf = {
    all: rowWidth - 1,
    stepping: column.blockClumps / rowsTogether,
    fading: column.crossedAt / rowsTogether,
    recovering: column.recovery / rowsTogether,
    counting: column.blockClumps / rowsTogether,
    block: column.block / rowsTogether,
  }
  const firstOf = {
    all: 0,
    stepping: 0,
    fading: 0,
    recovering: column.recovery / rowsTogether,
    counting: column.clumpCounted / rowsTogether,
    block: column.blockClumps / rowsTogether,
  }
  fc.assert(
    fc.property(fc.array(change), fc.array(change), (kept, undone) => {
      const table = new EvidenceTable()
      const rows = Array.from({ length: rowsTogether + 3 }, () => table.add())
      const apply = (changes: typeof kept): void => {
        for (const { row, place, value, touched: extent } of changes) {
          if (extent === 'all') table.touch(rows[row])
          else if (extent === 'stepping') table.touchStepping(rows[row])
          else if (extent === 'fading') table.touchFading(rows[row])
          else if (extent === 'recovering') table.touchRecovering(rows[row])
          else if (extent === 'counting') table.touchCounting(rows[row])
          else table.touchBlock(rows[row])
          const cell = Math.max(firstOf[extent], Math.min(place, lastOf[extent]))
          table.cells[rows[row] + cell * rowsTogether] = value
        }
      }
      apply(kept)
      table.commit()
      const before = table.cells.slice()
      apply(undone)
      table.rollBack()
      assert.deepEqual(table.cells, before)
    }),
    { numRuns: 1_000 },
  )
})

test('a row that was given back is used again, and knows nothing', () => {
  const table = new EvidenceTable()
  const [first] = [table.add(), table.add()]
  for (let cell = 0; cell < rowWidth; cell++) table.cells[first + cell * rowsTogether] = 7
  table.remove(first)
  assert.equal(table.add(), first)
  assert.equal(table.cells[first + column.evidence], 0)
  assert.equal(table.cells[first + column.crossedAt], Number.NEGATIVE_INFINITY)
  assert.equal(table.cells[first + column.blockClumpsBefore], -1)
})
