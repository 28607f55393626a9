import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { recentSamplesPerSeries } from '../../../src/core/model/limits.ts'
import { CountHistory } from '../../../src/core/series/count-history.ts'
import { SeenIntervals } from '../../../src/core/series/seen-intervals.ts'
import { SeriesStore } from '../../../src/core/series/series-store.ts'
import { type Booking, naiveCount } from '../../support/engine-naive-counts.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 1)
const always = Number.NEGATIVE_INFINITY

interface Sample {
  readonly time: number
  readonly value: number
}

/** One moment of a counter: how much later than the last it is read, and what happened since. */
const reading = fc.record({
  afterMs: fc.oneof(
    { weight: 5, arbitrary: fc.constant(step) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 * minute }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: hour }) },
  ),
  change: fc.oneof(
    { weight: 6, arbitrary: fc.record({ reset: fc.constant(false), by: fc.nat(1_000) }) },
    { weight: 1, arbitrary: fc.record({ reset: fc.constant(true), by: fc.nat(1_000) }) },
  ),
  /** By how many places it may be overtaken on its way: fewer than samples are kept. */
  delay: fc.double({ min: 0, max: recentSamplesPerSeries - 1.01, noNaN: true }),
  sentAgain: fc.boolean(),
})

const readings = fc.array(reading, { minLength: 1, maxLength: 60, size: 'max' })

test('any order of arrival within the samples kept counts as the order of time does, resets included', () => {
  holdsForAll(
    fc.property(readings, fc.boolean(), fc.nat(hour), (drawn, isTargetKnown, back) => {
      const counted = aCounted()
      if (isTargetKnown) counted.store.append(counted.heartbeat, start - step, 1)
      const samples = counterOf(drawn)
      for (const { time, value } of shuffled(samples, drawn)) counted.store.append(counted.series, time, value)
      const expected = bookingsOf(samples, isTargetKnown ? start - step : undefined)
      const at = Math.ceil(samples[samples.length - 1].time / step) * step
      for (const windowMs of [5 * minute, 30 * minute, hour]) {
        const count = naiveCount(expected, at - windowMs, at)
        assert.deepEqual(counted.window(at, windowMs), [count, 0 - count])
      }
      const moment = at - Math.floor(back / step) * step
      assert.equal(counted.window(moment, 5 * minute)[0], naiveCount(expected, moment - 5 * minute, moment))
    }),
    400,
  )
})

test('resets never make negative events: running totals only rise', () => {
  holdsForAll(
    fc.property(readings, (drawn) => {
      const counted = aCounted()
      const samples = counterOf(drawn)
      for (const { time, value } of shuffled(samples, drawn)) {
        counted.store.append(counted.series, time, value)
        const totals = counted.history.rows.map(({ counts }) => counts[0])
        for (const [index, total] of totals.slice(1).entries()) assert.ok(total >= totals[index])
      }
    }),
  )
})

test('the same batch again changes nothing', () => {
  holdsForAll(
    fc.property(readings, (drawn) => {
      const counted = aCounted()
      counted.store.append(counted.heartbeat, start - step, 1)
      const samples = counterOf(drawn)
      for (const { time, value } of samples) counted.store.append(counted.series, time, value)
      const before = counted.history.rows.map(({ at, counts }) => [at, ...counts])
      const outcomes = samples
        .slice(-recentSamplesPerSeries)
        .map(({ time, value }) => counted.store.append(counted.series, time, value))
      assert.ok(outcomes.every((outcome) => outcome === 'duplicate'))
      assert.deepEqual(
        counted.history.rows.map(({ at, counts }) => [at, ...counts]),
        before,
      )
    }),
  )
})

test('what was seen covers everything between the first and the last sample', () => {
  holdsForAll(
    fc.property(readings, (drawn) => {
      const counted = aCounted()
      const rising = drawn.map((each) => ({ ...each, change: { ...each.change, reset: false } }))
      const samples = counterOf(rising)
      for (const { time, value } of shuffled(samples, rising)) counted.store.append(counted.series, time, value)
      const [first, last] = [samples[0].time, samples[samples.length - 1].time]
      assert.equal(counted.seen.seenMs(first, last), last - first)
      assert.equal(counted.seen.seenMs(first - hour, last + hour), last - first)
    }),
  )
})

test('all but the longer pauses that end in a start from zero is seen', () => {
  holdsForAll(
    fc.property(readings, (drawn) => {
      const counted = aCounted()
      const samples = counterOf(drawn)
      let seenMs = 0
      let cadenceMs = 0
      for (const [index, { time, value }] of samples.entries()) {
        counted.store.append(counted.series, time, value)
        if (index === 0) continue
        const before = samples[index - 1]
        const pauseMs = time - before.time
        if (value < before.value && pauseMs > Math.max(minute, 2.5 * cadenceMs)) continue
        seenMs += pauseMs
        cadenceMs = pauseMs
      }
      const [first, last] = [samples[0].time, samples[samples.length - 1].time]
      assert.equal(counted.seen.seenMs(first - hour, last + hour), seenMs)
    }),
  )
})

test('a sample older than all that are kept is refused and counts nothing', () => {
  const counted = aCounted()
  for (let index = 1; index <= recentSamplesPerSeries; index++)
    counted.store.append(counted.series, start + index * step, index)
  const before = counted.total()
  assert.equal(counted.store.append(counted.series, start, 0), 'too-old')
  assert.equal(counted.total(), before)
})

test('what is no counter value is refused with the reason', () => {
  const { store, series } = aCounted()
  assert.equal(store.append(series, start, Number.NaN), 'not-a-number')
  assert.equal(store.append(series, start, Number.POSITIVE_INFINITY), 'not-a-number')
  assert.equal(store.append(series, start, -1), 'negative')
  assert.equal(store.last(series), undefined)
  assert.equal(store.append(series, start, 5), 'accepted')
  assert.equal(store.append(series, start + step, 3), 'reset')
  assert.deepEqual(store.last(series), [start + step, 3])
})

test('counting of a target never seen before starts from its first value', () => {
  const counted = aCounted()
  counted.store.append(counted.series, start, 1_000)
  assert.equal(counted.total(), 0)
  counted.store.append(counted.series, start + step, 1_007)
  assert.equal(counted.total(), 7)
})

test('all that a new series of a known target counts is new, since the scrape before', () => {
  const counted = aCounted()
  for (let scrape = 0; scrape < 4; scrape++) counted.store.append(counted.heartbeat, start + scrape * step, scrape)
  counted.store.append(counted.series, start + 4 * step, 50)
  assert.equal(counted.total(), 50)
  assert.deepEqual(counted.window(start + 4 * step, step), [50, -50])
})

test('it is the same when the sample that shows the scrape comes just before or just after in one batch', () => {
  const after = aCounted()
  for (let scrape = 0; scrape < 5; scrape++) after.store.append(after.heartbeat, start + scrape * step, scrape)
  after.store.append(after.series, start + 4 * step, 50)
  assert.deepEqual(after.window(start + 4 * step, step), [50, -50])
})

test('an earlier sample that comes late takes over as the first, and nothing is counted twice', () => {
  const counted = aCounted()
  counted.store.append(counted.heartbeat, start, 1)
  counted.store.append(counted.series, start + 2 * step, 8)
  assert.equal(counted.total(), 8)
  assert.equal(counted.store.append(counted.series, start + step, 5), 'out-of-order')
  assert.equal(counted.total(), 8)
  assert.deepEqual(counted.window(start + step, step), [5, -5])
  assert.deepEqual(counted.window(start + 2 * step, step), [3, -3])
})

test('a series that was away while its target was scraped counts from the last scrape without it', () => {
  const counted = aCounted()
  const scrape = (minutes: number, value?: number) => {
    counted.store.append(counted.heartbeat, start + minutes * minute, minutes)
    if (value !== undefined) counted.store.append(counted.series, start + minutes * minute, value)
  }
  scrape(0)
  scrape(1, 10)
  for (let minutes = 2; minutes < 60; minutes++) scrape(minutes)
  scrape(60, 50)
  assert.deepEqual(counted.window(start + hour, minute), [40, -40])
  for (let minutes = 61; minutes < 90; minutes++) scrape(minutes)
  scrape(90, 7)
  assert.deepEqual(counted.window(start + 90 * minute, minute), [7, -7])
  assert.equal(counted.total(), 10 + 40 + 7)
  assert.equal(counted.seen.seenMs(start, start + 90 * minute), 90 * minute)
})

test('a target that was away as a whole counts evenly over the time it was away', () => {
  const counted = aCounted()
  for (const [minutes, value] of [
    [0, 0],
    [60, 60],
  ] as const) {
    counted.store.append(counted.heartbeat, start + minutes * minute, minutes)
    counted.store.append(counted.series, start + minutes * minute, value)
  }
  assert.deepEqual(counted.window(start + hour, 5 * minute), [5, -5])
})

test('a signal that was not listened to at the scrape before does not take an old counter for a new one', () => {
  const counted = aCounted({ listeningSince: start + 1 })
  counted.store.append(counted.heartbeat, start, 1)
  counted.store.append(counted.series, start + step, 50)
  assert.equal(counted.total(), 0)
  const later = aCounted({ listeningSince: start })
  later.store.append(later.heartbeat, start, 1)
  later.store.append(later.series, start + step, 50)
  assert.equal(later.total(), 50)
})

test('from a sender that splits scrapes, a series is new only after the target has settled', () => {
  const settlingMs = 2 * minute
  const early = aCounted({ settlingMs })
  early.store.append(early.heartbeat, start, 1)
  early.store.append(early.series, start + settlingMs, 50)
  assert.equal(early.total(), 0)
  const settled = aCounted({ settlingMs })
  settled.store.append(settled.heartbeat, start, 1)
  settled.store.append(settled.series, start + settlingMs + step, 50)
  assert.equal(settled.total(), 50)
})

test('after a restart the next sample brings the events of the downtime, and older ones bring nothing twice', () => {
  const counted = aCounted()
  counted.store.restore(counted.series, start, 100)
  assert.equal(counted.store.append(counted.series, start - step, 90), 'too-old')
  assert.equal(counted.store.append(counted.series, start, 100), 'duplicate')
  assert.equal(counted.store.append(counted.series, start + 10 * minute, 160), 'accepted')
  assert.equal(counted.total(), 60)
  assert.deepEqual(counted.window(start + 10 * minute, 5 * minute), [30, -30])
})

test('after a redirect a series counts for others, and what it counted stays', () => {
  const counted = aCounted()
  counted.store.append(counted.series, start, 0)
  counted.store.append(counted.series, start + step, 5)
  const column = counted.history.addColumn()
  const other = { history: counted.history, column, sign: 1, seen: undefined, listeningSince: start + step } as const
  counted.store.redirect(counted.series, { contributions: [other], gaugeFeeds: [] })
  assert.deepEqual(counted.store.contributions(counted.series), [other])
  counted.store.append(counted.series, start + 2 * step, 9)
  assert.equal(counted.total(), 5)
  assert.equal(counted.history.latestCount(column), 4)
})

interface Counted {
  readonly store: SeriesStore
  readonly history: CountHistory
  readonly seen: SeenIntervals
  /** Another series of the same target, which counts nowhere. */
  readonly heartbeat: number
  readonly series: number
  total(): number
  window(at: number, windowMs: number): number[]
}

/** A series that is counted in one column and, with the other sign, in a second one. */
function aCounted({ listeningSince = always, settlingMs = 0 } = {}): Counted {
  const store = new SeriesStore()
  const history = new CountHistory(step, 30 * day)
  const seen = new SeenIntervals()
  const target = store.targets.hold([0, 0, 0, 0], settlingMs)
  const added = { history, column: history.addColumn(), sign: 1, seen, listeningSince } as const
  const subtracted = { history, column: history.addColumn(), sign: -1, seen: undefined, listeningSince } as const
  const heartbeat = store.add({ contributions: [], gaugeFeeds: [] }, target)
  const series = store.add({ contributions: [added, subtracted], gaugeFeeds: [] }, target)
  return {
    store,
    history,
    seen,
    heartbeat,
    series,
    total: () => history.latestCount(added.column),
    window: (at, windowMs) => {
      const out = new Float64Array(history.columns)
      history.windowCounts(at, windowMs, out)
      return [out[added.column], 0 + out[subtracted.column]]
    },
  }
}

type Reading = typeof reading extends fc.Arbitrary<infer T> ? T : never

function counterOf(drawn: readonly Reading[]): Sample[] {
  let time = start - step
  let value = 0
  return drawn.map(({ afterMs, change }) => {
    time += afterMs
    value = change.reset ? change.by : value + change.by
    return { time, value }
  })
}

/** In the order in which they arrive: each may be overtaken by a few, and may come twice. */
function shuffled(samples: readonly Sample[], drawn: readonly Reading[]): Sample[] {
  const order = samples.map((_, index) => index).sort((a, b) => a + drawn[a].delay - (b + drawn[b].delay))
  return order.flatMap((index) => (drawn[index].sentAgain ? [samples[index], samples[index]] : [samples[index]]))
}

/** What a counter's samples mean, read off in order of time; `knownAt` is when its target was scraped before, if it was. */
function bookingsOf(samples: readonly Sample[], knownAt: number | undefined): Booking[] {
  const bookings: Booking[] = []
  let before = knownAt === undefined ? undefined : { time: knownAt, value: 0 }
  for (const sample of samples) {
    if (before !== undefined) {
      const isReset = sample.value < before.value
      bookings.push({
        from: before.time,
        to: sample.time,
        amount: isReset ? sample.value : sample.value - before.value,
      })
    }
    before = sample
  }
  return bookings
}
