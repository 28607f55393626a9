import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SloWindow } from '../../src/core/model/slo.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readBudget } from '../../src/engine/read-budget.ts'
import { readScope } from '../../src/engine/read-scope.ts'
import { anSlo, aRule, counters } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore, send } from '../support/engine-world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const step = 5 * minute
const start = Date.UTC(2026, 0, 5, 3)
const rules = [aRule('page', hour, 5 * minute, '10')]

function slo(window: SloWindow = { kind: 'rolling', durationMs: 30 * day }) {
  return { ...anSlo({ rules }), window }
}

/** Events in five minutes, different at every hour and on every day. */
function events(at: number): { bad: number; total: number } {
  const total = 100 + (Math.floor(at / hour) % 24) * 10 + (Math.floor(at / day) % 7)
  return { total, bad: Math.floor(at / step) % 9 }
}

function naive(from: number, to: number) {
  const sum = { bad: 0, total: 0 }
  for (let at = Math.max(from, start) + step; at <= to; at += step) {
    sum.bad += events(at).bad
    sum.total += events(at).total
  }
  return sum
}

const running = new WeakMap<Engine, { bad: number; total: number }>()

async function tell(engine: Engine, from: number, to: number, before = running.get(engine) ?? { bad: 0, total: 0 }) {
  const sums = { ...before }
  for (let at = from; at <= to; at += step) {
    if (at > start) {
      sums.bad += events(at).bad
      sums.total += events(at).total
    }
    const labels = { region: 'eu', job: 'shop', instance: 'a' }
    send(engine.sink, [
      { labels: { __name__: 'total', ...labels }, time: at, value: sums.total },
      { labels: { __name__: 'bad', ...labels }, time: at, value: sums.bad },
    ])
    await evaluateAll(engine)
  }
  running.set(engine, sums)
  return sums
}

test('every day is stored as the sum of its events, and each is stored again while it changes', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [slo()], store, stepMs: step })
  const end = start + 5 * day
  await tell(engine, start, end)
  const days = store.days
  assert.equal(days.length, 6)
  for (const { slo: id, region, from, to, until, bad, total } of days) {
    assert.deepEqual([id, region, from % day, to - from], ['checkout', 'eu', 0, day])
    assert.deepEqual({ bad, total }, naive(from, until))
    if (to < end) assert.equal(until, to)
  }
})

test('days are those of the time zone of a calendar window, of 23 and 25 hours where clocks change', async () => {
  const store = new RememberingStore()
  const engine = anEngine({
    slos: [slo({ kind: 'calendar', unit: 'month', timeZone: 'Asia/Kathmandu' })],
    store,
    stepMs: step,
  })
  await tell(engine, start, start + 3 * day)
  for (const { from, until, bad, total } of store.days) {
    assert.equal((from + 5.75 * hour) % day, 0)
    assert.deepEqual({ bad, total }, naive(from, until))
  }
  for (const [noon, lengths] of [
    [Date.UTC(2026, 2, 28, 12), [24, 23, 24]],
    [Date.UTC(2026, 9, 24, 12), [24, 25, 24]],
  ] as const) {
    const changing = new RememberingStore()
    const london = slo({ kind: 'calendar', unit: 'month', timeZone: 'Europe/London' })
    await tell(anEngine({ slos: [london], store: changing, stepMs: step }), noon, noon + 2 * day)
    assert.deepEqual(
      changing.days.map(({ from, to }) => (to - from) / hour),
      lengths,
    )
    const [, ...whole] = changing.days
    for (const { from, until, bad, total } of whole) assert.deepEqual({ bad, total }, naive(from, until))
  }
})

test('a day that is over is counted again while late events come, which is told to the store', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [slo()], store, stepMs: step })
  const midnight = Date.UTC(2026, 0, 7)
  // Another process of the region is asked every four hours: half of what it tells at two is of the day before.
  const late = (at: number, total: number) => {
    const labels = { __name__: 'total', region: 'eu', job: 'shop', instance: 'slow' }
    send(engine.sink, [{ labels, time: at, value: total }])
  }
  await tell(engine, start, midnight - 2 * hour)
  late(midnight - 2 * hour, 1_000)
  await tell(engine, midnight - 2 * hour + step, midnight + 2 * hour)
  const dayOf = () => store.days.find(({ to }) => to === midnight)
  const before = dayOf()
  assert.deepEqual([before?.until, before?.total], [midnight, naive(midnight - day, midnight).total])
  late(midnight + 2 * hour, 5_000)
  await tell(engine, midnight + 2 * hour + step, midnight + 3 * hour)
  assert.equal(dayOf()?.total, (before?.total ?? 0) + 2_000)
})

test('the last minutes of a region that falls silent are stored all the same, and a restart takes none of them away', async () => {
  for (const isOtherSeen of [true, false]) {
    const store = new RememberingStore()
    let now = start
    const begin = () => anEngine({ slos: [slo()], store, stepMs: minute, now: () => now })
    let engine = begin()
    const silentFrom = start + 18 * minute
    const total = () => store.days.find(({ region }) => region === 'eu')?.total
    for (; now <= start + hour; now += minute) {
      const regions = [...(now <= silentFrom ? ['eu'] : []), ...(isOtherSeen ? ['us'] : [])]
      for (const region of regions) {
        send(engine.sink, [{ labels: { __name__: 'total', region }, time: now, value: (now - start) / 100 }])
      }
      await evaluateAll(engine)
      if (now === silentFrom - 4 * minute) await engine.checkpoint()
      if (now === start + 40 * minute) {
        assert.equal(total(), (18 * minute) / 100)
        engine = begin()
        await engine.restore()
      }
    }
    assert.equal(total(), (18 * minute) / 100)
  }
})

/** A calendar window is exact, a rolling one wrong by the events of its oldest day at most; answers the coverage. */
function assertWithin(window: SloWindow, engine: Engine, at: number): number {
  const compiled = engine.counting.slos.get('checkout')
  assert.ok(compiled)
  const { counts, start: from, coverage } = readBudget(readScope(engine.counting, compiled, 'eu', at))
  const expected = naive(from, at)
  const oldest = Math.floor(from / day) * day
  const edge = window.kind === 'rolling' ? naive(oldest, oldest + day).total : 0
  const when = new Date(at).toISOString()
  assert.ok(Math.abs(counts.total - expected.total) <= edge, `${when}: ${counts.total}, not ${expected.total}`)
  assert.ok(Math.abs(counts.bad - expected.bad) <= edge, `${when}: ${counts.bad}, not ${expected.bad}`)
  return coverage
}

for (const window of [
  { kind: 'calendar', unit: 'quarter', timeZone: 'America/New_York' },
  { kind: 'calendar', unit: 'year', timeZone: 'UTC' },
  { kind: 'rolling', durationMs: 90 * day },
] as const) {
  const name = window.kind === 'calendar' ? window.unit : '90 days'
  test(`a window of a ${name} is read from days where memory does not reach, also after a restart`, async () => {
    const store = new RememberingStore()
    const slos = [slo(window)]
    const engine = anEngine({ slos, store, stepMs: step })
    // Calendar windows that began long before memory does, and are not over.
    const end = start + (window.kind === 'rolling' ? 100 : 84) * day
    await tell(engine, start, start + 34 * day)
    for (let from = start + 34 * day; from < end; from += 12 * hour) {
      await tell(engine, from + step, from + 12 * hour)
      assertWithin(window, engine, from + 12 * hour)
    }
    const sums = running.get(engine) ?? { bad: 0, total: 0 }
    await engine.checkpoint()
    const restarted = anEngine({ slos, store: store.copy(), stepMs: step })
    await restarted.restore()
    await tell(restarted, end, end + 2 * hour, {
      bad: sums.bad - events(end).bad,
      total: sums.total - events(end).total,
    })
    assertWithin(window, engine, end)
    const coverage = assertWithin(window, restarted, end + 2 * hour)
    if (window.kind === 'rolling') assert.equal(coverage, 1)
    const kept = [...engine.counting.regions.values()][0].history.rows
    assert.ok(end - kept[0].at < 37 * day, 'memory does not grow with the window')
  })
}

test('an SLO that counts something else from now on keeps its days, and today goes on in a second part', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [slo()], store, stepMs: step })
  const change = start + 2 * day + 6 * hour
  await tell(engine, start, change)
  const yesterday = store.days[1]
  engine.reload([{ ...slo(), indicator: anSlo({ total: counters('bad') }).indicator }], everythingToOncall)
  await tell(engine, change + step, change + 6 * hour)
  assert.deepEqual(store.days[1], yesterday)
  const today = store.days.filter(({ from }) => from >= yesterday.to)
  assert.equal(today.length, 2)
  assert.deepEqual([today[0].to, today[1].from], [change, change])
  const { bad, total } = naive(today[0].from, change)
  assert.deepEqual([today[0].bad, today[0].total], [bad, total])
  assert.ok(today[1].total > 0 && today[1].total < 1_000)
})

test('a day that could not be stored is stored with the next', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [slo()], store, stepMs: step })
  await tell(engine, start, start + day)
  store.failures = 1
  const sums = running.get(engine)
  await assert.rejects(tell(engine, start + day + step, start + day + step, sums))
  await evaluateAll(engine)
  const at = start + day + step
  await tell(engine, at + step, at + 2 * step, {
    bad: (sums?.bad ?? 0) + events(at).bad,
    total: (sums?.total ?? 0) + events(at).total,
  })
  const last = store.days.at(-1)
  assert.ok(last)
  assert.deepEqual({ bad: last.bad, total: last.total }, naive(last.from, last.until))
  assert.ok(last.until > at)
})
