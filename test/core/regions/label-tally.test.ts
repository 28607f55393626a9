import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { surveyLabelsMax, surveyValuesMax } from '../../../src/core/model/limits.ts'
import { LabelTally } from '../../../src/core/regions/label-tally.ts'

/** Signals: good events and all events. */
const fromGood = (sums: ArrayLike<number>) => ({ bad: Math.max(0, sums[1] - sums[0]), total: sums[1] })
/** Signals: bad events and all events. */
const events = (sums: ArrayLike<number>) => ({ bad: Math.min(sums[0], sums[1]), total: sums[1] })

interface Booking {
  readonly route: string
  readonly code: string
  readonly bad: number
  readonly good: number
}

const booking: fc.Arbitrary<Booking> = fc.record({
  route: fc.constantFrom('/pay', '/cart', '/search'),
  code: fc.constantFrom('500', '503'),
  bad: fc.nat(50),
  good: fc.nat(500),
})

test('shares are those of the events added up by hand, in whatever parts they came', () => {
  fc.assert(
    fc.property(fc.array(booking, { minLength: 1, maxLength: 60 }), fc.nat(59), (bookings, cut) => {
      const [tally, more] = [new LabelTally(2), new LabelTally(2)]
      for (const [index, { route, code, bad, good }] of bookings.entries()) {
        const into = index < cut ? tally : more
        into.add(
          [
            ['route', route],
            ['code', code],
          ],
          0,
          bad,
        )
        into.add(
          [
            ['route', route],
            ['code', code],
          ],
          1,
          bad + good,
        )
      }
      tally.addAll(more)
      const bad = bookings.reduce((sum, one) => sum + one.bad, 0)
      for (const { label, values, otherBad } of tally.shares(events, 5)) {
        assert.ok(label === 'route' || label === 'code')
        for (const { value, bad: told, total, ofFailures } of values) {
          const own: readonly Booking[] = bookings.filter((one) => one[label] === value)
          assert.equal(
            told,
            own.reduce((sum, one) => sum + one.bad, 0),
          )
          assert.equal(
            total,
            own.reduce((sum, one) => sum + one.bad + one.good, 0),
          )
          assert.ok(Math.abs(ofFailures - told / bad) < 1e-12)
        }
        assert.equal(otherBad, 0)
        assert.deepEqual(
          values.map((one) => one.bad),
          values.map((one) => one.bad).toSorted((a, b) => b - a),
        )
      }
    }),
  )
})

test('a label that only failures carry has no share of events, and comes whole', () => {
  const tally = new LabelTally(2)
  tally.add([['reason', 'timeout']], 0, 30)
  tally.add([['reason', 'refused']], 0, 10)
  tally.add([], 1, 4_000)
  assert.deepEqual(tally.shares(events, 5), [
    {
      label: 'reason',
      values: [
        { value: 'timeout', bad: 30, total: null, ofFailures: 0.75, ofEvents: null },
        { value: 'refused', bad: 10, total: null, ofFailures: 0.25, ofEvents: null },
      ],
      otherBad: 0,
    },
  ])
})

test('a label by which failures cannot be taken apart is not shown', () => {
  // Bad is all minus good, and only good carries the label: each value would have nearly all failures.
  const tally = new LabelTally(2)
  tally.add([['reason', 'a']], 0, 400)
  tally.add([['reason', 'b']], 0, 500)
  tally.add([], 1, 1_000)
  assert.deepEqual(tally.shares(fromGood, 5), [])
})

test('values and labels beyond the limit are others, and are counted as refused', () => {
  const tally = new LabelTally(2)
  for (let index = 0; index < surveyValuesMax + 10; index++) {
    tally.add([['pod', `pod-${index}`]], 0, 1)
    tally.add([['pod', `pod-${index}`]], 1, 10)
  }
  const [{ values, otherBad }] = tally.shares(events, 5)
  assert.equal(values.length, 5)
  assert.equal(otherBad, surveyValuesMax + 5)
  assert.equal(tally.refused, 20)
  for (let index = 0; index < surveyLabelsMax + 2; index++) tally.add([[`l${index}`, 'x']], 0, 1)
  assert.equal(tally.refused, 23)
})
