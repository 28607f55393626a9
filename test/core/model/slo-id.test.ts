import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { readSloId, sloId } from '../../../src/core/model/slo-id.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/)
const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/)
/** Values as hostile as a label value may be: quotes, braces, commas, backslashes, line ends, half a surrogate pair. */
const value = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc
    .array(fc.constantFrom('"', '\\', ',', '=', '{', '}', '\n', '\u2028', '\ud800', 'a', 'a="b",'), { minLength: 1 })
    .map((parts) => parts.join('')),
)
const identity = fc
  .record({ name, group: fc.dictionary(label, value, { maxKeys: 4, noNullPrototype: true }) })
  .map(({ name: ofSlo, group }) => ({ name: ofSlo, group: labelsOf(Object.entries(group)) }))

test('reading an id gives back the name and the group it was made of', () => {
  holdsForAll(
    fc.property(identity, (of) => {
      assert.deepEqual(readSloId(sloId(of)), of)
    }),
    1_000,
  )
})

test('different SLOs have different ids', () => {
  holdsForAll(
    fc.property(identity, identity, (one, other) => {
      const same = one.name === other.name && JSON.stringify([...one.group]) === JSON.stringify([...other.group])
      assert.equal(sloId(one) === sloId(other), same)
    }),
    500,
  )
})

test('an SLO that is not one of many has its name for an id', () => {
  assert.equal(sloId({ name: 'checkout', group: new Map() }), 'checkout')
})

test('a group reads as in PromQL', () => {
  const group = labelsOf([
    ['namespace', 'shop'],
    ['cluster', 'a "b"'],
  ])
  assert.equal(sloId({ name: 'checkout', group }), 'checkout{cluster="a \\"b\\"",namespace="shop"}')
})
