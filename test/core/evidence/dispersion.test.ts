import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chance } from '../../../bench/quality/chance.ts'
import { Dispersion, dispersionWidth } from '../../../src/core/evidence/dispersion.ts'
import { standardEvidence } from '../../../src/core/model/evidence-settings.ts'

const { dispersion: settings } = standardEvidence
const block = settings.blockMs

function learnAll(counts: readonly number[]): Dispersion {
  const dispersion = new Dispersion(settings)
  for (let index = 1; index < counts.length; index++) {
    dispersion.learn(counts[index - 1], counts[index], index * block)
    dispersion.passBlock()
  }
  return dispersion
}

test('it is cautious before anything was learned', () => {
  assert.equal(new Dispersion(settings).at(block), 2)
})

test('it is one plus the variance over the mean of neighbouring blocks, with the prior', () => {
  const counts = [0, 3, 1, 0, 0, 8, 2]
  let squares = 10
  let steps = 5
  for (let index = 1; index < counts.length; index++) {
    squares += (counts[index] - counts[index - 1]) ** 2 / 2
    steps += (counts[index] + counts[index - 1]) / 2
  }
  assert.equal(learnAll(counts).at(100 * block), squares / steps)
})

test('failures by chance are found not to be bursty, those of retrying clients are', () => {
  const drawn = chance('dispersion')
  const byChance = Array.from({ length: 2_000 }, () => drawn.poisson(1.5))
  const inBursts = Array.from({ length: 2_000 }, () => (drawn.uniform() < 0.2 ? 6 : 0))
  assert.ok(learnAll(byChance).at(1e12) < 1.1)
  assert.ok(learnAll(inBursts).at(1e12) > 3)
})

test('what ends together counts from the next step on, in whatever order regions come', () => {
  const dispersion = new Dispersion(settings)
  dispersion.learn(0, 8, block)
  assert.equal(dispersion.at(block), 2)
  dispersion.learn(8, 0, block)
  assert.equal(dispersion.at(block), 2)
  assert.equal(dispersion.at(block + 1), (10 + 64) / (5 + 8))
})

test('half of what was learned is forgotten after a month, and none before', () => {
  const dispersion = new Dispersion(settings)
  dispersion.learn(0, 8, block)
  const blocks = settings.halvedEveryMs / block
  for (let passed = 1; passed < blocks; passed++) dispersion.passBlock()
  assert.equal(dispersion.at(1e13), (10 + 32) / (5 + 4))
  dispersion.passBlock()
  assert.equal(dispersion.at(1e13), (10 + 16) / (5 + 2))
})

test('it is never below chance and never beyond its maximum', () => {
  assert.equal(learnAll(Array.from({ length: 500 }, () => 5)).at(1e12), 1)
  const wild = new Dispersion({ ...settings, prior: 1_000 })
  assert.equal(wild.at(block), settings.max)
})

test('the prior, its weight, the maximum and the half-life it is given are what it goes by', () => {
  const own = new Dispersion({ ...settings, prior: 40, priorWeight: 3, max: 30 })
  assert.equal(own.at(block), 30)
  own.learn(0, 8, block)
  assert.equal(own.at(block + 1), (120 + 32) / (3 + 4))
  const quickly = new Dispersion({ ...settings, halvedEveryMs: 2 * block })
  quickly.learn(0, 8, block)
  quickly.passBlock()
  quickly.passBlock()
  assert.equal(quickly.at(1e13), (10 + 16) / (5 + 2))
})

test('a snapshot taken between the end of a block and the next step holds what is not in force yet', () => {
  const dispersion = new Dispersion(settings)
  dispersion.learn(0, 8, block)
  const restored = new Dispersion(settings)
  const numbers = new Float64Array(dispersionWidth)
  dispersion.copyTo(numbers, 0)
  restored.restore(numbers, 0)
  assert.equal(restored.at(block), dispersion.at(block))
  assert.equal(restored.at(block + 1), dispersion.at(block + 1))
})
