import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Engine } from '../../../src/engine/engine.ts'
import { readRegion } from '../../../src/engine/read-scope.ts'
import { type Booking, naiveCount } from '../../support/engine-naive-counts.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import {
  anEngine,
  evaluateAll,
  everythingToOncall,
  type MadeSample,
  RememberingStore,
  send,
} from '../../support/engine-world.ts'
import { ratioSlo, slicesSlo } from '../../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 1)
const windows = [5 * minute, 30 * minute, 3 * hour]

/** Conditions and shares, and the same said in TypeScript: undefined where there was nothing to judge. */
const verdicts: readonly {
  readonly good: string
  readonly method: 'slices' | 'ratio-slices'
  readonly goodShare: (bad: number, total: number) => number | undefined
}[] = [
  {
    good: 'bad / total <= 0.1',
    method: 'slices',
    goodShare: (bad, total) => (total === 0 ? undefined : Number(bad * 10 <= total)),
  },
  {
    good: 'total == 0 or bad / total < 0.2',
    method: 'slices',
    goodShare: (bad, total) => (total === 0 ? 1 : Number(bad * 5 < total)),
  },
  { good: 'bad < 40', method: 'slices', goodShare: (bad) => Number(bad < 40) },
  {
    good: '1 - bad / total',
    method: 'ratio-slices',
    // Events that are spread over steps are rounded down, so that all may be bad and one more.
    goodShare: (bad, total) => (total === 0 ? undefined : Math.max(0, 1 - bad / total)),
  },
]

/** A few hours of one counter pair: what happened in each step, and the steps at which it was not read. */
const story = fc.record({
  verdict: fc.constantFrom(...verdicts),
  sliceMs: fc.constantFrom(step, 2 * step, minute, 5 * minute),
  happened: fc.array(
    fc.record({
      steps: fc.integer({ min: 1, max: 40 }),
      total: fc.constantFrom(0, 0, 1, 100),
      badShare: fc.constantFrom(0, 0, 0.1, 0.2, 1),
      isRead: fc.boolean(),
    }),
    { minLength: 1, maxLength: 14, size: 'max' },
  ),
})
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never

test('each slice of which anything is known counts once, by what its verdict says of the events within it', async () => {
  let slices = 0
  await holdsForAllAsync(
    fc.asyncProperty(story, async (told) => {
      const engine = anEngine({ slos: [sloFor(told)] })
      const { scrapes, badEvents, totalEvents } = scrapesOf(told)
      for (const { time, samples } of scrapes) {
        send(engine.sink, samples)
        await evaluateAll(engine)
        const expected = naiveSlices(told, badEvents, totalEvents, time)
        for (const windowMs of windows) {
          const within = expected.filter(({ end }) => end > time - windowMs)
          assertCounts(counts(engine, time, windowMs), within)
          slices += within.length
        }
      }
    }),
    60,
  )
  assert.ok(slices > 10_000, `only ${slices} slices`)
})

test('a restart, from whatever checkpoint, judges no slice twice and leaves none out', async () => {
  const stops = fc.record({ checkpointAt: fc.double({ min: 0, max: 1, noNaN: true }), lost: fc.nat(6) })
  await holdsForAllAsync(
    fc.asyncProperty(story, stops, async (told, { checkpointAt, lost }) => {
      const store = new RememberingStore()
      const slo = sloFor(told)
      const { scrapes, badEvents, totalEvents } = scrapesOf(told)
      const stopAt = Math.floor(checkpointAt * (scrapes.length - 1))
      const engine = anEngine({ slos: [slo], store })
      for (const { samples } of scrapes.slice(0, stopAt + 1)) {
        send(engine.sink, samples)
        await evaluateAll(engine)
      }
      await engine.checkpoint()
      const after = anEngine({ slos: [slo], store: store.copy() })
      await after.restore()
      // Scrapes that were taken in after the checkpoint are lost with the process; the next one says what they said.
      const gone = scrapes.slice(stopAt + 1, stopAt + 1 + lost).map(({ time }) => time)
      for (const { time, samples } of scrapes.slice(stopAt + 1 + lost)) {
        send(after.sink, samples)
        await evaluateAll(after)
        const expected = naiveSlices(told, bridged(badEvents, gone), bridged(totalEvents, gone), time)
        for (const windowMs of windows) {
          assertCounts(
            counts(after, time, windowMs),
            expected.filter(({ end }) => end > time - windowMs),
          )
        }
      }
    }),
    60,
  )
})

test('what arrives after a slice was judged changes its counters and not its verdict', async () => {
  const slos = [slicesSlo({ sliceMs: minute, good: 'bad / total <= 0.1' }), ratioSlo({ name: 'ratio' })]
  const engine = anEngine({ slos })
  for (let index = 0; index <= 8; index++) {
    send(engine.sink, [sample('total', index, 100 * index), sample('bad', index, 0)])
    await evaluateAll(engine)
  }
  const lateBad = { ...sample('bad', 6, 60), time: sample('bad', 6, 0).time - 1_000 }
  assert.deepEqual(counts(engine, start + 8 * step, hour), { bad: 0, total: 2 })
  // A reset that only the late sample reveals: sixty errors in the second minute.
  send(engine.sink, [lateBad])
  send(engine.sink, [sample('total', 9, 900), sample('bad', 9, 0)])
  await evaluateAll(engine)
  assert.deepEqual(counts(engine, start + 9 * step, hour), { bad: 0, total: 2 })
  assert.deepEqual(counts(engine, start + 9 * step, hour, 'ratio'), { bad: 60, total: 900 })
})

test('what arrives within the delay of the region is part of the verdict', async () => {
  const engine = anEngine({ slos: [slicesSlo({ sliceMs: minute, good: 'bad / total <= 0.1' })], delayMs: minute })
  for (let index = 0; index <= 7; index++) {
    send(engine.sink, [
      sample('total', index, 100 * index),
      ...(index === 4 ? [] : [sample('bad', index, index < 4 ? 0 : 50)]),
    ])
    await evaluateAll(engine)
  }
  // Between the samples before and after, the errors would lie half in the next minute.
  send(engine.sink, [sample('bad', 4, 50)])
  send(engine.sink, [sample('total', 8, 800), sample('bad', 8, 50)])
  await evaluateAll(engine)
  assert.deepEqual(counts(engine, start + 4 * step, hour), { bad: 1, total: 1 })
})

test('slices wait for their own data where other data of the region runs ahead', async () => {
  const engine = anEngine({ slos: [slicesSlo({ sliceMs: minute, good: 'bad / total <= 0.1' }), anotherSlo] })
  const backlog: MadeSample[] = []
  for (let index = 0; index <= 40; index++) {
    const own = [sample('total', index, 100 * index), sample('bad', index, 20 * Math.max(0, index - 8))]
    if (index <= 8) send(engine.sink, own)
    else backlog.push(...own)
    send(engine.sink, [sample('lag', index, 1)])
    await evaluateAll(engine)
  }
  assert.deepEqual(counts(engine, start + 40 * step, hour), { bad: 0, total: 2 })
  send(engine.sink, backlog)
  send(engine.sink, [sample('lag', 41, 1)])
  await evaluateAll(engine)
  assert.deepEqual(counts(engine, start + 41 * step, hour), { bad: 8, total: 10 })
})

test('a time of which nothing was seen has no slices, whatever the condition says of zeros', async () => {
  const engine = anEngine({ slos: [slicesSlo({ sliceMs: minute, good: 'total == 0 or bad < 5' })] })
  for (let index = 0; index <= 8; index++) {
    send(engine.sink, [sample('total', index, index), sample('bad', index, 0)])
    await evaluateAll(engine)
  }
  // The process is gone for half an hour, and another one comes in its place.
  for (let index = 128; index <= 136; index++) {
    send(engine.sink, [sample('total', index, index, 'b'), sample('bad', index, 0, 'b')])
    await evaluateAll(engine)
  }
  assert.deepEqual(counts(engine, start + 136 * step, hour), { bad: 0, total: 4 })
})

test('an SLO whose slices change starts anew; one whose objective changes keeps them', async () => {
  const choices = { sliceMs: minute, good: 'bad / total <= 0.1' }
  const engine = anEngine({ slos: [slicesSlo(choices)] })
  const tell = async (from: number, to: number): Promise<void> => {
    for (let index = from; index <= to; index++) {
      send(engine.sink, [sample('total', index, 100 * index), sample('bad', index, 50 * index)])
      await evaluateAll(engine)
    }
  }
  await tell(0, 40)
  engine.reload([slicesSlo(choices, { objective: '0.9' })], everythingToOncall)
  await tell(41, 80)
  assert.deepEqual(counts(engine, start + 80 * step, hour), { bad: 20, total: 20 })
  engine.reload([slicesSlo({ ...choices, good: 'bad / total <= 0.6' })], everythingToOncall)
  await tell(81, 120)
  assert.deepEqual(counts(engine, start + 120 * step, hour), { bad: 0, total: 10 })
})

/** Keeps the region going, and nothing else. */
const anotherSlo = { ...slicesSlo({ sliceMs: minute, good: 'bad < 1' }, { name: 'other' }), ...lagOnly() }

function lagOnly() {
  const matchers = [{ label: '__name__', operator: '=', value: 'lag' }] as const
  const signals = [{ name: 'lag', counters: { terms: [{ sign: 1, selector: { matchers } }] as const } }]
  const first = { kind: 'signal', signal: 0 } as const
  return { indicator: { kind: 'events', signals, bad: first, total: first } as const }
}

function sloFor({ verdict, sliceMs }: Story) {
  return slicesSlo({ sliceMs, good: verdict.good, method: verdict.method })
}

interface Scrape {
  readonly time: number
  readonly samples: readonly MadeSample[]
}

/** The scrapes of a story, and the increments that they show: what was not read is spread over the time between. */
function scrapesOf({ happened }: Story) {
  const scrapes: Scrape[] = []
  const badEvents: Booking[] = []
  const totalEvents: Booking[] = []
  let index = 0
  let bad = 0
  let total = 0
  let before = { time: Number.NaN, bad: 0, total: 0 }
  const scrape = (): void => {
    const time = start + index * step
    scrapes.push({ time, samples: [sample('bad', index, bad), sample('total', index, total)] })
    if (!Number.isNaN(before.time)) {
      badEvents.push({ from: before.time, to: time, amount: bad - before.bad })
      totalEvents.push({ from: before.time, to: time, amount: total - before.total })
    }
    before = { time, bad, total }
  }
  scrape()
  for (const part of [...happened, { steps: 1, total: 0, badShare: 0, isRead: true }]) {
    for (let count = 0; count < part.steps; count++) {
      index++
      total += part.total
      bad += Math.round(part.total * part.badShare)
      if (part.isRead) scrape()
    }
  }
  return { scrapes, badEvents, totalEvents }
}

/** The bookings that are left when the samples at some times were never taken in. */
function bridged(bookings: readonly Booking[], gone: readonly number[]): Booking[] {
  const left: Booking[] = []
  let open: Booking | undefined
  for (const { from, to, amount } of bookings) {
    open = open === undefined ? { from, to, amount } : { from: open.from, to, amount: open.amount + amount }
    if (gone.includes(to)) continue
    left.push(open)
    open = undefined
  }
  return left
}

interface JudgedSlice {
  readonly end: number
  readonly goodShare: number
}

/** Every slice that has ended by a time, judged the slow way. */
function naiveSlices(
  { sliceMs, verdict }: Story,
  badEvents: readonly Booking[],
  totalEvents: readonly Booking[],
  until: number,
): JudgedSlice[] {
  const judged: JudgedSlice[] = []
  for (let end = start + sliceMs; end <= until; end += sliceMs) {
    const goodShare = verdict.goodShare(
      naiveCount(badEvents, end - sliceMs, end),
      naiveCount(totalEvents, end - sliceMs, end),
    )
    if (goodShare !== undefined) judged.push({ end, goodShare })
  }
  return judged
}

function assertCounts(counted: { bad: number; total: number }, slices: readonly JudgedSlice[]): void {
  assert.equal(counted.total, slices.length)
  const bad = slices.reduce((sum, { goodShare }) => sum + 1 - goodShare, 0)
  assert.ok(Math.abs(counted.bad - bad) < 1e-9, `${counted.bad} bad slices, not ${bad}`)
}

function sample(metric: string, index: number, value: number, instance = 'a'): MadeSample {
  const labels = { __name__: metric, region: 'eu', job: 'shop', instance }
  return { labels, time: start + index * step, value }
}

function counts(engine: Engine, at: number, windowMs: number, slo = 'checkout'): { bad: number; total: number } {
  const reading = readRegion(engine.counting, 'eu', at).find(({ compiled }) => compiled.slo.name === slo)
  assert.ok(reading)
  return reading.counts(windowMs)
}

test('between two slices traffic is not gone, and it is once slices stay away', async () => {
  const engine = anEngine({ slos: [slicesSlo({ sliceMs: 5 * minute, good: 'bad / total <= 0.1' })] })
  const region = engine.counting.region('eu')
  const stateAt = (at: number) => readRegion(engine.counting, region.region, at)[0]?.state()
  for (let index = 0; index <= 110; index++) {
    const total = 100 * Math.min(index, 44)
    send(engine.sink, [sample('total', index, total), sample('bad', index, 0)])
    await evaluateAll(engine)
    // It is asked for by the clock, which is ahead of the data. The shortest window of its rules is as long as a slice.
    const state = stateAt(start + (index + 2) * step)
    if (index >= 20 && index <= 60) assert.equal(state, 'ok', `step ${index}`)
    // The last slice with events ends at step 60.
    if (index > 100) assert.equal(state, 'no-traffic', `step ${index}`)
  }
})
