import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { combineRegions } from '../../../src/core/regions/combine-regions.ts'
import { boundsOf, combineBounds } from '../../../src/core/regions/count-bounds.ts'
import { chanceOfAtMost, judgeTraffic, usualTraffic } from '../../../src/core/regions/traffic-gone.ts'
import { expectedEvents, type TrafficRecord } from '../../../src/core/regions/unseen-traffic.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day

/** Traffic by a rate over time, seen from a moment to another. */
function record(perMs: (at: number) => number, seenSince: number, seenUntil: number): TrafficRecord {
  return {
    seenUntil,
    seenMs: (from, to) => Math.max(0, Math.min(to, seenUntil) - Math.max(from, seenSince)),
    total: (from, to) => {
      let sum = 0
      for (let at = Math.max(from, seenSince); at < Math.min(to, seenUntil); at += minute) sum += perMs(at) * minute
      return sum
    },
  }
}

test('expects what came at the same time of the day before', () => {
  const byHour = record((at) => (Math.floor(at / hour) % 24) / 1_000, 0, 5 * day)
  assert.equal(expectedEvents(byHour, 5 * day + 3 * hour, 5 * day + 4 * hour), (3 / 1_000) * hour)
})

test('expects what came on the last day that was seen, also after days in the dark', () => {
  const byHour = record((at) => (Math.floor(at / hour) % 24) / 1_000, 0, 5 * day)
  assert.equal(expectedEvents(byHour, 7 * day + 3 * hour, 7 * day + 4 * hour), (3 / 1_000) * hour)
})

test('expects the last known rate where no day was seen, and nothing is known of what never was', () => {
  assert.equal(
    expectedEvents(
      record(() => 0.5, 0, 2 * hour),
      2 * hour,
      3 * hour,
    ),
    0.5 * hour,
  )
  assert.equal(expectedEvents({ ...record(() => 1, 0, 0), seenUntil: undefined }, 0, hour), null)
})

/** Even traffic of so many events an hour on each day, of which nothing was seen for some hours of some of them. */
function holey(perHour: (day: number) => number, holes: ReadonlyMap<number, number>, seenUntil: number): TrafficRecord {
  const isSeen = (at: number): boolean => at < seenUntil && at % day >= (holes.get(Math.floor(at / day)) ?? 0) * hour
  const over = (from: number, to: number, each: (at: number) => number): number => {
    let sum = 0
    for (let at = from; at < to; at += hour) if (isSeen(at)) sum += each(at)
    return sum
  }
  return {
    seenUntil,
    seenMs: (from, to) => over(from, to, () => hour),
    total: (from, to) => over(from, to, (at) => perHour(Math.floor(at / day))),
  }
}

const growing = (index: number): number => 100 * (index + 1)
const lastSlow = (index: number): number => (index === 12 ? 7 : 100)

test('passes over a day of which more than a tenth was not seen, and makes up for less', () => {
  const lost = holey(growing, new Map([[9, 3]]), 10 * day)
  assert.equal(expectedEvents(lost, 10 * day, 11 * day), 24 * growing(8))
  const nearly = holey(growing, new Map([[9, 2]]), 10 * day)
  assert.equal(expectedEvents(nearly, 10 * day, 11 * day), 24 * growing(9))
})

test('looks through the days of a week, and where none of them was seen takes the rate of the last hour', () => {
  const mostly = new Map([6, 7, 8, 9, 10, 11].map((index) => [index, 20]))
  const within = holey(lastSlow, mostly, 12 * day)
  assert.equal(expectedEvents(within, 12 * day, 13 * day), 24 * 100)
  const beyond = holey(lastSlow, new Map([...mostly, [12, 20]]), 13 * day)
  assert.equal(expectedEvents(beyond, 13 * day, 14 * day), 24 * 7)
})

const counts = fc
  .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }))
  .map(([bad, good]) => ({ bad, total: bad + good }))

test('bounds hold the truth whatever the unseen region did', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const regions = fc.array(fc.record({ counts, unseen: fc.integer({ min: 0, max: 500 }), badShare: share }), {
    minLength: 1,
    maxLength: 6,
  })
  for (const how of ['events', 'worst', 'mean'] as const) {
    const combine = combineRegions(how)
    fc.assert(
      fc.property(regions, (all) => {
        const { best, worst } = combineBounds(
          combine,
          all.map((one) => boundsOf(one.counts, one.unseen)),
        )
        const truth = combine(
          all.map((one) => ({ bad: one.counts.bad + one.badShare * one.unseen, total: one.counts.total + one.unseen })),
        )
        if (truth.total === 0) return
        const ratio = truth.bad / truth.total
        assert.ok(best.bad / best.total <= ratio + 1e-12, `${how}: ${best.bad}/${best.total} above ${ratio}`)
        assert.ok(worst.bad / worst.total >= ratio - 1e-12, `${how}: ${worst.bad}/${worst.total} below ${ratio}`)
      }),
    )
  }
})

test('adding up regions is commutative and associative', () => {
  const add = combineRegions('events')
  fc.assert(
    fc.property(counts, counts, counts, (a, b, c) => {
      assert.deepEqual(add([a, b]), add([b, a]))
      assert.deepEqual(add([add([a, b]), c]), add([a, add([b, c])]))
      assert.deepEqual(add([add([a, b]), c]), add([a, b, c]))
    }),
  )
})

test('takes the median of the weeks that were seen, and needs two of them', () => {
  const holiday = record((at) => (Math.floor(at / week) === 2 ? 0 : 0.01), 0, 5 * week)
  const [from, to] = [4 * week + 10 * hour, 4 * week + 10 * hour + 15 * minute]
  assert.equal(usualTraffic(holiday, from, to)?.events, 0.01 * 15 * minute)
  const young = record(() => 0.01, 3 * week, 5 * week)
  assert.equal(usualTraffic(young, from, to), null)
  // The week before last was seen in part only around that time.
  const partly = record(() => 0.01, 2 * week + 10 * hour, 5 * week)
  assert.equal(usualTraffic(partly, from, to), null)
  assert.equal(
    usualTraffic(
      record(() => 0.01, 2 * week + 8 * hour, 5 * week),
      from,
      to,
    )?.weeks,
    2,
  )
})

test('makes up for what was not seen of the rows that hold counts of weeks ago', () => {
  // Every week a row of two hours was seen for all but 20 minutes, and its events are spread over all of it.
  const isLost = (at: number): boolean => at % week >= 10 * hour && at % week < 10 * hour + 20 * minute
  const over = (from: number, to: number): number => {
    let seen = 0
    for (let at = from; at < to; at += minute) if (!isLost(at)) seen += minute
    return seen
  }
  const byRows: TrafficRecord = {
    seenUntil: 5 * week,
    seenMs: over,
    total: (from, to) => {
      let sum = 0
      for (let row = 0; row < 5 * week; row += 2 * hour) {
        const share = Math.max(0, Math.min(to, row + 2 * hour) - Math.max(from, row)) / (2 * hour)
        if (share > 0) sum += share * over(row, row + 2 * hour) * 0.01
      }
      return sum
    },
  }
  for (const minutes of [0, 45, 90, 110]) {
    const from = 4 * week + 10 * hour + minutes * minute
    const usual = usualTraffic(byRows, from, from + 15 * minute)
    assert.ok(usual !== null && Math.abs(usual.events - 0.01 * 15 * minute) < 1e-6, `${minutes}: ${usual?.events}`)
  }
})

test('traffic is gone only where its absence cannot be chance', () => {
  assert.equal(judgeTraffic(0, { events: 1_000, weeks: 4 }), 'gone')
  assert.equal(judgeTraffic(15, { events: 1_000, weeks: 4 }), 'gone')
  assert.equal(judgeTraffic(50, { events: 1_000, weeks: 4 }), 'unknown')
  assert.equal(judgeTraffic(150, { events: 1_000, weeks: 4 }), 'back')
  assert.equal(judgeTraffic(0, { events: 20, weeks: 4 }), 'unknown')
  assert.equal(judgeTraffic(0, { events: 30, weeks: 4 }), 'gone')
  assert.equal(judgeTraffic(0, null), 'unknown')
})

test('the chance of few events is the sum of Poisson terms', () => {
  assert.ok(Math.abs(chanceOfAtMost(0, 10) - Math.exp(-10)) < 1e-18)
  assert.ok(Math.abs(chanceOfAtMost(2, 5) - Math.exp(-5) * (1 + 5 + 12.5)) < 1e-14)
  assert.equal(chanceOfAtMost(5, 1e12), 0)
})
