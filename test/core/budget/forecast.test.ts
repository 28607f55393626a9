import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  dispersionOf,
  exhaustionChance,
  exhaustionForecast,
  type ForecastGround,
  failuresForecast,
} from '../../../src/core/budget/forecast.ts'
import { incompleteBeta } from '../../../src/core/budget/incomplete-beta.ts'

const hour = 3_600_000

function ground(bad: number, exposure: number, room: number, ahead: number, dispersion = 1): ForecastGround {
  const moments = Array.from({ length: 2_000 }, (_, index) => {
    const share = (index + 1) / 2_000
    return { afterMs: share * ahead, exposure: (exposure / (6 * hour)) * share * ahead, room }
  })
  return { bad, exposure, dispersion, ahead: moments }
}

test('the incomplete beta function agrees with sums of binomial terms', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (a, b, x) => {
        const n = a + b - 1
        let sum = 0
        for (let j = a; j <= n; j++) sum += choose(n, j) * x ** j * (1 - x) ** (n - j)
        assert.ok(Math.abs(incompleteBeta(x, a, b) - sum) < 1e-9, `${incompleteBeta(x, a, b)} ${sum}`)
      },
    ),
  )
})

test('30 failures in six hours and room for 120 last between 17.2 and 33.7 hours, 23.8 most likely', () => {
  const { low, expected, high } = exhaustionForecast(ground(30, 6 * hour, 120, 80 * hour))
  assert.ok(Math.abs((low ?? 0) / hour - 17.2) < 0.1, `${(low ?? 0) / hour}`)
  assert.ok(Math.abs((expected ?? 0) / hour - 23.8) < 0.1, `${(expected ?? 0) / hour}`)
  assert.ok(Math.abs((high ?? 0) / hour - 33.7) < 0.1, `${(high ?? 0) / hour}`)
})

test('failures that bunch widen the range', () => {
  const alone = exhaustionForecast(ground(30, 6 * hour, 120, 80 * hour))
  const bunched = exhaustionForecast(ground(30, 6 * hour, 120, 80 * hour, 4))
  assert.ok((bunched.low ?? 0) < (alone.low ?? 0))
  assert.ok((bunched.high ?? Number.POSITIVE_INFINITY) > (alone.high ?? 0))
})

test('without failures only a lower end is told, and without events nothing', () => {
  const none = exhaustionForecast(ground(0, 6 * hour, 2, 1_000 * hour))
  assert.ok(none.low !== null && none.expected === null && none.high === null)
  assert.deepEqual(exhaustionForecast({ ...ground(0, 1, 1, hour), exposure: 0 }), {
    low: null,
    expected: null,
    high: null,
  })
  assert.deepEqual(failuresForecast(ground(2, 100, 1, hour), 50), { low: null, expected: null, high: null })
})

test('the failures forecast holds nine in ten of what the same rate brings', () => {
  const random = seeded(7)
  let within = 0
  const rounds = 600
  for (let round = 0; round < rounds; round++) {
    const rate = 40
    const seen = poisson(rate, random)
    const later = poisson(2 * rate, random)
    const { low, high } = failuresForecast({ bad: seen, exposure: 100, dispersion: 1, ahead: [] }, 200)
    if (low !== null && high !== null && later >= low - 0.5 && later <= high + 0.5) within++
  }
  assert.ok(within / rounds > 0.86 && within / rounds < 0.94, `${within / rounds}`)
})

/** A millionth of an event is less than any indicator counts. */
const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e12, noNaN: true }))

test('no figure is NaN or infinite, from one event to a million million', () => {
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.double({ min: -10, max: 1e12, noNaN: true }),
      fc.double({ min: 1, max: 50, noNaN: true }),
      (bad, exposure, room, dispersion) => {
        const all: ForecastGround = {
          bad,
          exposure,
          dispersion,
          ahead: [1, 10, 100].map((afterMs) => ({ afterMs, exposure: exposure * afterMs, room })),
        }
        const figures = [...Object.values(exhaustionForecast(all)), ...Object.values(failuresForecast(all, exposure))]
        for (const figure of figures) assert.ok(figure === null || Number.isFinite(figure), `${figure}`)
        const chance = exhaustionChance(all, exposure, room)
        if (exposure > 0) assert.ok(chance >= -1e-9 && chance <= 1 + 1e-9, `${chance}`)
      },
    ),
  )
})

test('failures all in one block are as bunched as can be, and even ones not at all', () => {
  const even = Array.from({ length: 10 }, () => ({ bad: 5, total: 1_000 }))
  assert.equal(dispersionOf(even), 1)
  assert.ok(dispersionOf([{ bad: 50, total: 1_000 }, ...even.slice(1).map((block) => ({ ...block, bad: 0 }))]) > 40)
  assert.equal(dispersionOf([]), 1)
})

function choose(n: number, k: number): number {
  let value = 1
  for (let index = 1; index <= k; index++) value = (value * (n - k + index)) / index
  return value
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 0.5) / 4_294_967_296
  }
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean)
  let product = random()
  let count = 0
  for (; product > limit; count++) product *= random()
  return count
}
