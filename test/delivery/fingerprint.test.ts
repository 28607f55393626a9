import assert from 'node:assert/strict'
import { test } from 'node:test'
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
