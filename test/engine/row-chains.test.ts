import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { endOfChain, RowChains } from '../../src/engine/row-chains.ts'
import { holdsForAll } from '../support/engine-properties.ts'

test('a chain holds the rows of its SLO in the order in which they came, and none of an SLO before it', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), number: fc.nat(200), scope: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), number: fc.nat(200) }) },
  )
  holdsForAll(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const chains = new RowChains()
      const expected = new Map<number, (readonly [string, number])[]>()
      for (const [base, taken] of steps.entries()) {
        if (taken.kind === 'remove') {
          chains.remove(taken.number)
          expected.delete(taken.number)
          continue
        }
        const scope = `r${taken.scope}`
        chains.add(taken.number, scope, base)
        expected.set(taken.number, [...(expected.get(taken.number) ?? []), [scope, base]])
      }
      for (let number = 0; number <= 200; number++) {
        assert.deepEqual(chainOf(chains, number), expected.get(number) ?? [])
      }
    }),
  )
})

test('a scope without rows has no number', () => {
  const chains = new RowChains()
  assert.equal(chains.scopeNumber('eu'), endOfChain)
  chains.add(0, 'eu', 64)
  assert.equal(chains.scopeNames[chains.scopeNumber('eu')], 'eu')
})

function chainOf(chains: RowChains, number: number): (readonly [string, number])[] {
  const found: (readonly [string, number])[] = []
  let place = chains.first[number] ?? endOfChain
  for (; place !== endOfChain; place = chains.next[place]) {
    found.push([chains.scopeNames[chains.scopes[place]], chains.bases[place]])
  }
  return found
}
