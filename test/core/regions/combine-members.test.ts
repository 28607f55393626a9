import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { EventCounts } from '../../../src/core/model/counts.ts'
import { combineMembers, type Member } from '../../../src/core/regions/combine-members.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const ways = ['weighted', 'worst', 'all'] as const

interface DrawnMember extends Member, EventCounts {}

const member: fc.Arbitrary<DrawnMember> = fc
  .record({
    weight: fc.integer({ min: 1, max: 9 }),
    budget: fc.constantFrom(0.001, 0.01, 0.05, 0.5),
    total: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
    share: fc.integer({ min: 0, max: 50 }),
  })
  .map(({ share, total, ...rest }) => ({ ...rest, total, bad: Math.floor((total * share) / 50) }))
const members = fc.array(member, { minLength: 1, maxLength: 6 })
const budget = fc.constantFrom(0.001, 0.01, 0.1)

/** What the error ratio of a composite is, in the words of its documentation. */
function naiveRatio(how: (typeof ways)[number], ownBudget: number, drawn: readonly DrawnMember[]): number | undefined {
  const busy = drawn.filter(({ total }) => total > 0)
  if (busy.length === 0) return undefined
  const ratios = busy.map(({ bad, total }) => bad / total)
  if (how === 'all')
    return Math.min(
      1,
      ratios.reduce((a, b) => a + b),
    )
  if (how === 'worst') {
    const burnRates = busy.map((each, index) => ratios[index] / each.budget)
    return Math.min(1, Math.max(...burnRates) * ownBudget)
  }
  const weights = busy.reduce((sum, { weight }) => sum + weight, 0)
  return busy.reduce((sum, { weight }, index) => sum + (weight / weights) * ratios[index], 0)
}

for (const how of ways) {
  test(`${how}: over all events of the members that had any, with the error ratio that its name says`, () => {
    holdsForAll(
      fc.property(members, budget, (drawn, ownBudget) => {
        const { bad, total } = combineMembers(how, ownBudget, drawn)(drawn)
        assert.equal(
          total,
          drawn.reduce((sum, each) => sum + each.total, 0),
        )
        const expected = naiveRatio(how, ownBudget, drawn)
        if (expected === undefined) assert.equal(bad, 0)
        else assert.ok(Math.abs(bad / total - expected) < 1e-12, `${bad / total} is not ${expected}`)
        assert.ok(bad >= 0 && bad <= total)
      }),
      500,
    )
  })

  test(`${how}: more bad events of a member never make fewer of the composite`, () => {
    holdsForAll(
      fc.property(members, budget, fc.nat(), (drawn, ownBudget, place) => {
        const worse = drawn.map((each, index) => (index === place % drawn.length ? { ...each, bad: each.total } : each))
        const combine = combineMembers(how, ownBudget, drawn)
        assert.ok(combine(worse).bad >= combine(drawn).bad - 1e-6)
      }),
    )
  })
}

test('a member without events says nothing, whatever it weighs', () => {
  const known = [
    { weight: 1, budget: 0.01 },
    { weight: 99, budget: 0.01 },
  ]
  const counts = [
    { bad: 5, total: 100 },
    { bad: 0, total: 0 },
  ]
  for (const how of ways) assert.deepEqual(combineMembers(how, 0.01, known)(counts), { bad: 5, total: 100 })
})

test('worst: the burn rate is that of the member that burns fastest, measured against its own budget', () => {
  const strictAndLoose = [
    { weight: 1, budget: 0.001 },
    { weight: 1, budget: 0.1 },
  ]
  // Burn rates of 2 and 1.5: the composite burns at 2 of its own budget of 1 %.
  const { bad, total } = combineMembers(
    'worst',
    0.01,
    strictAndLoose,
  )([
    { bad: 2, total: 1_000 },
    { bad: 150, total: 1_000 },
  ])
  assert.equal(total, 2_000)
  assert.ok(Math.abs(bad / total / 0.01 - 2) < 1e-12)
})

test('all: the bad shares are added, which can only overstate, up to everything', () => {
  const three = [1, 2, 3].map(() => ({ weight: 1, budget: 0.01 }))
  const counts = [
    { bad: 60, total: 100 },
    { bad: 30, total: 100 },
    { bad: 30, total: 100 },
  ]
  assert.deepEqual(combineMembers('all', 0.01, three)(counts), { bad: 300, total: 300 })
})
