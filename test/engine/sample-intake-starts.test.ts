import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anSlo, counters } from '../support/engine-slo.ts'
import { IntakeWorld, minute, start, step } from '../support/intake-world.ts'

test('the first sample of a series counts from its start, where its sender says when that was', () => {
  const world = new IntakeWorld()
  world.now = start + 10 * step
  world.send({ series: 'total', at: start + 4 * step, value: 40, since: start })
  assert.deepEqual(world.counted(), { bad: 0, total: 40 })
  assert.deepEqual(world.between(start, start + 2 * step).total, 20)
})

test('what was counted before anybody listened is not new', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start + step, value: 40, since: start - 1 })
  world.send({ series: 'total', at: start + 2 * step, value: 47, since: start - 1 })
  assert.equal(world.counted().total, 7)
})

test('a start before the last scrape without the series is the start of its process: the series is as old as that scrape', () => {
  const world = new IntakeWorld()
  for (let scrape = 0; scrape <= 4; scrape++)
    world.send({ series: 'total', at: start + scrape * step, value: 10 * scrape })
  world.send(
    { series: 'total', at: start + 5 * step, value: 50 },
    { series: 'bad', at: start + 5 * step, value: 6, since: start + 1 },
  )
  assert.equal(world.counted().bad, 6)
  assert.equal(world.between(start, start + 4 * step).bad, 0)
  assert.equal(world.between(start + 4 * step, start + 5 * step).bad, 6)
})

test('without a start, a series of a target that is scraped already counts from zero, and of one never seen from its first value', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start + step, value: 1_000 })
  assert.deepEqual(world.counted(), { bad: 0, total: 0 })
  world.send({ series: 'total', at: start + 2 * step, value: 1_010 }, { series: 'bad', at: start + 2 * step, value: 3 })
  assert.deepEqual(world.counted(), { bad: 3, total: 10 })
})

test('a start that says nothing is left out: none, one of its own time, one after it', () => {
  for (const since of [Number.NaN, start + step, start + 2 * step]) {
    const world = new IntakeWorld()
    world.send({ series: 'total', at: start + step, value: 40, since })
    assert.equal(world.counted().total, 0)
  }
})

test('a counter that falls started again from zero: all that it counts since is new', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start, value: 100 })
  assert.equal(world.send({ series: 'total', at: start + step, value: 30 }).resets, 1)
  assert.equal(world.counted().total, 30)
})

test('a start after the last sample is a reset, also where the counter did not fall', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start + step, value: 100, since: start })
  const counts = world.send({ series: 'total', at: start + 3 * step, value: 150, since: start + 2 * step })
  assert.equal(counts.resets, 1)
  assert.equal(world.counted().total, 250)
  assert.equal(world.between(start + step, start + 2 * step).total, 0)
  assert.equal(world.between(start + 2 * step, start + 3 * step).total, 150)
})

test('the same start again is no reset', () => {
  const world = new IntakeWorld()
  for (let index = 1; index <= 5; index++) {
    const counts = world.send({ series: 'total', at: start + index * step, value: index * 10, since: start })
    assert.equal(counts.resets, 0)
  }
  assert.equal(world.counted().total, 50)
})

test('a sample from before a reset that comes after it goes where it belongs', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start + step, value: 100, since: start })
  world.send({ series: 'total', at: start + 5 * step, value: 20, since: start + 4 * step })
  assert.equal(world.counted().total, 120)
  const late = world.send({ series: 'total', at: start + 3 * step, value: 170, since: start })
  assert.equal(late.outOfOrder, 1)
  assert.equal(world.counted().total, 190)
})

test('a series that was away and started again while its target was scraped without it counts from that scrape', () => {
  const world = new IntakeWorld()
  world.send({ series: 'total', at: start, value: 0 }, { series: 'bad', at: start, value: 10 })
  for (let index = 1; index <= 20; index++) world.send({ series: 'total', at: start + index * step, value: index })
  world.send({ series: 'bad', at: start + 21 * step, value: 15, since: start + 10 * step })
  assert.equal(world.counted().bad, 15)
  assert.equal(world.between(start, start + 20 * step).bad, 0)
})

test('the first sample counts for each SLO from when that SLO listens', () => {
  const world = new IntakeWorld()
  world.now = start + 2 * minute
  world.counting.setSlos([anSlo(), anSlo({ name: 'late', total: counters('total') })])
  world.intake.rulesChanged()
  world.send({ series: 'total', at: start + 3 * minute, value: 30, since: start + minute })
  assert.equal(world.counted('checkout').total, 0)
  const again = new IntakeWorld()
  again.now = start + 3 * minute
  again.send({ series: 'total', at: start + 3 * minute, value: 30, since: start + minute })
  assert.equal(again.counted('checkout').total, 30)
})

test('a late first sample takes over from the one that was first, also where both say when they started', () => {
  const world = new IntakeWorld()
  world.now = start + minute
  world.send({ series: 'total', at: start + 2 * step, value: 20, since: start })
  world.send({ series: 'total', at: start + step, value: 15, since: start })
  assert.equal(world.counted().total, 20)
  assert.equal(world.between(start, start + step).total, 15)
})

test('a history that is replayed counts from a start within it, and not from one before it', () => {
  const world = new IntakeWorld()
  world.now = Number.POSITIVE_INFINITY
  world.intake.rulesChanged()
  world.send({
    series: { __name__: 'total', instance: 'old' },
    at: start,
    value: 1_000,
    since: start - 24 * 60 * minute,
  })
  world.send({
    series: { __name__: 'total', instance: 'new' },
    at: start + 4 * step,
    value: 8,
    since: start + 2 * step,
  })
  assert.equal(world.counted().total, 8)
})
