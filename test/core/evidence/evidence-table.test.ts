import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { column, EvidenceTable, rowWidth } from '../../../src/core/evidence/evidence-table.ts'

test('no two values of a row share a cell, and all of them lie within it', () => {
  const cells = Object.entries(column).flatMap(([name, place]) =>
    name === 'evidence' || name === 'since' ? [0, 1, 2, 3, 4, 5].map((index) => place + index) : [place],
  )
  assert.equal(new Set(cells).size, cells.length)
  assert.equal(Math.max(...cells), rowWidth - 1)
})

test('rows that were touched are put back as they were, others stay', () => {
  const change = fc.record({ row: fc.nat(30), place: fc.nat(rowWidth - 1), value: fc.double({ noNaN: true }) })
  fc.assert(
    fc.property(fc.array(change), fc.array(change), (kept, undone) => {
      const table = new EvidenceTable()
      const rows = Array.from({ length: 31 }, () => table.add())
      const apply = (changes: typeof kept): void => {
        for (const { row, place, value } of changes) {
          table.touch(rows[row])
          table.cells[rows[row] + place] = value
        }
      }
      apply(kept)
      table.commit()
      const before = table.cells.slice()
      apply(undone)
      table.rollBack()
      assert.deepEqual(table.cells, before)
    }),
  )
})

test('a row that was given back is used again, and knows nothing', () => {
  const table = new EvidenceTable()
  const [first] = [table.add(), table.add()]
  table.cells.fill(7, first, first + rowWidth)
  table.remove(first)
  assert.equal(table.add(), first)
  assert.equal(table.cells[first + column.evidence], 0)
  assert.equal(table.cells[first + column.crossedAt], Number.NEGATIVE_INFINITY)
  assert.equal(table.cells[first + column.blockClumpsBefore], -1)
})
