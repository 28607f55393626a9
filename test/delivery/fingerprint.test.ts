import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fingerprint } from '../../src/delivery/fingerprint.ts'

test('is what Alertmanager 0.25 computed for the same labels', () => {
  const labels = new Map([
    ['slo', 'é \u{1f525}'],
    ['alertname', 'ErrorBudgetBurn'],
    ['region', 'eu'],
    ['a_b', 'x'],
  ])
  assert.equal(fingerprint(labels), 'a9afb0a84b30bfb8')
})

test('is the offset basis of FNV-1a for no labels', () => {
  assert.equal(fingerprint(new Map()), 'cbf29ce484222325')
})

test('labels whose names and values run together alike have different fingerprints', () => {
  assert.notEqual(fingerprint(new Map([['ab', 'c']])), fingerprint(new Map([['a', 'bc']])))
})

test('is FNV-1a as its definition reads, for any names and values in any order', () => {
  const labelSets = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
    selector: ([name]) => name,
    maxLength: 8,
  })
  fc.assert(fc.property(labelSets, (labels) => assert.equal(fingerprint(labels), byDefinition(labels))))
})

/** Byte by byte in whole numbers of any length: what is to be computed, without any of the ways to do it fast. */
function byDefinition(labels: readonly (readonly [string, string])[]): string {
  const pairs = labels.map((pair) => pair.map((text) => Buffer.from(text)))
  const bytes = pairs.sort(([a], [b]) => Buffer.compare(a, b)).flatMap(([name, value]) => [...name, 255, ...value, 255])
  const hash = bytes.reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * prime), offsetBasis)
  return hash.toString(16).padStart(16, '0')
}

const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n
