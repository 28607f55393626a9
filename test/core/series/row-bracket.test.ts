import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HistoryRow } from '../../../src/core/series/history-row.ts'
import { bracketAt, countIn, fillSince, lastAtOrBefore, wholeCountIn } from '../../../src/core/series/row-bracket.ts'

const rows = [
  new HistoryRow(100, Float64Array.of(1, 0)),
  new HistoryRow(200, Float64Array.of(4, 0)),
  new HistoryRow(400, Float64Array.of(9, 0.5)),
]

test('between two rows counts lie on a line, before the first and after the last they stand', () => {
  const counts = [50, 100, 150, 200, 300, 400, 500].map((at) => countIn(bracketAt(rows, at), 0))
  assert.deepEqual(counts, [1, 1, 2.5, 4, 6.5, 9, 9])
})

test('what stays in a row is whole where both rows are', () => {
  assert.equal(wholeCountIn(bracketAt(rows, 150), 0), 2)
  assert.equal(wholeCountIn(bracketAt(rows, 300), 1), 0.25)
})

test('the events since a moment are those up to the end but for those before it', () => {
  const out = new Float64Array(2)
  fillSince(bracketAt(rows, 200), rows[2].counts, 2, out)
  assert.deepEqual([...out], [5, 0.5])
  fillSince(bracketAt(rows, 300), rows[2].counts, 2, out)
  assert.deepEqual([...out], [2.5, 0.25])
})

test('the last row at or before a moment is found, or none', () => {
  assert.deepEqual(
    [99, 100, 199, 200, 1_000].map((at) => lastAtOrBefore(rows, at)),
    [-1, 0, 0, 1, 2],
  )
})
