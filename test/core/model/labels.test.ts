import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatLabels, labelsKey, labelsOf } from '../../../src/core/model/labels.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([name]) => name })

test('equal label sets have equal keys whatever order they were given in', () => {
  holdsForAll(
    fc.property(entries, (pairs) => {
      assert.equal(labelsKey(labelsOf(pairs)), labelsKey(labelsOf(pairs.toReversed())))
    }),
  )
})

test('an empty value counts as no label', () => {
  assert.deepEqual(
    [
      ...labelsOf([
        ['a', ''],
        ['b', '1'],
      ]),
    ],
    [['b', '1']],
  )
})

test('a label may be called as anything an object inherits', () => {
  assert.equal(labelsOf([['__proto__', 'x']]).get('__proto__'), 'x')
  assert.equal(labelsOf([]).get('constructor'), undefined)
})

test('labels print in Prometheus notation', () => {
  assert.equal(
    formatLabels(
      labelsOf([
        ['__name__', 'up'],
        ['job', 'a"b\\'],
      ]),
    ),
    'up{job="a\\"b\\\\"}',
  )
  assert.equal(formatLabels(labelsOf([['__name__', 'up']])), 'up')
  assert.equal(formatLabels(labelsOf([['job', 'x']])), '{job="x"}')
  assert.equal(formatLabels(labelsOf([])), '{}')
})
