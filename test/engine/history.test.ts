import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf, metricNameLabel } from '../../src/core/model/labels.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { HistoryReading, HistorySeries } from '../../src/ports/history-sink.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import {
  anEngine,
  evaluateAll,
  type MadeSample,
  openedHistory,
  RememberingStore,
  send,
} from '../support/engine-world.ts'
import { silentRouting } from '../support/silent-routing.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
/** When history begins, when the engine is started, and when its history is opened. */
const start = Date.UTC(2026, 0, 1)
const liveAt = start + 30 * hour
const openedAt = liveAt + 2 * minute
const end = openedAt + 10 * minute
const windows = [5 * minute, 30 * minute, hour, 6 * hour, 24 * hour, 72 * hour]

/** Two processes of one region, scraped 15 s apart from each other's time: one restarts, one serves a new code later on. */
function made(from: number, to: number): MadeSample[] {
  const samples: MadeSample[] = []
  const put = (metric: string, instance: string, time: number, value: number, more = {}) =>
    samples.push({ labels: { [metricNameLabel]: metric, job: 'shop', instance, region: 'eu', ...more }, time, value })
  for (let time = start; time <= to; time += step) {
    const index = (time - start) / step
    if (time <= from - step) continue
    const since = index % 1_700
    // Neither of them is scraped on a step.
    put('total', 'a:80', time + 1_234, since * 10)
    put('bad', 'a:80', time + 1_234, Math.floor(since / 40))
    put('total', 'b:80', time + 4_321, index * 7 + 1_000_000)
    if (index > 3_000) put('bad', 'b:80', time + 4_321, (index - 3_000) * 2)
  }
  return samples.filter(({ time }) => time > from && time <= to)
}

const silent = { page: false, ticket: false }
const slos = [anSlo({ name: 'shop', windowDays: 3, severities: silent })]

/** As a query API answers: without the region, which the API stands for. */
function asHistory(samples: readonly MadeSample[], withRegion: boolean): HistorySeries[] {
  const all = new Map<string, { labels: HistorySeries['labels']; timesMs: number[]; values: number[] }>()
  for (const { labels, time, value } of samples) {
    const { region, ...rest } = labels
    const key = JSON.stringify(rest)
    const series = all.get(key) ?? {
      labels: labelsOf(Object.entries(withRegion ? labels : rest)),
      timesMs: [],
      values: [],
    }
    all.set(key, series)
    series.timesMs.push(time)
    series.values.push(value)
    assert.equal(region, 'eu')
  }
  return [...all.values()]
}

function figures(engine: Engine, at = Number.POSITIVE_INFINITY) {
  const region = engine.counting.regions.get('eu')
  const counts = region?.slos.get('shop')
  assert.ok(region !== undefined && counts !== undefined)
  const moment = Math.min(at, Math.floor(region.newestAt / step) * step)
  return windows.map((window) => ({
    window: window / hour,
    ...region.windowCounts(counts, moment, window),
    seen: counts.seen.seenMs(moment - window, moment),
  }))
}

async function live(engine: Engine, from: number, to: number): Promise<void> {
  for (let time = from; time < to; time += step) {
    send(engine.sink, made(time, Math.min(to, time + step)))
    await evaluateAll(engine)
  }
}

function bookAll(reading: HistoryReading, spanMs: number, until = reading.until, withRegion = false): void {
  while (reading.readUntil < until) {
    const to = Math.min(until, reading.readUntil + spanMs)
    reading.book(asHistory(made(reading.readUntil, to), withRegion), to)
  }
}

async function truth(from = start - 1): Promise<Engine> {
  const engine = anEngine({ slos })
  send(engine.sink, made(from, end))
  await evaluateAll(engine)
  return engine
}

/** The clock of an engine that is told the time. */
function clocked(choices: { slos: readonly Slo[]; store?: RememberingStore }) {
  let now = liveAt
  const engine = anEngine({ ...choices, now: () => now })
  return { engine, setNow: (time: number) => (now = time) }
}

for (const spanMs of [17 * minute, 6 * hour, 100 * hour]) {
  test(`counts like an engine that saw it all live, when history comes in pieces of ${spanMs / minute} min`, async () => {
    const { engine, setNow } = clocked({ slos })
    setNow(openedAt)
    await live(engine, liveAt, openedAt)
    const reading = openedHistory(engine)
    bookAll(reading, spanMs, reading.until - 5 * minute)
    setNow(end)
    await live(engine, openedAt, end)
    bookAll(reading, spanMs)
    reading.finish()
    assert.deepEqual(figures(engine), figures(await truth()))
    assert.equal(engine.history.open('eu', 'api'), undefined)
  })
}

test('does the same when the series of both ways carry the same labels', async () => {
  const { engine, setNow } = clocked({ slos })
  setNow(openedAt)
  await live(engine, liveAt, openedAt)
  const reading = openedHistory(engine)
  bookAll(reading, hour, reading.until, true)
  setNow(end)
  await live(engine, openedAt, end)
  reading.finish()
  assert.deepEqual(figures(engine), figures(await truth()))
})

test('shows nothing of history before it is whole, and evaluates nothing that is past', async () => {
  const store = new RememberingStore()
  const { engine, setNow } = clocked({ slos, store })
  setNow(openedAt)
  await live(engine, liveAt, openedAt)
  const before = figures(engine)
  const reading = openedHistory(engine)
  bookAll(reading, 6 * hour)
  await evaluateAll(engine)
  assert.deepEqual(figures(engine), before)
  reading.finish()
  await evaluateAll(engine)
  assert.deepEqual(store.episodes, [])
  assert.notDeepEqual(figures(engine), before)
})

test('goes on after a restart where the checkpoint left it', async () => {
  const store = new RememberingStore()
  const { engine, setNow } = clocked({ slos, store })
  setNow(openedAt)
  await live(engine, liveAt, openedAt)
  const reading = openedHistory(engine)
  bookAll(reading, hour, start + 11 * hour)
  await engine.checkpoint()
  bookAll(reading, hour, start + 13 * hour)

  const next = clocked({ slos, store: store.copy() })
  next.setNow(openedAt)
  await next.engine.restore()
  const resumed = openedHistory(next.engine)
  assert.equal(resumed.readUntil, start + 11 * hour)
  next.setNow(end)
  await live(next.engine, openedAt, end)
  bookAll(resumed, hour)
  resumed.finish()
  assert.deepEqual(figures(next.engine), figures(await truth()))
  await next.engine.checkpoint()
  assert.equal(next.engine.history.open('eu', 'api'), undefined)
})

test('leaves counts that are older than a while as they are, and puts history before them', async () => {
  const { engine, setNow } = clocked({ slos })
  setNow(end)
  await live(engine, liveAt - 5 * hour, end)
  const own = figures(engine)
  const reading = openedHistory(engine)
  bookAll(reading, 6 * hour)
  reading.finish()
  const after = figures(engine)
  const whole = figures(await truth())
  assert.deepEqual(after.slice(0, 3), own.slice(0, 3))
  for (const [index, { total, bad }] of after.entries()) {
    // One scrape of each process may be lost where one begins and the other ends.
    assert.ok(
      Math.abs(total - whole[index].total) <= 17 && Math.abs(bad - whole[index].bad) <= 3,
      `${total} ${whole[index].total}`,
    )
  }
})

test('reads again what an SLO that is added later needs, and leaves the others alone', async () => {
  const { engine, setNow } = clocked({ slos })
  setNow(openedAt)
  await live(engine, liveAt, openedAt)
  const first = openedHistory(engine)
  bookAll(first, 6 * hour)
  first.finish()
  engine.reload(
    [
      ...slos,
      anSlo({
        name: 'other',
        bad: counters('bad', { instance: 'a:80' }),
        total: counters('total', { instance: 'a:80' }),
        windowDays: 3,
        severities: silent,
      }),
    ],
    silentRouting,
  )
  setNow(end)
  await live(engine, openedAt, end)
  const second = openedHistory(engine)
  assert.deepEqual(second.slos, ['other'])
  bookAll(second, 6 * hour)
  second.finish()
  assert.deepEqual(figures(engine), figures(await truth()))
  const region = engine.counting.regions.get('eu')
  const counts = region?.slos.get('other')
  assert.ok(region !== undefined && counts !== undefined)
  const only = anEngine({
    slos: [
      anSlo({
        name: 'shop',
        bad: counters('bad', { instance: 'a:80' }),
        total: counters('total', { instance: 'a:80' }),
        windowDays: 3,
        severities: silent,
      }),
    ],
  })
  send(only.sink, made(start - 1, end))
  await evaluateAll(only)
  const at = Math.floor(region.newestAt / step) * step
  const ofOther = windows.map((window) => ({
    window: window / hour,
    ...region.windowCounts(counts, at, window),
    seen: counts.seen.seenMs(at - window, at),
  }))
  assert.deepEqual(ofOther, figures(only))
})

test('reads nothing of another region, and nothing for an SLO that asks a query API', () => {
  const { engine } = clocked({ slos })
  const reading = openedHistory(engine)
  const samples = made(start, start + hour).map((sample) => ({ ...sample, labels: { ...sample.labels, region: 'us' } }))
  const series = samples.map(({ labels, time, value }) => ({
    labels: labelsOf(Object.entries(labels)),
    timesMs: [time],
    values: [value],
  }))
  assert.equal(reading.book(series, reading.until), 0)
  assert.equal(anEngine({ slos: [] }).history.open('eu', 'api'), undefined)
})
