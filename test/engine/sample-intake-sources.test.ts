import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { noAppends, type SampleOrigin } from '../../src/ports/sample-sink.ts'
import { eu, IntakeWorld, minute, start, step } from '../support/intake-world.ts'

const push: SampleOrigin = { source: 'push', region: undefined, splitDelivery: true }

test('one series by two paths is one series, whether its region comes by a label or by the source', () => {
  const world = new IntakeWorld()
  world.ref('total', eu)
  world.ref({ __name__: 'total', region: 'eu' }, push)
  assert.equal(world.intake.held.count, 1)
})

test('the same events by two paths count once, at the same times or at others', () => {
  const offsets = fc.tuple(fc.nat(step - 1), fc.nat(step - 1))
  fc.assert(
    fc.property(offsets, fc.array(fc.nat(100), { minLength: 1, maxLength: 40 }), ([first, second], increments) => {
      const world = new IntakeWorld()
      world.now = start + 100 * minute
      let value = 0
      for (const [index, increment] of increments.entries()) {
        value += increment
        const at = start + index * step
        world.send({ series: 'total', at: at + first, value, origin: eu })
        world.send({ series: { __name__: 'total', region: 'eu' }, at: at + second, value, origin: push })
      }
      assert.equal(world.counted().total, value - increments[0])
    }),
  )
})

test('clocks that disagree make no reset: samples of the path that does not count are duplicates', () => {
  const world = new IntakeWorld()
  world.now = start + minute
  world.send({ series: 'total', at: start, value: 100, origin: eu })
  world.ref({ __name__: 'total', region: 'eu' }, push)
  world.send({ series: 'total', at: start + step, value: 200, origin: eu })
  const counts = world.send({
    series: { __name__: 'total', region: 'eu' },
    at: start + step + 5,
    value: 199,
    origin: push,
  })
  assert.deepEqual(counts, { ...noAppends(), duplicates: 1 })
  assert.equal(world.counted().total, 100)
})

test('when the path that counts is silent for as long as makes a series stale, another takes over and nothing is lost', () => {
  const world = new IntakeWorld()
  world.now = start + 10 * minute
  const other = { __name__: 'total', region: 'eu' }
  world.send(
    { series: 'total', at: start, value: 0, origin: eu },
    { series: other, at: start + 1, value: 0, origin: push },
  )
  world.send({ series: 'total', at: start + step, value: 10, origin: eu })
  assert.equal(world.send({ series: other, at: start + step + minute, value: 50, origin: push }).duplicates, 1)
  assert.equal(world.send({ series: other, at: start + step + minute + 1, value: 51, origin: push }).accepted, 1)
  assert.equal(world.counted().total, 51)
  assert.equal(world.send({ series: 'total', at: start + step + minute + 2, value: 52, origin: eu }).duplicates, 1)
})

test('increments by two paths count once as well', () => {
  const world = new IntakeWorld()
  const other = { __name__: 'total', region: 'eu' }
  world.sendDeltas({ series: 'total', since: start, at: start + step, value: 10, origin: eu })
  world.sendDeltas({ series: other, since: start + 5, at: start + step + 5, value: 10, origin: push })
  assert.equal(world.counted().total, 10)
})

test('a source that is renamed goes on at once', () => {
  const world = new IntakeWorld()
  world.now = start + minute
  world.send({ series: 'total', at: start, value: 0, origin: eu })
  world.intake.rulesChanged()
  const renamed = { source: 'europe', region: 'eu' }
  assert.equal(world.send({ series: 'total', at: start + step, value: 10, origin: renamed }).accepted, 1)
  assert.equal(world.counted().total, 10)
})

test('where labels are normalised in another way every target is a new one, and nothing counts twice', () => {
  const world = new IntakeWorld()
  world.now = start + 10 * minute
  const before = { ...eu, labelling: 'first' }
  const after = { ...eu, labelling: 'second' }
  const named = { __name__: 'total', team: 'shop' }
  world.send({ series: 'total', at: start, value: 1_000, origin: before })
  world.send({ series: 'total', at: start + step, value: 1_010, origin: before })
  world.send({ series: named, at: start + 2 * step, value: 1_020, origin: after })
  assert.equal(world.counted().total, 10, 'what the process counted before is not new under its new name')
  world.send({ series: named, at: start + 3 * step, value: 1_030, origin: after })
  assert.equal(world.counted().total, 20)
  // Of a target under the same labelling a series with another label counts from zero.
  world.send({ series: { ...named, path: '/new' }, at: start + 3 * step, value: 7, origin: after })
  assert.equal(world.counted().total, 27)
})
