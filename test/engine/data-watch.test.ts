import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import type { DataPolicy, Slo } from '../../src/core/model/slo.ts'
import { defaultDataPolicy } from '../../src/core/model/slo.ts'
import { wordingOf } from '../../src/delivery/wording.ts'
import { sloStatusInDetail } from '../../src/engine/slo-status.ts'
import { incidentIn } from '../support/delivery-messages.ts'
import { anSlo, aRule } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore, send } from '../support/engine-world.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 5)

const rules = [aRule('page', hour, 5 * minute, '10')]

function watched(data: Partial<DataPolicy>, overrides: Partial<Slo> = {}): Slo {
  return { ...anSlo({ rules }), data: { ...defaultDataPolicy, ...data }, ...overrides }
}

interface Region {
  readonly name: string
  /** Events and failures up to a moment; undefined where nothing comes. */
  readonly at: (time: number) => { readonly total: number; readonly bad: number } | undefined
}

interface Told {
  readonly slo: Slo
  readonly regions: readonly Region[]
  readonly forMs: number
  readonly every?: number
  readonly clock?: boolean
  /** The process ends here, and another one takes up its checkpoint. */
  readonly restartAt?: number
  readonly exclusions?: readonly Exclusion[]
}

/** Plays regions through an engine, tick by tick; with a clock time goes on where no data does. */
async function tell({ slo, regions, forMs, every = step, clock = false, restartAt, exclusions = [] }: Told) {
  const store = new RememberingStore()
  let now = start
  const begin = () => {
    const made = anEngine({ slos: [slo], store, stepMs: every, ...(clock ? { now: () => now } : {}) })
    made.setExclusions(exclusions)
    return made
  }
  let engine = begin()
  for (now = start; now <= start + forMs; now += every) {
    if (now - start === restartAt) {
      await engine.checkpoint()
      engine = begin()
      await engine.restore()
    }
    for (const { name, at } of regions) {
      const counts = at(now - start)
      if (counts === undefined) continue
      const labels = { region: name, job: 'shop', instance: name }
      send(engine.sink, [
        { labels: { __name__: 'total', ...labels }, time: now, value: counts.total },
        { labels: { __name__: 'bad', ...labels }, time: now, value: counts.bad },
      ])
    }
    await evaluateAll(engine)
  }
  return { store, engine, end: now - every }
}

const steady = (name: string, perSecond = 10): Region => ({
  name,
  at: (time) => ({ total: (time / 1_000) * perSecond, bad: 0 }),
})

function silentBetween(region: Region, from: number, to: number): Region {
  return { ...region, at: (time) => (time >= from && time < to ? undefined : region.at(time)) }
}

test('a region that cannot be seen for ten minutes is a ticket that says since when, which ends when it is seen again', async () => {
  const regions = [steady('eu'), silentBetween(steady('us'), 30 * minute, 60 * minute)]
  const { store } = await tell({ slo: watched({}), regions, forMs: 90 * minute })
  assert.deepEqual(store.episodes, [])
  const [blind, ...others] = store.dataEpisodes
  assert.deepEqual(others, [])
  assert.deepEqual(blind.id, { slo: 'checkout', scope: 'us', severity: 'ticket', cause: 'blind' })
  const sinceMs = blind.firedAt - start
  assert.ok(sinceMs >= 40 * minute - step && sinceMs <= 41 * minute, `fired after ${sinceMs / minute} min`)
  assert.ok((blind.resolvedAt ?? 0) - start >= 60 * minute && (blind.resolvedAt ?? 0) - start <= 62 * minute)
  const opened = incidentIn(store.deliveries[0])
  assert.equal(opened.data?.since, start + 30 * minute - step, 'the last sample that came')
  const { facts, verdict } = wordingOf(opened)
  assert.match(verdict.failing, /^us cannot be seen for 1[01]m/)
  assert.match(facts[0].text, /^none since 2026-01-05 00:29 UTC \(1[01]m\)$/)
})

test('who is told of a region that cannot be seen, and after how long, is for the SLO to say', async () => {
  const regions = [steady('eu'), silentBetween(steady('us'), 30 * minute, 60 * minute)]
  const paging = await tell({
    slo: watched({ blind: { severity: 'page', afterMs: 5 * minute } }),
    regions,
    forMs: 60 * minute,
  })
  assert.deepEqual(
    paging.store.dataEpisodes.map(({ id }) => id.severity),
    ['page'],
  )
  const off = await tell({ slo: watched({ blind: { severity: 'off', afterMs: minute } }), regions, forMs: 60 * minute })
  assert.deepEqual(off.store.dataEpisodes, [])
})

test('when no region can be seen that is told once, of all together, by the clock alone', async () => {
  const regions = ['eu', 'us'].map((name) => silentBetween(steady(name), 30 * minute, 80 * minute))
  const { store } = await tell({ slo: watched({}), regions, forMs: 100 * minute, clock: true })
  assert.deepEqual(
    store.dataEpisodes.map(({ id, resolvedAt }) => [id.scope, id.cause, resolvedAt !== null]),
    [['global', 'blind', true]],
  )
  const sinceMs = store.dataEpisodes[0].firedAt - start
  assert.ok(sinceMs >= 40 * minute - step && sinceMs <= 43 * minute, `fired after ${sinceMs / minute} min`)
  assert.equal(incidentIn(store.deliveries[0]).data?.since, start + 30 * minute - step, 'the last that came of any')
})

test('an alert that burns stays open while its region is dark for a day, and while all of them are', async () => {
  const burning: Region = {
    name: 'us',
    at: (time) => ({ total: time / 100, bad: time > 20 * minute ? (time - 20 * minute) / 200 : 0 }),
  }
  for (const others of [[steady('eu', 1)], []]) {
    const regions = [...others, silentBetween(burning, hour, 25 * hour)]
    const { store } = await tell({ slo: watched({}), regions, forMs: 25 * hour - minute, every: minute, clock: true })
    const us = store.episodes.filter(({ id }) => id.scope === 'us')
    assert.deepEqual(
      us.map(({ resolvedAt }) => resolvedAt),
      [null],
    )
  }
})

test('nothing resolves globally while the worst case of an unseen region would still burn, and it does once that is over', async () => {
  const failing = (until: number): Region => ({
    name: 'eu',
    at: (time) => ({ total: time / 100, bad: Math.max(0, Math.min(time, until) - 20 * minute) / 200 }),
  })
  const dark = silentBetween(steady('us', 10), 30 * minute, 10 * hour)
  const held = await tell({ slo: watched({}), regions: [failing(40 * minute), dark], forMs: 5 * hour })
  const global = held.store.episodes.filter(({ id }) => id.scope === 'global')
  assert.deepEqual(
    global.map(({ resolvedAt }) => resolvedAt),
    [null],
  )
  const ignored = await tell({
    slo: watched({ unseen: 'ignore' }),
    regions: [failing(40 * minute), dark],
    forMs: 5 * hour,
  })
  const ended = ignored.store.episodes.filter(({ id }) => id.scope === 'global')
  assert.ok(ended.length > 0 && ended.every(({ resolvedAt }) => resolvedAt !== null))
})

test('an alert of all regions ends although one cannot be seen, where not even the worst case of that one would burn', async () => {
  const failing: Region = {
    name: 'eu',
    at: (time) => ({ total: time / 10, bad: Math.max(0, Math.min(time, 40 * minute) - 20 * minute) / 20 }),
  }
  const small = silentBetween(steady('us', 0.1), 30 * minute, 10 * hour)
  const { store, engine, end } = await tell({ slo: watched({}), regions: [failing, small], forMs: 3 * hour })
  const global = store.episodes.filter(({ id }) => id.scope === 'global')
  assert.equal(global.length, 1)
  assert.ok(global[0].resolvedAt !== null)
  assert.equal(sloStatusInDetail(engine, 'checkout', end)?.scopes[0].state, 'partial', 'it still cannot be seen')
})

test('an unseen region that is to be ignored, or is no region any more, widens nothing', async () => {
  const highest = async (data: Partial<DataPolicy>) => {
    const regions = [steady('eu'), silentBetween(steady('us'), hour, 10 * day)]
    const { engine, end } = await tell({ slo: watched(data), regions, forMs: 2 * hour, every: minute })
    const [global] = sloStatusInDetail(engine, 'checkout', end)?.scopes ?? []
    return global.detail?.bounds[0].high
  }
  assert.ok(((await highest({})) ?? 0) > 100)
  assert.equal(await highest({ unseen: 'ignore' }), 0)
  assert.equal(await highest({ forgetRegionAfterMs: 30 * minute }), 0)
})

test('an unseen region that is taken to be bad alerts by itself, and one taken to be good does not', async () => {
  const regions = [steady('eu'), silentBetween(steady('us'), 2 * hour, 3 * hour)]
  const bad = await tell({ slo: watched({ unseen: 'bad' }), regions, forMs: 4 * hour })
  const us = bad.store.episodes.filter(({ id }) => id.scope === 'us')
  assert.ok(us.length > 0)
  for (const { firedAt, resolvedAt } of us)
    assert.ok(resolvedAt !== null && resolvedAt > firedAt, `${firedAt} to ${resolvedAt}`)
  const good = await tell({ slo: watched({ unseen: 'good' }), regions, forMs: 4 * hour })
  assert.deepEqual(good.store.episodes, [])
})

test('the burn rate of all regions is an interval while one cannot be seen, and one number again when it can', async () => {
  const regions = [steady('eu', 30), silentBetween(steady('us', 10), 30 * minute, 40 * minute)]
  const dark = await tell({ slo: watched({}), regions, forMs: 38 * minute })
  const status = sloStatusInDetail(dark.engine, 'checkout', dark.end)
  const bounds = status?.scopes[0].detail?.bounds[0]
  assert.ok(bounds !== undefined)
  assert.equal(bounds.low, 0)
  assert.ok(Math.abs((bounds.high ?? 0) - 0.25 / 0.001) < 10, `${bounds.high}`)
  const back = await tell({ slo: watched({}), regions, forMs: 60 * minute })
  const after = sloStatusInDetail(back.engine, 'checkout', back.end)?.scopes[0].detail?.bounds[0]
  assert.deepEqual([after?.low, after?.high], [0, 0])
})

test('a region that is not expected and has gone holds nothing open for ever, and one that is expected does', async () => {
  const regions = [steady('eu'), silentBetween(steady('us'), hour, 10 * day)]
  const told = { regions, forMs: 2 * day, every: 5 * minute }
  const gone = await tell({ slo: watched({ forgetRegionAfterMs: day }), ...told })
  assert.deepEqual(
    gone.store.dataEpisodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
    [['us', true]],
  )
  const [global] = sloStatusInDetail(gone.engine, 'checkout', gone.end)?.scopes ?? []
  assert.equal(global.state, 'ok')
  const { regions: settings } = anSlo()
  const expected = watched({ forgetRegionAfterMs: day }, { regions: { ...settings, expected: ['eu', 'us'] } })
  const missed = await tell({ slo: expected, ...told })
  assert.deepEqual(
    missed.store.dataEpisodes.map(({ resolvedAt }) => resolvedAt),
    [null],
  )
  assert.equal(sloStatusInDetail(missed.engine, 'checkout', missed.end)?.scopes[0].state, 'partial')
})

test('a region that is added counts from its first event on, in the whole as well, and was not missed before', async () => {
  const since = hour
  const added: Region = {
    name: 'ap',
    at: (time) => (time < since ? undefined : { total: (time - since) / 100, bad: (time - since) / 200 }),
  }
  const { store, engine, end } = await tell({ slo: watched({}), regions: [steady('eu'), added], forMs: 2 * hour })
  const scopes = new Map(sloStatusInDetail(engine, 'checkout', end)?.scopes.map((scope) => [scope.scope, scope]))
  const [global, eu, ap] = ['global', 'eu', 'ap'].map((name) => scopes.get(name)?.counts)
  assert.equal(ap?.bad, hour / 200)
  assert.equal(global?.bad, ap.bad)
  assert.equal(global.total, (eu?.total ?? 0) + ap.total)
  assert.deepEqual(store.dataEpisodes, [])
  assert.ok(store.episodes.some(({ id }) => id.scope === 'ap' && id.severity === 'page'))
})

test('a region that is expected and never comes is told as well', async () => {
  const { regions: settings } = anSlo()
  const slo = watched({}, { regions: { ...settings, expected: ['eu', 'ap'] } })
  const { store } = await tell({ slo, regions: [steady('eu')], forMs: 30 * minute })
  assert.deepEqual(
    store.dataEpisodes.map(({ id }) => id.scope),
    ['ap'],
  )
})

test('a region that never came is missed no more once nobody expects it', async () => {
  const { regions: settings } = anSlo()
  const slo = watched({}, { regions: { ...settings, expected: ['eu', 'ap'] } })
  const { store, engine } = await tell({ slo, regions: [steady('eu')], forMs: 30 * minute })
  assert.equal(store.dataEpisodes[0]?.resolvedAt, null)
  engine.reload([watched({}, { regions: { ...settings, expected: ['eu'] } })], everythingToOncall)
  await evaluateAll(engine)
  assert.deepEqual(
    store.dataEpisodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
    [['ap', true]],
  )
})

test('traffic that is gone against the same time of past weeks is a ticket, or what the SLO says, and comes back', async () => {
  const weeks = 3
  const gone = { from: weeks * 7 * day + 2 * hour, to: weeks * 7 * day + 5 * hour }
  const falling: Region = {
    name: 'eu',
    at: (time) => {
      const lost = Math.max(0, Math.min(time, gone.to) - gone.from)
      return { total: (time - lost) / 100, bad: 0 }
    },
  }
  const told = { regions: [falling, steady('us')], forMs: weeks * 7 * day + 7 * hour, every: 5 * minute }
  const { store } = await tell({ slo: watched({}), ...told })
  assert.deepEqual(
    store.dataEpisodes.map(({ id, resolvedAt }) => [id.scope, id.cause, id.severity, resolvedAt !== null]),
    [['eu', 'traffic-gone', 'ticket', true]],
  )
  const { firedAt } = store.dataEpisodes[0]
  assert.ok(firedAt - start >= gone.from + 15 * minute && firedAt - start <= gone.from + 40 * minute)
  const [opened] = store.deliveries.map(incidentIn)
  assert.equal(opened.data?.cause, 'traffic-gone')
  assert.equal(opened.data.usualEvents, 15 * 60 * 10)
  assert.ok(opened.data.events !== null && opened.data.events < 0.02 * opened.data.usualEvents)
  const paging = await tell({ slo: watched({ trafficGone: 'page' }), ...told })
  assert.deepEqual(
    paging.store.dataEpisodes.map(({ id }) => id.severity),
    ['page'],
  )
  const off = await tell({ slo: watched({ trafficGone: 'off' }), ...told })
  assert.deepEqual(off.store.dataEpisodes, [])
})

/** Out of sight for a while, and started again just before it can be seen: what it counted before nobody knows. */
function startedAgain(name: string, from: number, to: number, perSecond = 10): Region {
  const at = (time: number) => {
    if (time >= from && time < to) return undefined
    return { total: ((time < from ? time : time - to + 500) / 1_000) * perSecond, bad: 0 }
  }
  return { name, at }
}

test('no traffic is missing where a service was not seen and had started again, and the time before its start is not known', async () => {
  const dark = { from: 21 * day + 2 * hour, to: 21 * day + 3 * hour }
  const regions = [startedAgain('eu', dark.from, dark.to), steady('us')]
  const { store, engine, end } = await tell({
    slo: watched({ blind: { ...defaultDataPolicy.blind, severity: 'off' } }),
    regions,
    forMs: dark.to + hour,
    every: 5 * minute,
  })
  assert.deepEqual(
    store.dataEpisodes.map(({ id }) => id.cause),
    [],
  )
  const seen = engine.counting.regions.get('eu')?.slos.get('checkout')?.seen
  assert.equal(seen?.seenMs(start + dark.from - 5 * minute, end), hour)
})

test('a service that was not seen and started again ends no page by the time of which nothing is known', async () => {
  const [failing, silent, back] = [30 * minute, 40 * minute, 80 * minute]
  const eu: Region = {
    name: 'eu',
    at: (time) => {
      if (time >= silent && time < back) return undefined
      const bad = time < silent ? Math.max(0, time - failing) : time - back
      return { total: (time < silent ? time : time - back + minute) / 100, bad: bad / 200 }
    },
  }
  const { store } = await tell({ slo: watched({}), regions: [eu], forMs: 100 * minute })
  assert.deepEqual(
    store.episodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt]),
    [
      ['eu', null],
      ['global', null],
    ],
  )
})

test('a service that is idle at that time every week, or too young to tell, has no traffic missing', async () => {
  const businessHours: Region = {
    name: 'eu',
    at: (time) => {
      const days = Math.floor(time / day)
      const inDay = Math.min(8 * hour, Math.max(0, (time % day) - 9 * hour))
      return { total: (days * 8 * hour + inDay) / 100, bad: 0 }
    },
  }
  const { store } = await tell({ slo: watched({}), regions: [businessHours], forMs: 22 * day, every: 5 * minute })
  assert.deepEqual(store.dataEpisodes, [])
  const young = silentTraffic()
  const { store: second } = await tell({ slo: watched({}), regions: [young], forMs: 3 * day, every: 5 * minute })
  assert.deepEqual(second.dataEpisodes, [])
})

function silentTraffic(): Region {
  return { name: 'eu', at: (time) => ({ total: Math.min(time, 2 * day) / 100, bad: 0 }) }
}

test('traffic that is gone everywhere is told once, of all regions together, and is back with the first of them', async () => {
  const gone = { from: 21 * day + 2 * hour, to: 21 * day + 5 * hour }
  const falling = (name: string, backAfterMs: number): Region => ({
    name,
    at: (time) => ({ total: (time - Math.max(0, Math.min(time, gone.to + backAfterMs) - gone.from)) / 100, bad: 0 }),
  })
  const regions = [falling('eu', 0), falling('us', 2 * hour)]
  const { store } = await tell({ slo: watched({}), regions, forMs: gone.to + 4 * hour, every: 5 * minute })
  const told = store.dataEpisodes.map(({ id, firedAt, resolvedAt }) => {
    return [
      id.scope,
      Math.round((firedAt - start - gone.from) / hour),
      Math.round(((resolvedAt ?? 0) - start - gone.to) / hour),
    ]
  })
  assert.deepEqual(told, [
    ['global', 0, 0],
    ['us', 3, 2],
  ])
})

test('an alert does not end when nothing can be seen anywhere, also where unseen regions are to be ignored', async () => {
  const failing: Region = {
    name: 'eu',
    at: (time) => ({ total: time / 100, bad: Math.max(0, time - 20 * minute) / 200 }),
  }
  const regions = [failing, steady('us')].map((region) => silentBetween(region, 40 * minute, 10 * hour))
  const { store, engine } = await tell({
    slo: watched({ unseen: 'ignore' }),
    regions,
    forMs: 40 * minute,
    every: minute,
  })
  const open = () => store.episodes.filter(({ resolvedAt }) => resolvedAt === null).map(({ id }) => id.scope)
  const before = open()
  assert.ok(before.includes('eu') && before.includes('global'))
  // Something else goes on in another region, which moves time on.
  for (let time = 41 * minute; time <= 4 * hour; time += minute) {
    const labels = { region: 'us', job: 'other', instance: 'us' }
    send(engine.sink, [{ labels: { __name__: 'unrelated', ...labels }, time: start + time, value: time }])
    await evaluateAll(engine)
  }
  assert.deepEqual(open(), before)
})

test('a week in which nobody came, or hardly anybody, does not hide that traffic is gone now', async () => {
  const holiday = { from: 21 * day, to: 22 * day }
  const gone = { from: 28 * day + 6 * hour, to: 28 * day + 9 * hour }
  const lost = (time: number, span: typeof holiday) => Math.max(0, Math.min(time, span.to) - span.from)
  for (const share of [1, 0.995]) {
    const falling: Region = {
      name: 'eu',
      at: (time) => ({
        total: Math.floor((time - share * lost(time, holiday) - share * lost(time, gone)) / 100),
        bad: 0,
      }),
    }
    const forMs = gone.to + 2 * hour
    const { store } = await tell({ slo: watched({}), regions: [falling, steady('us')], forMs, every: 5 * minute })
    const [, missed, ...others] = store.dataEpisodes.map(({ firedAt, resolvedAt }) => [firedAt - start, resolvedAt])
    assert.deepEqual(others, [], 'the holiday itself, and what is gone')
    assert.ok(Number(missed[0]) >= gone.from + 15 * minute && Number(missed[0]) <= gone.from + 40 * minute)
    assert.ok(Number(missed[1]) - start >= gone.to)
  }
})

/** A region goes dark for an hour and fails in it, or does not: the other of what its policy takes it to do. */
function takenFor(unseen: 'bad' | 'good', restarted: Pick<Told, 'restartAt'> = {}) {
  const failing: Region = {
    name: 'us',
    at: (time) => ({ total: time / 100, bad: Math.max(0, Math.min(time, 3 * hour) - 2 * hour) / 200 }),
  }
  const us = silentBetween(unseen === 'good' ? failing : steady('us'), 2 * hour, 3 * hour)
  return tell({ slo: watched({ unseen }), regions: [steady('eu'), us], forMs: 4 * hour, every: minute, ...restarted })
}

test('what was judged before its data came is not judged again after a restart', async () => {
  for (const unseen of ['bad', 'good'] as const) {
    const { episodes } = (await takenFor(unseen)).store
    assert.ok(episodes.length > 0)
    assert.deepEqual((await takenFor(unseen, { restartAt: 3 * hour })).store.episodes, episodes, unseen)
  }
})

test('a region that never came was not lost when the others were: that is told as of them', async () => {
  const { regions: settings } = anSlo()
  const slo = watched({}, { regions: { ...settings, expected: ['eu', 'us', 'ap'] } })
  const regions = ['eu', 'us'].map((name) => silentBetween(steady(name), hour, 9 * hour))
  const told = { slo, regions, forMs: 100 * minute, every: minute, clock: true }
  const whenBlind = async (restartAt?: number) => {
    const { store } = await tell(restartAt === undefined ? told : { ...told, restartAt })
    const global = store.dataEpisodes.find(({ id }) => id.scope === 'global')
    return ((global?.firedAt ?? 0) - start) / minute
  }
  const at = await whenBlind()
  assert.ok(at <= 71)
  assert.ok(Math.abs((await whenBlind(64 * minute)) - at) <= 1, 'a restart after they were lost')
})

/** Two regions that are heard one after the other, by an engine that is told of time and does not run for a while. */
async function inTurn(data: Partial<DataPolicy>, { downMs = 0, darkAt = Number.POSITIVE_INFINITY } = {}) {
  const store = new RememberingStore()
  let now = start
  const begin = () => anEngine({ slos: [watched(data)], store, now: () => now, delayMs: step })
  let engine = begin()
  let toldAt: number | undefined
  for (; now < start + 2 * hour; now += 5_000) {
    if (downMs > 0 && now === start + 30 * minute) {
      await engine.checkpoint()
      now += downMs
      engine = begin()
      await engine.restore()
      await evaluateAll(engine)
    }
    const time = now - start
    for (const [name, at] of [
      ['eu', 0],
      ['us', 10_000],
    ] as const) {
      if (time % step !== at || (name === 'us' && time >= darkAt)) continue
      const labels = { region: name, job: 'shop', instance: name }
      send(engine.sink, [
        { labels: { __name__: 'total', ...labels }, time: now, value: time },
        { labels: { __name__: 'bad', ...labels }, time: now, value: 0 },
      ])
      await evaluateAll(engine)
    }
    await evaluateAll(engine)
    if (store.deliveries.length > 0) toldAt ??= time
  }
  return { store, toldAt }
}

test('what could not be seen while no process ran is neither missing nor bad once it is heard', async () => {
  for (const unseen of ['hold', 'bad', 'good', 'ignore'] as const) {
    for (const downMs of [3 * minute, 20 * minute, hour]) {
      const { store } = await inTurn({ unseen }, { downMs })
      assert.deepEqual([store.episodes, store.dataEpisodes], [[], []], `${unseen}, ${downMs / minute} min`)
    }
  }
})

test('a region that stays dark over a downtime is told of once the others had time to be heard', async () => {
  const { store, toldAt } = await inTurn({}, { downMs: 20 * minute, darkAt: 25 * minute })
  assert.deepEqual(
    store.dataEpisodes.map(({ id }) => id.scope),
    ['us'],
  )
  assert.ok(toldAt !== undefined && toldAt <= 53 * minute, `${toldAt}`)
})

test('blindness is told an evaluation after it has lasted, however short that is', async () => {
  for (const [afterMin, lateMax] of [
    [1, 45_000],
    [2, 45_000],
    [10, minute + 30_000],
  ]) {
    const policy = { blind: { severity: 'ticket' as const, afterMs: afterMin * minute } }
    const { toldAt = 0 } = await inTurn(policy, { darkAt: 40 * minute })
    const lateMs = toldAt - 40 * minute - afterMin * minute
    assert.ok(lateMs > 0 && lateMs <= lateMax, `${afterMin} min are told ${lateMs / 1_000} s late`)
  }
})

test('a region that is worked on is taken to be neither bad nor missing, in no scope', async () => {
  const work: Exclusion = {
    id: 'move',
    matches: { slos: [], services: [], regions: ['us'] },
    schedule: { kind: 'once', from: start + 2 * hour - minute, to: start + 3 * hour + minute },
    mute: true,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'the region moves',
    at: null,
  }
  const regions = [steady('eu'), silentBetween(steady('us'), 2 * hour, 3 * hour)]
  const told = { slo: watched({ unseen: 'bad' }), regions, forMs: 4 * hour, every: minute }
  const { store } = await tell({ ...told, exclusions: [work] })
  assert.deepEqual(store.episodes, [])
  assert.ok((await tell({ ...told, exclusions: [{ ...work, mute: false }] })).store.episodes.length > 0)
  const dark = await tell({ ...told, forMs: 150 * minute, exclusions: [work] })
  const [global] = sloStatusInDetail(dark.engine, 'checkout', dark.end)?.scopes ?? []
  assert.deepEqual([global.state, global.detail?.bounds[0].high], ['partial', 0])
})

test('a region that is taken to be bad and is no region any more alerts no more', async () => {
  const regions = [steady('eu'), silentBetween(steady('us'), hour, 10 * day)]
  const slo = watched({ unseen: 'bad', forgetRegionAfterMs: 2 * hour })
  const { store } = await tell({ slo, regions, forMs: 5 * hour, every: minute })
  const us = store.episodes.filter(({ id }) => id.scope === 'us')
  assert.deepEqual(
    us.map(({ resolvedAt }) => resolvedAt === null),
    [false],
  )
})
