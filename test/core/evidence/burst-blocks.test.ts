import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeBlock, countClump, startBurning, stopBurning } from '../../../src/core/evidence/burst-blocks.ts'
import { Dispersion } from '../../../src/core/evidence/dispersion.ts'
import { type DispersionSettings, standardEvidence } from '../../../src/core/model/evidence-settings.ts'
import { Row } from './row.ts'

const { dispersion: standard } = standardEvidence
const minute = 60_000

/** What is learned of blocks with so many clumps each; a page is open from one moment to another. */
function learned(
  clumps: readonly number[],
  settings: DispersionSettings,
  page?: { readonly from: number; readonly to: number },
): readonly (readonly [number, number])[] {
  const { table, base } = new Row()
  const seen: (readonly [number, number])[] = []
  const learning = new Dispersion(settings)
  learning.learn = (before, after) => void seen.push([before, after])
  const { blockMs } = settings
  closeBlock(table, base, 0, settings, learning)
  for (const [block, count] of clumps.entries()) {
    const start = block * blockMs
    if (page !== undefined && page.from >= start && page.from < start + blockMs) startBurning(table, base, page.from, 0)
    for (let clump = 0; clump < count; clump++) countClump(table, base, start + clump * 15_000, 15_000)
    if (page !== undefined && page.to >= start && page.to < start + blockMs) stopBurning(table, base, page.to)
    closeBlock(table, base, block + 1, settings, learning)
  }
  return seen
}

test('neighbouring blocks are compared, each with no more clumps than are no incident', () => {
  assert.deepEqual(learned([1, 3, 20, 2], standard), [
    [1, 3],
    [3, 8],
    [8, 2],
  ])
  assert.deepEqual(learned([1, 20], { ...standard, perBlockMax: 4 }), [[1, 4]])
})

test('failures within one length are one clump', () => {
  const { table, base } = new Row()
  const seen: number[] = []
  const learning = new Dispersion(standard)
  learning.learn = (_, after) => void seen.push(after)
  closeBlock(table, base, 0, standard, learning)
  closeBlock(table, base, 1, standard, learning)
  for (const at of [0, 14_999, 15_000, 44_999]) countClump(table, base, standard.blockMs + at, 15_000)
  closeBlock(table, base, 2, standard, learning)
  assert.deepEqual(seen, [3])
})

test('a block that ends in a page that is open for long says nothing, nor does the one after it of a change', () => {
  const long = { from: 10 * minute, to: 35 * minute }
  assert.deepEqual(learned([1, 2, 3, 4, 5], standard, long), [
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
  ])
  const longer = { from: 5 * minute, to: 35 * minute }
  assert.deepEqual(learned([1, 2, 3, 4, 5], standard, longer), [
    [1, 2],
    [4, 5],
  ])
  const patient = { ...standard, skipAfterMs: 60 * minute }
  assert.equal(learned([1, 2, 3, 4, 5], patient, longer).length, 4)
})

test('where blocks are missing nothing is compared over the gap', () => {
  const { table, base } = new Row()
  const seen: number[] = []
  const learning = new Dispersion(standard)
  learning.learn = (_, after) => void seen.push(after)
  closeBlock(table, base, 0, standard, learning)
  closeBlock(table, base, 1, standard, learning)
  closeBlock(table, base, 5, standard, learning)
  closeBlock(table, base, 6, standard, learning)
  closeBlock(table, base, 7, standard, learning)
  assert.deepEqual(seen, [0, 0], 'the second block, and the one after the gap with its own neighbour')
})
