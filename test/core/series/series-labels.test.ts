import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Labels, labelsKey, labelsOf } from '../../../src/core/model/labels.ts'
import { SeriesLabels, unknownSeries } from '../../../src/core/series/series-labels.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const value = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ä', '€', '\u0000', '𝕊'),
  fc.string({ maxLength: 20, unit: 'binary' }),
)
const labelSet = fc
  .array(fc.tuple(fc.constantFrom('__name__', 'job', 'le', 'pod'), value), { minLength: 1, maxLength: 6 })
  .map((pairs) => labelsOf([...new Map(pairs), ['always', 'there']]))

const steps = fc.array(fc.record({ labels: labelSet, removes: fc.boolean() }), { maxLength: 80, size: 'max' })

test('finds exactly the series that a map of printed labels finds, whatever came and went', () => {
  holdsForAll(
    fc.property(steps, (drawn) => {
      const known = new SeriesLabels()
      const model = new Map<string, { series: number; labels: Labels }>()
      for (const { labels, removes } of drawn) {
        const held = model.get(labelsKey(labels))
        assert.equal(known.find(labels), held?.series ?? unknownSeries)
        if (held === undefined) model.set(labelsKey(labels), { series: known.add(labels), labels })
        else if (removes) {
          known.remove(held.series)
          model.delete(labelsKey(labels))
          known.reuse()
        }
        assert.equal(known.held, model.size)
      }
      for (const { series, labels } of model.values()) {
        assert.deepEqual([...known.labels(series)], [...labels])
        assert.equal(known.find(labels), series)
      }
      const numbers = [...model.values()].map(({ series }) => series)
      assert.equal(new Set(numbers).size, numbers.length)
    }),
    300,
  )
})

test('labels that nobody carries any more take no room', () => {
  const known = new SeriesLabels()
  for (let round = 0; round < 50; round++) {
    const numbers = Array.from({ length: 200 }, (_, index) => known.add(labelsOf([['pod', `pod-${round}-${index}`]])))
    for (const series of numbers) known.remove(series)
    known.reuse()
  }
  assert.equal(known.pairs, 0)
  assert.ok(known.length <= 200)
  assert.ok(known.byteLength < 64 * 1024, `${known.byteLength} bytes for nothing`)
})

test('a number that was forgotten rests until it may be given again', () => {
  const known = new SeriesLabels()
  const series = known.add(labelsOf([['a', '1']]))
  known.remove(series)
  assert.notEqual(known.add(labelsOf([['a', '2']])), series)
  known.reuse()
  assert.equal(known.add(labelsOf([['a', '3']])), series)
})

test('series of a checkpoint get the numbers they had, and the gaps are given to others', () => {
  const known = new SeriesLabels()
  const pair = known.holdPair('a', '1')
  assert.ok(known.addHeld(Int32Array.of(pair), 5))
  assert.ok(!known.addHeld(Int32Array.of(pair), 7), 'it is there already')
  known.releasePair(pair)
  known.reuseGaps()
  assert.equal(known.find(labelsOf([['a', '1']])), 5)
  const given = [0, 1, 2, 3, 4].map((index) => known.add(labelsOf([['b', String(index)]])))
  assert.deepEqual(
    given.sort((a, b) => a - b),
    [0, 1, 2, 3, 4],
  )
})

test('signatures are equal for series that are equal in the labels that matter, known or not', () => {
  const known = new SeriesLabels()
  const one = known.add(labelsOf(Object.entries({ job: 'a', pod: '1' })))
  const two = known.add(labelsOf(Object.entries({ job: 'a', pod: '2' })))
  const other = known.add(labelsOf(Object.entries({ job: 'b', pod: '3' })))
  const names = new Set(['job'])
  assert.equal(known.signature(one, names), known.signature(two, names))
  assert.notEqual(known.signature(one, names), known.signature(other, names))
  assert.equal(known.signatureOf(labelsOf(Object.entries({ job: 'a', pod: '9' })), names), known.signature(one, names))
  assert.equal(known.signatureOf(labelsOf(Object.entries({ job: 'c' })), names), undefined)
})
