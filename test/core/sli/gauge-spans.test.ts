import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { GaugeSample } from '../../../src/core/series/gauge-samples.ts'
import { gaugeSpans, gaugesKnownUntil } from '../../../src/core/sli/gauge-spans.ts'
import { holdsForAll } from '../../support/engine-properties.ts'
import { type Combine, combinations, naiveCombined } from '../../support/naive-gauges.ts'

const second = 1_000
const minute = 60 * second
/** Samples stand on this grid. */
const grid = 500
/** What holds for two and a half intervals ends on this one: asking the middle of each of its cells asks every moment. */
const cell = grid / 2

/** A gauge at its own pace, with pauses, sudden ends and values of both signs and none. */
const gauge: fc.Arbitrary<readonly GaugeSample[]> = fc
  .record({
    start: fc.nat(200),
    pace: fc.constantFrom(2, 30, 120, 240),
    samples: fc.array(
      fc.record({
        extraCells: fc.oneof(
          { weight: 6, arbitrary: fc.constant(0) },
          { weight: 2, arbitrary: fc.nat(3) },
          { weight: 1, arbitrary: fc.nat(900) },
        ),
        value: fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: -5, max: 5 }) },
          { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
        ),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ start, pace, samples }) => {
    let at = start
    return samples.map(({ extraCells, value }): GaugeSample => {
      at += pace + extraCells
      return [at * grid, value]
    })
  })

const range = fc
  .tuple(fc.nat(4_000), fc.nat(1_200))
  .map(([from, length]) => [from * grid, (from + length) * grid] as const)

test('spans say of every moment what asking each gauge for its newest sample that still holds says', () => {
  let known = 0
  holdsForAll(
    fc.property(
      fc.array(gauge, { maxLength: 4 }),
      fc.constantFrom(...combinations),
      range,
      (gauges, combine, [from, to]) => {
        const spans = gaugeSpans(gauges, combine, from, to)
        for (const [index, span] of spans.entries()) {
          assert.ok(span.from >= from && span.to <= to && span.from < span.to)
          assert.ok(index === 0 || span.from >= spans[index - 1].to, 'spans are in order and do not overlap')
        }
        for (let moment = from + cell / 2; moment < to; moment += cell) {
          const value = spans.find((span) => moment > span.from && moment <= span.to)?.value
          assert.deepEqual(value, naiveCombined(gauges, combine, moment), `at ${moment}`)
          if (value !== undefined) known++
        }
      },
    ),
    400,
  )
  assert.ok(known > 10_000, `only ${known} moments had a value`)
})

test('it does not matter where a stretch of time is cut', () => {
  holdsForAll(
    fc.property(fc.array(gauge, { maxLength: 3 }), range, fc.nat(1_200), (gauges, [from, to], cut) => {
      const between = Math.min(to, from + cut * grid)
      const parts = [...gaugeSpans(gauges, 'sum', from, between), ...gaugeSpans(gauges, 'sum', between, to)]
      const whole = gaugeSpans(gauges, 'sum', from, to)
      const at = (spans: typeof whole, moment: number) =>
        spans.find((span) => moment > span.from && moment <= span.to)?.value
      for (let moment = from + cell / 2; moment < to; moment += cell)
        assert.deepEqual(at(parts, moment), at(whole, moment))
    }),
  )
})

test('the moment to which anything is known is where the last span ends', () => {
  holdsForAll(
    fc.property(fc.array(gauge, { maxLength: 3 }), (gauges) => {
      const until = gaugesKnownUntil(gauges)
      const spans = gaugeSpans(gauges, 'max', 0, 10_000 * grid)
      // A gauge that ended, or infinities that cancel out, may leave nothing known before that moment.
      assert.ok(spans.every((span) => span.to <= until))
      const isPlain = gauges.flat().every(([, value]) => Number.isFinite(value))
      if (isPlain) assert.equal(spans.at(-1)?.to ?? Number.NEGATIVE_INFINITY, until)
    }),
  )
})

const holding: readonly (readonly [string, readonly GaugeSample[], number])[] = [
  ['a first sample holds for a minute, since nothing is known of its pace', [[0, 1]], minute],
  [
    'at a fast pace a sample holds for a minute',
    [
      [0, 1],
      [second, 1],
      [2 * second, 1],
    ],
    2 * second + minute,
  ],
  [
    'at a slow pace it holds for two and a half intervals',
    [
      [0, 1],
      [minute, 1],
      [2 * minute, 1],
    ],
    4.5 * minute,
  ],
  [
    'at no pace does it hold for more than five minutes',
    [
      [0, 1],
      [4 * minute, 1],
      [8 * minute, 1],
    ],
    13 * minute,
  ],
  [
    'a pause makes no slow pace',
    [
      [0, 1],
      [15 * second, 1],
      [10 * minute, 1],
    ],
    11 * minute,
  ],
  [
    'a gauge that ended shows nothing',
    [
      [0, 1],
      [15 * second, Number.NaN],
    ],
    15 * second,
  ],
]
for (const [what, samples, until] of holding) {
  test(what, () => {
    assert.equal(gaugesKnownUntil([samples]), until)
    assert.equal(gaugeSpans([samples], 'max', 0, 20 * minute).at(-1)?.to, until)
  })
}

const two: readonly (readonly GaugeSample[])[] = [[[0, -4]], [[0, 1]]]
const combined: readonly (readonly [Combine, number])[] = [
  ['max', 1],
  ['min', -4],
  ['sum', -3],
  ['mean', -1.5],
]
for (const [combine, value] of combined) {
  test(`the ${combine} of −4 and 1 is ${value}, and of −4 alone −4`, () => {
    assert.deepEqual(gaugeSpans(two, combine, 0, second), [{ from: 0, to: second, value }])
    assert.deepEqual(gaugeSpans([two[0]], combine, 0, second), [{ from: 0, to: second, value: -4 }])
  })
}

test('where infinities of both signs meet in a sum nothing is known', () => {
  const both: readonly (readonly GaugeSample[])[] = [[[0, Number.POSITIVE_INFINITY]], [[0, Number.NEGATIVE_INFINITY]]]
  assert.deepEqual(gaugeSpans(both, 'sum', 0, second), [])
  assert.deepEqual(gaugeSpans(both, 'mean', 0, second), [])
  assert.equal(gaugeSpans(both, 'max', 0, second)[0].value, Number.POSITIVE_INFINITY)
})

test('without gauges, and without time, there is no span', () => {
  assert.deepEqual(gaugeSpans([], 'max', 0, minute), [])
  assert.deepEqual(gaugeSpans([[[0, 1]]], 'max', second, second), [])
})
