import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { gaugeSamplesPerSeriesMax } from '../../../src/core/model/limits.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { readRegion, type ScopeReading } from '../../../src/engine/read-scope.ts'
import { sampleBatch } from '../../../src/ports/sample-sink.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore } from '../../support/engine-world.ts'
import { ratioSlo, thresholdSlo } from '../../support/indicator-slos.ts'
import { combinations, naiveCombined } from '../../support/naive-gauges.ts'

const second = 1_000
const step = 15 * second
const minute = 60 * second
const start = Date.UTC(2026, 0, 1)
/** Samples stand on this grid. */
const grid = 500
/** What holds for two and a half intervals ends on this one: asking the middle of each of its cells asks every moment. */
const cell = grid / 2
const windows = [minute, 5 * minute, 20 * minute]

const conditions: readonly (readonly [string, (value: number) => boolean])[] = [
  ['value < 3', (value) => value < 3],
  ['value >= -2 and value <= 2', (value) => value >= -2 && value <= 2],
  ['not (value == 0)', (value) => value !== 0],
]

/** One sample of one gauge: NaN marks that the series ended. */
interface Shown {
  readonly gauge: number
  readonly time: number
  readonly value: number
}

const world = fc.record({
  condition: fc.constantFrom(...conditions),
  combine: fc.constantFrom(...combinations),
  delayMs: fc.constantFrom(0, step, minute),
  gauges: fc.array(
    fc.record({
      offset: fc.nat(120),
      paceMs: fc.constantFrom(second, 5 * second, step, 90 * second),
      shown: fc.array(
        fc.record({
          times: fc.integer({ min: 1, max: 25 }),
          pauseMs: fc.oneof(
            { weight: 4, arbitrary: fc.constant(0) },
            { weight: 1, arbitrary: fc.nat(800).map((n) => n * grid) },
          ),
          value: fc.oneof(
            { weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }) },
            { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN) },
          ),
        }),
        { minLength: 1, maxLength: 8, size: 'max' },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never

test('the events are the milliseconds for which a value is known, bad where the condition does not hold', async () => {
  let known = 0
  await holdsForAllAsync(
    fc.asyncProperty(world, async (drawn) => {
      const engine = anEngine({ slos: [sloFor(drawn)], delayMs: drawn.delayMs, onReading: check })
      const shown = shownIn(drawn)
      const expected = naiveCounts(drawn, shown)
      function check(reading: ScopeReading): void {
        if (reading.scope !== 'eu') return
        for (const windowMs of windows) {
          const counted = reading.counts(windowMs)
          assert.deepEqual(counted, expected(reading.at - windowMs, reading.at), `at ${reading.at}`)
          known += counted.total
        }
      }
      await showAll(engine, shown)
    }),
    60,
  )
  assert.ok(known > 100 * 60 * minute, `only ${known} ms were known`)
})

test('in whatever pieces samples arrive, and within the delay in whatever order, the same is counted', async () => {
  const journey = fc.record({
    lateness: fc.array(fc.nat(120), { minLength: 50, maxLength: 50 }),
    piece: fc.integer({ min: 1, max: 400 }),
  })
  await holdsForAllAsync(
    fc.asyncProperty(world, journey, async (drawn, { lateness, piece }) => {
      const slo = sloFor(drawn)
      const shown = shownIn(drawn)
      const calm = anEngine({ slos: [slo], delayMs: minute })
      await showAll(calm, shown)
      const stirred = anEngine({ slos: [slo], delayMs: minute })
      const arriving = shown
        .map((each, index) => ({ ...each, arrivesAt: each.time + lateness[index % lateness.length] * grid }))
        .toSorted((a, b) => a.arrivesAt - b.arrivesAt)
      for (let from = 0; from < arriving.length; from += piece) {
        show(stirred, arriving.slice(from, from + piece))
        await evaluateAll(stirred)
      }
      const at = calm.evaluatedAt('eu')
      assert.equal(stirred.evaluatedAt('eu'), at)
      if (at === undefined) return
      for (const windowMs of windows) assert.deepEqual(counts(stirred, at, windowMs), counts(calm, at, windowMs))
    }),
    60,
  )
})

test('a restart loses nothing that was seen before its checkpoint and counts nothing twice', async () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  await holdsForAllAsync(
    fc.asyncProperty(world, part, fc.nat(40), async (drawn, checkpointAt, lost) => {
      const slos = [sloFor(drawn)]
      const { delayMs } = drawn
      const shown = shownIn(drawn)
      const store = new RememberingStore()
      const engine = anEngine({ slos, store, delayMs })
      const stop = Math.floor(checkpointAt * shown.length)
      await showAll(engine, shown.slice(0, stop))
      await engine.checkpoint()
      const after = anEngine({ slos, store: store.copy(), delayMs })
      await after.restore()
      const left = [...shown.slice(0, stop), ...shown.slice(stop + lost)]
      await showAll(after, shown.slice(stop + lost))
      const at = after.evaluatedAt('eu')
      if (at === undefined) return
      const expected = naiveCounts(drawn, left)
      for (const windowMs of windows) assert.deepEqual(counts(after, at, windowMs), expected(at - windowMs, at))
    }),
    60,
  )
})

test('the share of time that is known is the share for which there are events', async () => {
  await holdsForAllAsync(
    fc.asyncProperty(world, async (drawn) => {
      // One gauge: where one of several falls silent the others are seen all the same.
      const alone = { ...drawn, gauges: drawn.gauges.slice(0, 1) }
      const engine = anEngine({ slos: [sloFor(alone)] })
      const shown = shownIn(alone).filter(({ value }) => Number.isFinite(value))
      await showAll(engine, shown)
      const last = shown.at(-1)
      const at = engine.evaluatedAt('eu')
      if (last === undefined || at === undefined) return
      for (const windowMs of windows) {
        const reading = readingAt(engine, at)
        assert.equal(Math.round(reading.coverage(windowMs) * windowMs), reading.counts(windowMs).total)
      }
    }),
    60,
  )
})

test('a gauge that is scraped every second is known throughout, however many samples a step holds', async () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3')], delayMs: minute })
  const shown = Array.from({ length: 600 }, (_, index) => ({
    gauge: 0,
    time: start + index * second,
    value: index % 2 === 0 ? 1 : 5,
  }))
  await showAll(engine, shown)
  const at = engine.evaluatedAt('eu') ?? 0
  assert.deepEqual(counts(engine, at, 5 * minute), { bad: 150 * second, total: 300 * second })
})

test('hours that arrive at once are read moment by moment', async () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3')] })
  const shown = Array.from({ length: 481 }, (_, index) => ({
    gauge: 0,
    time: start + index * step,
    value: index < 240 ? 1 : 9,
  }))
  show(engine, shown)
  await evaluateAll(engine)
  assert.deepEqual(counts(engine, start + 480 * step, 120 * minute), { bad: 60 * minute, total: 120 * minute })
})

test('a gauge that is late where other data of the region runs ahead is read when it comes, but for what it was held for', async () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3'), ratioSlo({ name: 'other' })] })
  const shown = Array.from({ length: 81 }, (_, index) => ({
    gauge: 0,
    time: start + index * step,
    value: index <= 20 ? 1 : 9,
  }))
  for (let index = 0; index <= 80; index++) {
    if (index <= 20) show(engine, [shown[index]])
    keepRegionGoing(engine, index)
    await evaluateAll(engine)
  }
  assert.deepEqual(counts(engine, start + 80 * step, 20 * minute), { bad: 0, total: 20 * step + minute })
  show(engine, shown.slice(21))
  keepRegionGoing(engine, 81)
  await evaluateAll(engine)
  assert.deepEqual(counts(engine, start + 81 * step, 21 * minute), { bad: 61 * step - minute, total: 81 * step })
})

test('where too many samples wait unread the oldest are dropped, and that is counted', () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3')] })
  const shown = Array.from({ length: gaugeSamplesPerSeriesMax + 160 }, (_, index) => ({
    gauge: 0,
    time: start + index * second,
    value: 1,
  }))
  show(engine, shown)
  assert.equal(engine.counting.series.gaugeSamplesDropped, 160)
  assert.equal(engine.counting.series.gauge(0).length, gaugeSamplesPerSeriesMax)
})

test('what was read is not kept', async () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3')] })
  await showAll(
    engine,
    Array.from({ length: 2_000 }, (_, index) => ({ gauge: 0, time: start + index * step, value: 1 })),
  )
  assert.ok(engine.counting.series.gauge(0).length <= 20)
})

test('a gauge that is gone for good leaves an alert open: what is not known resolves nothing', async () => {
  const store = new RememberingStore()
  const engine = anEngine({
    slos: [thresholdSlo('value < 3', { keepFiringForMs: 0 }), ratioSlo({ name: 'other' })],
    store,
  })
  for (let index = 0; index <= 400; index++) {
    if (index <= 100) show(engine, [{ gauge: 0, time: start + index * step, value: 9 }])
    keepRegionGoing(engine, index)
    await evaluateAll(engine)
  }
  const pages = store.episodes.filter(({ id }) => id.slo === 'checkout' && id.severity === 'page')
  assert.deepEqual(
    pages.map(({ id, resolvedAt }) => [id.scope, resolvedAt]),
    [
      ['eu', null],
      ['global', null],
    ],
  )
  const state = readingAt(engine, start + 400 * step).state()
  assert.equal(state, 'no-data')
})

test('a series may be a gauge for one SLO and a counter for another, and negative for the one alone', async () => {
  const asCounter = {
    terms: [
      { sign: 1 as const, selector: { matchers: [{ label: '__name__', operator: '=', value: 'lag' } as const] } },
    ],
  }
  const total = { kind: 'signal', signal: 0 } as const
  const counting = {
    ...ratioSlo({ name: 'counting' }),
    indicator: {
      kind: 'events',
      signals: [{ name: 'all', counters: asCounter }],
      bad: { kind: 'number', value: 0 },
      total,
    } as const,
  }
  const engine = anEngine({ slos: [thresholdSlo('value < 3'), counting] })
  await showAll(
    engine,
    [0, 4, 8, -1, 12].map((value, index) => ({ gauge: 0, time: start + index * step, value })),
  )
  assert.deepEqual(counts(engine, start + 4 * step, minute), { bad: 2 * step, total: 4 * step })
  const counted = readRegion(engine.counting, 'eu', start + 4 * step).find(
    ({ compiled }) => compiled.slo.name === 'counting',
  )
  assert.equal(counted?.counts(minute).total, 12)
})

test('a reload that keeps the condition keeps the counts and goes on reading', async () => {
  const engine = anEngine({ slos: [thresholdSlo('value < 3')] })
  const shown = Array.from({ length: 81 }, (_, index) => ({
    gauge: 0,
    time: start + index * step,
    value: index < 30 ? 9 : 1,
  }))
  await showAll(engine, shown.slice(0, 41))
  engine.reload([thresholdSlo('value < 3', { objective: '0.9' })], everythingToOncall)
  await showAll(engine, shown.slice(41))
  assert.deepEqual(counts(engine, start + 80 * step, 20 * minute), { bad: 30 * step, total: 80 * step })
})

function sloFor({ condition: [good], combine }: World) {
  return thresholdSlo(good, { combine })
}

/** All samples of a world in order of time. */
function shownIn({ gauges }: World): Shown[] {
  return gauges
    .flatMap(({ offset, paceMs, shown }, gauge) => {
      let time = start + offset * grid
      return shown.flatMap(({ times, pauseMs, value }) => {
        time += pauseMs
        return Array.from({ length: times }, () => {
          time += paceMs
          return { gauge, time, value }
        })
      })
    })
    .toSorted((a, b) => a.time - b.time)
}

type CountBetween = (from: number, to: number) => { readonly bad: number; readonly total: number }

/** Asks every cell of time by itself, and answers how many milliseconds of a stretch were known, and bad. */
function naiveCounts({ condition: [, isGood], combine }: World, shown: readonly Shown[]): CountBetween {
  const gauges = [0, 1, 2].map((gauge) =>
    shown.filter((each) => each.gauge === gauge).map(({ time, value }) => [time, value] as const),
  )
  const end = Math.max(start, ...shown.map(({ time }) => time)) + 10 * minute
  const known = [0]
  const bad = [0]
  for (let moment = start + cell / 2; moment < end; moment += cell) {
    // No gauge asks further back than five minutes and two samples; leaving the rest out only saves time.
    const near = gauges.map((samples) => samples.slice(Math.max(0, samples.findLastIndex(([at]) => at <= moment) - 3)))
    const value = naiveCombined(near, combine, moment)
    known.push((known.at(-1) ?? 0) + (value === undefined ? 0 : cell))
    bad.push((bad.at(-1) ?? 0) + (value === undefined || isGood(value) ? 0 : cell))
  }
  const upTo = (sums: readonly number[], at: number) =>
    sums[Math.min(sums.length - 1, Math.max(0, (at - start) / cell))]
  return (from, to) => ({ bad: upTo(bad, to) - upTo(bad, from), total: upTo(known, to) - upTo(known, from) })
}

/** Appends samples as they come; NaN goes as a stale marker. */
function show(engine: Engine, shown: readonly Shown[]): void {
  const batch = sampleBatch(shown.length)
  for (const { gauge, time, value } of shown) {
    const labels = labelsOf([
      ['__name__', 'lag'],
      ['region', 'eu'],
      ['shard', String(gauge)],
    ])
    batch.refs[batch.length] = engine.sink.resolve(labels, { source: 'test', region: undefined })
    batch.timesMs[batch.length] = time
    batch.values[batch.length] = value
    batch.stale[batch.length] = Number.isNaN(value) ? 1 : 0
    batch.length++
  }
  engine.sink.append(batch)
}

/** Shows samples in order of time, as scrapes would: those of one moment together, and evaluates after each. */
async function showAll(engine: Engine, shown: readonly Shown[]): Promise<void> {
  for (const together of Map.groupBy(shown, ({ time }) => time).values()) {
    show(engine, together)
    await evaluateAll(engine)
  }
}

function keepRegionGoing(engine: Engine, index: number): void {
  const ref = engine.sink.resolve(
    labelsOf([
      ['__name__', 'total'],
      ['region', 'eu'],
    ]),
    { source: 'test', region: undefined },
  )
  const batch = sampleBatch(1)
  batch.length = 1
  batch.refs[0] = ref
  batch.timesMs[0] = start + index * step
  batch.values[0] = index
  engine.sink.append(batch)
}

function readingAt(engine: Engine, at: number): ScopeReading {
  const reading = readRegion(engine.counting, 'eu', at).find(({ compiled }) => compiled.slo.name === 'checkout')
  assert.ok(reading)
  return reading
}

function counts(engine: Engine, at: number, windowMs: number): { bad: number; total: number } {
  return readingAt(engine, at).counts(windowMs)
}
