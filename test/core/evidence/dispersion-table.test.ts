import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Dispersion } from '../../../src/core/evidence/dispersion.ts'
import { DispersionTable } from '../../../src/core/evidence/dispersion-table.ts'
import { standardEvidence } from '../../../src/core/model/evidence-settings.ts'

const { dispersion: settings } = standardEvidence
const block = settings.blockMs

test('what was learned of many SLOs in one table is what was learned of each alone', () => {
  const table = new DispersionTable()
  const together = Array.from({ length: 100 }, () => new Dispersion(settings, table))
  const apart = together.map(() => new Dispersion(settings))
  for (const [index, each] of together.entries()) {
    for (const dispersion of [each, apart[index]]) {
      for (let passed = 1; passed <= index % 7; passed++) {
        dispersion.learn(index % 5, index % 3, passed * block)
        dispersion.passBlock()
      }
    }
  }
  for (const at of [block, 3 * block, 3 * block + 1, 1e13]) {
    assert.deepEqual(
      together.map((each) => each.at(at)),
      apart.map((each) => each.at(at)),
    )
  }
})

test('what was touched is put back as it was, also where it changed twice', () => {
  const table = new DispersionTable()
  const first = table.add(settings)
  const dispersion = new Dispersion(settings, table, first)
  table.touch(first)
  dispersion.learn(0, 8, block)
  table.commit()
  const before = table.cells.slice()
  for (const until of [2 * block, 3 * block]) {
    table.touch(first)
    dispersion.learn(8, 1, until)
    dispersion.passBlock()
    dispersion.block = until / block
  }
  table.rollBack()
  assert.deepEqual(table.cells, before)
})

test('a number that was given back knows nothing of the SLO before', () => {
  const table = new DispersionTable()
  const first = table.add(settings)
  const dispersion = new Dispersion(settings, table, first)
  dispersion.learn(0, 8, block)
  dispersion.block = 1
  table.remove(first)
  assert.equal(table.add(settings), first)
  assert.equal(new Dispersion(settings, table, first).at(1e13), settings.prior)
  assert.equal(new Dispersion(settings, table, first).block, Number.NEGATIVE_INFINITY)
})

test('constants that change hold at once for what was learned', () => {
  const dispersion = new Dispersion(settings)
  dispersion.learn(0, 8, block)
  dispersion.goBy({ ...settings, max: 3 })
  assert.equal(dispersion.at(1e13), 3)
  assert.equal(dispersion.at(block), settings.prior)
})
