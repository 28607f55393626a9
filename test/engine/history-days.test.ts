import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { HistoryReading } from '../../src/ports/history-sink.ts'
import { aTick } from '../support/delivery-messages.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import {
  anEngine,
  evaluateAll,
  everythingToOncall,
  openedHistory,
  RememberingStore,
  send,
} from '../support/engine-world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const step = 5 * minute
/** Within a day of both zones, so that the first day is counted in part. */
const start = Date.UTC(2026, 0, 5, 3)
const openedAt = start + 12 * day + 7 * hour
const end = openedAt + hour

const silent = { page: false, ticket: false }
const slos: readonly Slo[] = [
  anSlo({ name: 'rolling', severities: silent }),
  {
    ...anSlo({ name: 'monthly', severities: silent }),
    window: { kind: 'calendar', unit: 'month', timeZone: 'Asia/Kathmandu' },
  },
]

/** Events of the five minutes before a moment: different in every hour and on every day. */
function events(at: number): { bad: number; total: number } {
  if (at <= start) return { bad: 0, total: 0 }
  const total = 100 + (Math.floor(at / hour) % 24) * 10 + (Math.floor(at / day) % 7)
  return { total, bad: Math.floor(at / step) % 9 }
}

const samples: { at: number; bad: number; total: number }[] = []
for (let at = start, sums = { bad: 0, total: 0 }; at <= end; at += step) {
  sums = { bad: sums.bad + events(at).bad, total: sums.total + events(at).total }
  samples.push({ at, ...sums })
}

/** What happened in (from, to], event by event. */
function naive(from: number, to: number) {
  const sum = { bad: 0, total: 0 }
  for (let at = start + step; at <= to; at += step) {
    if (at <= from) continue
    sum.bad += events(at).bad
    sum.total += events(at).total
  }
  return sum
}

const process = { job: 'shop', instance: 'a:80' }

async function live(engine: Engine, from: number, to: number): Promise<void> {
  for (const { at, bad, total } of samples) {
    if (at < from || at > to) continue
    send(engine.sink, [
      { labels: { __name__: 'total', region: 'eu', ...process }, time: at, value: total },
      { labels: { __name__: 'bad', region: 'eu', ...process }, time: at, value: bad },
    ])
    await evaluateAll(engine)
  }
}

function book(reading: HistoryReading, spanMs: number, until = reading.until): void {
  while (reading.readUntil < until) {
    const from = reading.readUntil
    const to = Math.min(until, from + spanMs)
    const piece = samples.filter(({ at }) => at > from && at <= to)
    const series = (['total', 'bad'] as const).map((metric) => ({
      labels: labelsOf(Object.entries({ __name__: metric, ...process })),
      timesMs: piece.map(({ at }) => at),
      values: piece.map((sample) => sample[metric]),
    }))
    reading.book(series, to)
  }
}

function clocked(store: RememberingStore, exclusions: readonly Exclusion[] = []) {
  let now = openedAt
  const engine = anEngine({ slos, store, stepMs: step, now: () => now })
  engine.setExclusions(exclusions)
  return { engine, setNow: (time: number) => (now = time) }
}

/** Every day once, without a gap, from where data begins, each with its events. */
function checkDays(store: RememberingStore): void {
  for (const { name } of slos) {
    const days = store.days.filter(({ slo }) => slo === name).sort((a, b) => a.from - b.from)
    assert.ok(days[0].from <= start && days[0].to > start, `${name} begins with its first day`)
    for (const [index, { from, to, until, bad, total, seenMs }] of days.entries()) {
      if (index > 0) assert.equal(from, days[index - 1].to, `${name}: one day after the other`)
      assert.deepEqual({ bad, total }, naive(from, until), `${name} on ${new Date(from).toISOString()}`)
      const isLast = index === days.length - 1
      if (!isLast) assert.equal(until, to)
      assert.ok(Math.abs(seenMs - (until - Math.max(from, start))) <= step, `${name}: all of it was seen`)
    }
    assert.ok((days.at(-1)?.until ?? 0) > openedAt)
  }
}

for (const spanMs of [6 * hour, 100 * day]) {
  for (const liveFor of [10 * minute, 9 * hour, 5 * day]) {
    test(`every day before the engine is stored once: ${liveFor / hour} h live, history in pieces of ${spanMs / hour} h`, async () => {
      const store = new RememberingStore()
      const { engine, setNow } = clocked(store)
      await live(engine, openedAt - liveFor, openedAt)
      const reading = openedHistory(engine)
      book(reading, spanMs)
      reading.finish()
      setNow(end)
      await live(engine, openedAt + step, end)
      checkDays(store)
    })
  }
}

test('days are whole when the engine stops while it reads, and when it stops before they are stored', async () => {
  const store = new RememberingStore()
  const { engine } = clocked(store)
  await live(engine, openedAt - 10 * minute, openedAt)
  const reading = openedHistory(engine)
  book(reading, 7 * hour, start + 5 * day + hour)
  await engine.checkpoint()

  const second = clocked(store.copy())
  await second.engine.restore()
  const resumed = openedHistory(second.engine)
  book(resumed, 7 * hour)
  resumed.finish()
  const kept = store.copy()
  const between = anEngine({ slos, store: kept, stepMs: step, now: () => openedAt })
  await between.restore()
  const again = openedHistory(between)
  book(again, 7 * hour)
  again.finish()
  await between.checkpoint()
  assert.ok(!kept.days.some(({ to }) => to < openedAt - 3 * day), 'no tick came after it')

  const third = clocked(kept.copy())
  const last = kept.copy()
  const { engine: lastEngine, setNow } = clocked(last)
  await third.engine.restore()
  await lastEngine.restore()
  assert.equal(lastEngine.history.open('eu', 'api'), undefined)
  setNow(end)
  await live(lastEngine, openedAt + step, end)
  checkDays(last)
  await lastEngine.checkpoint()
  assert.ok(!last.parts.has('history/past'), 'nothing is left to be told')
})

test('a day that is stored already stays as it is, whatever history says of it', async () => {
  const store = new RememberingStore()
  const known = start + 3 * day
  const from = known - (known % day)
  const stored = {
    slo: 'rolling',
    region: 'eu',
    from,
    to: from + day,
    until: from + day,
    bad: 1,
    total: 2,
    seenMs: day,
  }
  const { engine, setNow } = clocked(store)
  await store.world.commit(aTick({ at: openedAt, days: [stored] }))
  await live(engine, openedAt - 10 * minute, openedAt)
  const reading = openedHistory(engine)
  book(reading, day)
  reading.finish()
  setNow(end)
  await live(engine, openedAt + step, end)
  const days = store.days.filter(({ slo }) => slo === 'rolling')
  assert.deepEqual(
    days.filter((one) => one.from < from + day && one.to > from),
    [stored],
  )
  assert.equal(days.length, 13)
})

function maintenance(id: string, from: number, to: number): Exclusion {
  return {
    id,
    matches: { slos: [], services: [], regions: ['eu'] },
    schedule: { kind: 'once', from, to },
    mute: false,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'upgrade',
    at: null,
  }
}

test('days are parted where maintenance begins and ends, so that what is left out is exact', async () => {
  const store = new RememberingStore()
  const past = maintenance('past', start + 4 * day + hour, start + 4 * day + 3 * hour)
  const corrected = maintenance('corrected', openedAt - 10 * hour, openedAt - 9 * hour)
  const { engine, setNow } = clocked(store, [past])
  await live(engine, openedAt - 10 * minute, openedAt)
  const reading = openedHistory(engine)
  book(reading, day)
  reading.finish()
  setNow(end)
  await live(engine, openedAt + step, end - 6 * step)
  checkDays(store)
  engine.setExclusions([past, corrected])
  await live(engine, end - 5 * step, end)
  checkDays(store)
  for (const { schedule } of [past, corrected]) {
    assert.ok(schedule.kind === 'once')
    const parts = store.days.filter(
      ({ slo, from, to }) => slo === 'rolling' && from >= schedule.from && to <= schedule.to,
    )
    const sum = { bad: 0, total: 0 }
    for (const { bad, total } of parts) Object.assign(sum, { bad: sum.bad + bad, total: sum.total + total })
    assert.deepEqual(sum, naive(schedule.from, schedule.to))
    assert.equal(parts[0].from, schedule.from)
    assert.equal(parts.at(-1)?.to, schedule.to)
  }
})

test('a day ends with the part that is under way, as long as maintenance lies ahead, and goes on with the next', async () => {
  const store = new RememberingStore()
  const edges = [openedAt + 20 * minute, openedAt + 40 * minute] as const
  const { engine, setNow } = clocked(store)
  setNow(end)
  await live(engine, openedAt - hour, openedAt)
  engine.setExclusions([maintenance('ahead', ...edges)])
  await live(engine, openedAt + step, openedAt + 2 * step)
  const rows = () => store.days.filter(({ slo }) => slo === 'rolling').map(({ from, to }) => [from, to])
  const dayStart = openedAt - (openedAt % day)
  assert.deepEqual(rows(), [[dayStart, edges[0]]])
  // What counts anew from now on begins here, and not with the maintenance.
  engine.reload(
    slos.map((slo) => ({ ...slo, indicator: anSlo({ total: counters('bad') }).indicator })),
    everythingToOncall,
  )
  await live(engine, openedAt + 3 * step, end)
  const now = openedAt + 2 * step
  assert.deepEqual(rows(), [
    [dayStart, now],
    [now, edges[0]],
    [edges[0], edges[1]],
    [edges[1], dayStart + day],
  ])
  const part = store.days.find(({ slo, from }) => slo === 'rolling' && from === edges[0])
  assert.equal(part?.total, naive(...edges).bad)
})
