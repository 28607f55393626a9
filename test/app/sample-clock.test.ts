import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { sampleClock } from '../../src/app/sample-clock.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { recordingLog, recordingMeter } from '../support/delivery-recorders.ts'
import { anSlo, aRule } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** A clock on the wall that can be put, beside time that nobody sets. */
class PutClock implements Clock {
  readonly time = new VirtualClock(noon)
  #putMs = 0

  now(): number {
    return this.time.now() + this.#putMs
  }

  /** As timers do, it sleeps for as long as it was to when it began. */
  sleepUntil(at: number, signal: AbortSignal): Promise<void> {
    return this.time.sleepUntil(at - this.#putMs, signal)
  }

  put(byMs: number): void {
    this.#putMs += byMs
  }
}

function aSampleClock() {
  const wall = new PutClock()
  const log = recordingLog()
  const meter = recordingMeter()
  const samples = sampleClock({ clock: wall, elapsed: () => wall.time.now(), log, meter })
  const aheadMs = () => samples.now() - wall.now()
  return { wall, samples, aheadMs, log, meter }
}

test('the time of samples is that of the clock on the wall', async () => {
  const { wall, samples } = aSampleClock()
  assert.equal(samples.now(), noon)
  await wall.time.advance(hour)
  assert.equal(samples.now(), noon + hour)
  wall.put(hour)
  assert.equal(samples.now(), noon + 2 * hour)
})

test('when that is put back it goes on from where it was, a tenth slower until the two agree', async () => {
  const { wall, samples, aheadMs, meter } = aSampleClock()
  wall.put(-hour)
  assert.equal(samples.now(), noon)
  await wall.time.advance(10 * minute)
  assert.equal(samples.now(), noon + 9 * minute)
  assert.equal(meter.values.get('sloburn_sample_clock_ahead_seconds{}'), 59 * 60)
  for (let minutes = 0; minutes < 580; minutes++) {
    await wall.time.advance(minute)
    samples.now()
  }
  assert.equal(aheadMs(), minute)
  await wall.time.advance(hour)
  assert.equal(aheadMs(), 0)
})

test('when it is put forward again it goes on as if nothing had been', async () => {
  const { wall, samples, aheadMs } = aSampleClock()
  wall.put(-hour)
  samples.now()
  await wall.time.advance(10 * second)
  wall.put(hour)
  assert.equal(samples.now(), noon + 10 * second)
  assert.equal(aheadMs(), 0)
})

test('whatever is done to the clock on the wall, it never goes back, and sleeps until its own time', async () => {
  const turn = fc.record({
    putMs: fc.integer({ min: -2 * hour, max: 2 * hour }),
    sleepMs: fc.integer({ min: 1, max: hour }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 12 }), async (turns) => {
      const { wall, samples } = aSampleClock()
      let last = samples.now()
      for (const { putMs, sleepMs } of turns) {
        wall.put(putMs)
        const now = samples.now()
        assert.ok(now >= last)
        const asleep = samples.sleepUntil(now + sleepMs, new AbortController().signal)
        await wall.time.advance(2 * sleepMs)
        await asleep
        last = samples.now()
        assert.ok(last >= now + sleepMs)
      }
    }),
    { numRuns: 50 },
  )
})

test('a process that begins after it was put back goes on after what was counted; a sender that is a little fast is no reason', () => {
  const { samples, aheadMs, log } = aSampleClock()
  samples.goOnAfter(Number.NEGATIVE_INFINITY)
  samples.goOnAfter(noon + 10 * minute)
  assert.equal(aheadMs(), 0)
  assert.equal(log.lines.length, 0)
  samples.goOnAfter(noon + hour)
  assert.equal(aheadMs(), hour)
  assert.equal(log.lines.length, 1)
})

/** Plays a service that fails half of its requests after a while, scraped every 15 s while somebody puts the clock. */
async function told(putAt: ReadonlyMap<number, number>, restartAt?: number) {
  const wall = new PutClock()
  const store = new RememberingStore()
  const slo = anSlo({ rules: [aRule('page', hour, 5 * minute, '10')] })
  const begin = () => {
    const samples = sampleClock({ clock: wall, elapsed: () => wall.time.now(), log: silentLog, meter: silentMeter })
    const engine = anEngine({ slos: [slo], store, now: () => wall.now(), sampleNow: () => samples.now() })
    return { engine, samples }
  }
  let { engine, samples } = begin()
  const tickOfPages: number[] = []
  const ticks = 240
  for (let tick = 0; tick <= ticks; tick++) {
    const byMs = putAt.get(tick)
    if (tick === restartAt) await engine.checkpoint()
    if (byMs !== undefined) wall.put(byMs)
    if (tick === restartAt) {
      ;({ engine, samples } = begin())
      await engine.restore()
      samples.goOnAfter(engine.countedUntil)
    }
    const time = samples.now()
    const labels = { region: 'eu', job: 'shop', instance: 'a' }
    send(engine.sink, [
      { labels: { __name__: 'total', ...labels }, time, value: 150 * tick },
      { labels: { __name__: 'bad', ...labels }, time, value: 75 * Math.max(0, tick - failingAt) },
    ])
    await evaluateAll(engine)
    if (tickOfPages.length === 0 && store.episodes.length > 0) tickOfPages.push(tick)
    await wall.time.advance(15 * second)
  }
  const counts = engine.counting.regions.get('eu')
  const counted = counts?.slos.get('checkout')
  assert.ok(counts !== undefined && counted !== undefined)
  return { ticks, tickOfPages, events: counts.countsEver(counted), open: store.episodes, watermark: counts.watermark }
}

/** The tick after which requests fail. */
const failingAt = 100

test('a clock that is put back by an hour blinds nobody: every event counts once, and what fails pages in time', async () => {
  const plain = await told(new Map())
  for (const [puts, restartAt] of [
    [new Map([[80, -hour]])],
    [new Map([[102, -hour]])],
    [
      new Map([
        [80, -hour],
        [120, hour],
      ]),
    ],
    [
      new Map([
        [40, hour],
        [80, -hour],
      ]),
    ],
    [new Map([[80, -hour]]), 80],
  ] as const) {
    const put = await told(puts, restartAt)
    assert.deepEqual(put.events, { bad: 75 * (put.ticks - failingAt), total: 150 * put.ticks })
    assert.ok(put.tickOfPages[0] - plain.tickOfPages[0] <= 8, `${put.tickOfPages[0]} after ${plain.tickOfPages[0]}`)
    assert.ok(put.open.every(({ resolvedAt }) => resolvedAt === null))
  }
})
