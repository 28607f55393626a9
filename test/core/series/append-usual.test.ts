import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CountHistory } from '../../../src/core/series/count-history.ts'
import { SeenIntervals } from '../../../src/core/series/seen-intervals.ts'
import { SeriesStore } from '../../../src/core/series/series-store.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)

/** Mostly the next value of all series, scraped together; now and then one that is late, too early, fallen or no count at all. */
const sample = fc.record({
  series: fc.nat(5),
  time: fc.oneof(
    { weight: 8, arbitrary: fc.nat(12).map((steps) => steps * step) },
    { weight: 2, arbitrary: fc.nat(12 * step) },
    { weight: 1, arbitrary: fc.nat(12 * step).map((at) => at + 0.4) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 3_600_000, 40 * step) },
  ),
  value: fc.oneof(
    { weight: 8, arbitrary: fc.nat(20) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 20, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY) },
  ),
  start: fc.oneof({ weight: 6, arbitrary: fc.constant(Number.NaN) }, { weight: 1, arbitrary: fc.nat(12 * step) }),
})
const batches = fc.array(
  fc.record({ samples: fc.array(sample, { maxLength: 40 }), inOrder: fc.boolean(), isTaken: fc.boolean() }),
  { minLength: 1, maxLength: 8 },
)

test('samples booked many at once count as each on its own', () => {
  holdsForAll(
    fc.property(batches, (drawn) => {
      const many = aWorld()
      const each = aWorld()
      for (const { samples, inOrder, isTaken } of drawn) {
        const sent = inOrder ? samples.toSorted((a, b) => a.time - b.time || a.value - b.value) : samples
        // What was stored meanwhile is changed in a copy.
        if (isTaken) many.history.takeChanges()
        const arrived = many.book(sent)
        for (const { series, time, value, start: since } of sent) {
          if (start + Math.round(time) <= latest)
            each.store.append(series, start + Math.round(time), value, start + Math.round(since))
        }
        for (const at of arrived) assert.ok(at <= latest)
      }
      assert.deepEqual(many.state(), each.state())
    }),
    300,
  )
})

test('of a whole scrape, those it is counted for are told once', () => {
  const world = aWorld()
  world.book(round(0, 1))
  assert.deepEqual(world.book(round(step, 2)), [start + step])
  assert.deepEqual(world.book(round(2 * step, 3)), [start + 2 * step])
  assert.equal(world.history.latestCount(0), 6)
})

const latest = start + 30 * step

function round(time: number, value: number): Sent[] {
  return [0, 1, 2].map((series) => ({ series, time, value, start: Number.NaN }))
}

interface Sent {
  readonly series: number
  readonly time: number
  readonly value: number
  readonly start: number
}

/** Six series: three of one place, two of another that is counted twice, and one that counts nowhere. */
function aWorld() {
  const store = new SeriesStore()
  const history = new CountHistory(step, 24 * 3_600_000)
  const seen = [new SeenIntervals(), new SeenIntervals()]
  const common = { history, listeningSince: Number.NEGATIVE_INFINITY }
  const one = { ...common, column: history.addColumn(), sign: 1, seen: seen[0] } as const
  const other = { ...common, column: history.addColumn(), sign: 1, seen: seen[1] } as const
  const less = { ...common, column: history.addColumn(), sign: -1, seen: undefined } as const
  const single = { contributions: [one], gaugeFeeds: [] }
  const double = { contributions: [other, less], gaugeFeeds: [] }
  const nowhere = { contributions: [], gaugeFeeds: [] }
  for (const feeds of [single, single, single, double, double, nowhere]) {
    store.add(feeds, store.targets.hold([0, 0, 0, store.size % 2], 0))
  }
  const book = (sent: readonly Sent[]): number[] => {
    const arrived: number[] = []
    const batch = {
      refs: Int32Array.from(sent, ({ series }) => series),
      timesMs: Float64Array.from(sent, ({ time }) => start + time),
      values: Float64Array.from(sent, ({ value }) => value),
      startsMs: Float64Array.from(sent, ({ start: since }) => start + since),
      hasStarts: sent.some(({ start: since }) => !Number.isNaN(since)),
    }
    for (let from = 0; from < sent.length; from++) {
      from = store.appendUsual(batch, { from, to: sent.length, latest }, (_, at) => arrived.push(at))
      if (from === sent.length) break
      const time = Math.round(batch.timesMs[from])
      if (time <= latest) store.append(batch.refs[from], time, batch.values[from], Math.round(batch.startsMs[from]))
    }
    return arrived
  }
  const state = () => ({
    rows: history.rows.map(({ at, counts }) => [at, ...counts.slice(0, history.columns)]),
    seen: seen.map((each) => each.snapshot()),
    series: [0, 1, 2, 3, 4, 5].map((series) => [store.last(series), store.cadenceMs(series)]),
    targets: [0, 1].map((target) => [
      store.targets.firstAt(target),
      store.targets.lastAt(target),
      store.targets.previousAt(target),
    ]),
  })
  return { store, history, book, state }
}
