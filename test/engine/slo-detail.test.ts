import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exhaustionForecast, failuresForecast } from '../../src/core/budget/forecast.ts'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { defaultDataPolicy, type Slo } from '../../src/core/model/slo.ts'
import { sloStatusInDetail } from '../../src/engine/slo-status.ts'
import { sloJson } from '../../src/web/api/slo-json.ts'
import { anSlo, exactly } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 5)

interface World {
  readonly slo: Slo
  readonly forMs: number
  readonly every?: number
  readonly scale?: number
  readonly failing?: (time: number, region: string) => number
  readonly isSilent?: (time: number, region: string) => boolean
  /** What the clock of the sender is wrong by. */
  readonly skew?: (time: number) => number
  readonly exclusions?: readonly Exclusion[]
  /** Nobody asks for anything, and the counters stand. */
  readonly isIdle?: (time: number) => boolean
  /** The process ends here, and another one takes up its checkpoint. */
  readonly restartAt?: number
}

/** Plays two regions of unequal size and gives what the API answers for the SLO, as JSON gives it. */
async function answered(world: World) {
  const { slo, forMs, every = minute, scale = 1, failing = () => 0, isSilent, skew = () => 0 } = world
  const store = new RememberingStore()
  const begin = () => {
    const made = anEngine({ slos: [slo], stepMs: every, store })
    made.setExclusions(world.exclusions ?? [])
    return made
  }
  let engine = begin()
  const sums = new Map<string, { total: number; bad: number }>()
  for (let time = 0; time <= forMs; time += every) {
    if (time === world.restartAt) {
      await engine.checkpoint()
      engine = begin()
      await engine.restore()
    }
    for (const [region, perStep] of [
      ['eu', 900],
      ['us', 100],
    ] as const) {
      const sum = sums.get(region) ?? { total: 0, bad: 0 }
      sums.set(region, sum)
      const events = world.isIdle?.(time) === true ? 0 : perStep * scale
      sum.total += events
      sum.bad += Math.floor(events * failing(time, region))
      if (isSilent?.(time, region)) continue
      const labels = { region, job: 'shop', instance: region }
      const at = start + time + skew(time)
      send(engine.sink, [
        { labels: { __name__: 'total', ...labels }, time: at, value: sum.total },
        { labels: { __name__: 'bad', ...labels }, time: at, value: sum.bad },
      ])
    }
    await evaluateAll(engine)
  }
  const status = sloStatusInDetail(engine, 'checkout', start + forMs)
  assert.ok(status)
  return { engine, json: JSON.parse(JSON.stringify(sloJson(status))) }
}

function assertFigure(actual: unknown, expected: number | null, where: string): void {
  if (expected === null || actual === null) return assert.equal(actual, expected, where)
  assert.ok(typeof actual === 'number', where)
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${where}: ${actual}, not ${expected}`,
  )
}

const over = (bad: number, by: number) => (by > 0 ? bad / by : null)

/** Reckons every figure of an answer again from the counts that the same answer holds. */
// oxlint-disable-next-line typescript/no-explicit-any -- it is JSON, read as a script would read it
function assertReproducible(slo: any): void {
  const regions = slo.scopes.filter((one: { scope: string; at: number | null }) => one.scope !== 'global')
  const budgetOf = (region: string): number =>
    1 - regions.find((one: { scope: string }) => one.scope === region).detail.objective
  for (const scope of slo.scopes.filter((one: { at: number | null }) => one.at !== null)) {
    const { detail } = scope
    const where = `${slo.name} in ${scope.scope}`
    const budget = 1 - detail.objective
    assertFigure(scope.good, scope.total - scope.bad, `${where}: good`)
    assertFigure(scope.sli, over(scope.good, scope.total), `${where}: sli`)
    const whole = detail.budget
    let [seen, total] = [0, 0]
    for (const segment of whole.segments) {
      seen += segment.seenSeconds
      total += segment.total
    }
    assertFigure(total, scope.total, `${where}: the parts of its window`)
    assert.ok(whole.excluded.bad >= 0 && whole.excluded.total >= whole.excluded.bad, `${where}: excluded`)
    const perSecond = seen > 0 ? total / seen : 0
    let [allowed, projected] = [0, 0]
    for (const segment of whole.segments) {
      const events = segment.total + perSecond * Math.max(0, segment.lengthSeconds - segment.seenSeconds)
      allowed += segment.budget * events
      projected += events
    }
    assertFigure(whole.allowed, allowed, `${where}: allowed`)
    assertFigure(whole.projectedTotal, projected, `${where}: projectedTotal`)
    const soFar = whole.segments.reduce(
      (sum: number, each: (typeof whole.segments)[0]) => sum + each.budget * each.total,
      0,
    )
    for (const [figures, by] of [
      [scope, soFar],
      [scope.projected, allowed],
    ] as const) {
      assertFigure(figures.consumed, scope.total > 0 ? over(scope.bad, by) : null, `${where}: consumed`)
      assertFigure(figures.remaining, figures.consumed === null ? null : 1 - figures.consumed, `${where}: remaining`)
    }
    if (scope.scope !== 'global')
      assertFigure(scope.coverage, whole.seenSeconds / whole.countedSeconds, `${where}: coverage`)
    for (const reading of scope.burnRates) {
      const ratio = over(reading.bad, reading.total)
      assertFigure(reading.errorRatio, ratio, `${where}: error ratio over ${reading.window}`)
      assertFigure(
        reading.burnRate,
        ratio === null ? null : ratio / budget,
        `${where}: burn rate over ${reading.window}`,
      )
    }
    for (const { window, best, worst, low, high } of detail.bounds) {
      const burn = ({ bad, total: all }: { bad: number; total: number }) => (all > 0 ? bad / all / budget : null)
      assertFigure(low, burn(best), `${where}: low over ${window}`)
      assertFigure(high, burn(worst), `${where}: high over ${window}`)
    }
    const { basis, endsAt, secondsToExhaustion, remainingAtEnd } = detail.forecast
    const ground = {
      bad: basis.bad,
      exposure: basis.total,
      dispersion: basis.dispersion,
      ahead: basis.ahead.map((one: { afterSeconds: number; total: number; room: number }) => ({
        afterMs: one.afterSeconds * 1_000,
        exposure: one.total,
        room: one.room,
      })),
    }
    const spent = scope.projected.remaining === null || scope.projected.remaining <= 0
    for (const end of ['low', 'expected', 'high'] as const) {
      const again = spent ? null : exhaustionForecast(ground)[end]
      assertFigure(secondsToExhaustion[end], again === null ? null : again / 1_000, `${where}: exhaustion ${end}`)
    }
    const last = basis.ahead.at(-1)
    const length = whole.segments.reduce((sum: number, each: (typeof whole.segments)[0]) => sum + each.lengthSeconds, 0)
    if (endsAt !== null) assertFigure(last.afterSeconds, endsAt - scope.at, `${where}: until it ends`)
    else if (detail.exclusions.length === 0) assertFigure(last.afterSeconds, length, where)
    assertFigure(last.total, basis.totalToEnd, `${where}: events until then`)
    // Of a rolling window nothing of today is left then; a calendar window keeps all of it.
    const roomThen = endsAt === null ? (over(allowed, projected) ?? 0) * basis.totalToEnd : allowed - scope.bad
    assertFigure(basis.ahead.at(-1).room, roomThen, `${where}: room at the end`)
    for (const { room, total: all } of basis.ahead) {
      const roomMax = (over(allowed, projected) ?? 0) * (projected + all)
      assert.ok(endsAt !== null || room <= roomMax * (1 + 1e-9), `${where}: ${room} is more than a whole window allows`)
    }
    const more = failuresForecast(ground, basis.totalToEnd)
    // At the end of a rolling window all of today has left it: what it holds then is still to come.
    const [badThen, allowedThen] = endsAt === null ? [0, basis.ahead.at(-1).room] : [scope.bad, allowed]
    const left = (failures: number | null) =>
      failures === null || allowedThen <= 0 ? null : 1 - (badThen + failures) / allowedThen
    assertFigure(remainingAtEnd.expected, left(more.expected), `${where}: end`)
    assertFigure(remainingAtEnd.low, left(more.high), `${where}: end at worst`)
    assertFigure(remainingAtEnd.high, left(more.low), `${where}: end at best`)
    for (const list of detail.attribution === null ? [] : [detail.attribution.now, detail.attribution.window]) {
      let [bad, all] = [0, 0]
      for (const share of list) {
        bad += share.bad
        all += share.total
      }
      const excesses = list.map((share: (typeof list)[0]) =>
        Math.max(0, share.bad - budgetOf(share.region) * share.total),
      )
      const excess = excesses.reduce((sum: number, each: number) => sum + each, 0)
      for (const [index, share] of list.entries()) {
        assertFigure(share.ofExcess, over(excesses[index], excess), `${where}: excess of ${share.region}`)
        assertFigure(share.ofFailures, over(share.bad, bad), `${where}: share of ${share.region}`)
        assertFigure(share.ofEvents, over(share.total, all), `${where}: events of ${share.region}`)
        assertFigure(share.ofBudget, over(share.bad, allowed), `${where}: budget of ${share.region}`)
      }
    }
  }
}

/** Numbers are numbers: JSON would turn the others into null, so they are looked for before it. */
function assertNumbers(value: unknown, path = ''): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} is ${value}`)
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) assertNumbers(inner, `${path}/${key}`)
  }
}

/** Hours that are no part of the budget; muted ones burn in no window either. */
function leftOut(fromHour: number, toHour: number, mute: boolean): Exclusion {
  return {
    id: `hour-${fromHour}`,
    matches: { slos: [], services: [], regions: fromHour === 21 ? ['us'] : [] },
    schedule: { kind: 'once', from: start + fromHour * hour, to: start + toHour * hour },
    mute,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'upgrade',
    at: null,
  }
}

const calendar = { kind: 'calendar', unit: 'month', timeZone: 'UTC' } as const
const failing = (time: number, region: string) => (time > 20 * hour ? (region === 'us' ? 0.05 : 0.0005) : 0)

const worlds: readonly (readonly [string, World])[] = [
  ['a rolling window that is not full', { slo: anSlo(), forMs: 26 * hour, failing }],
  ['a calendar window', { slo: { ...anSlo(), window: calendar }, forMs: 26 * hour, failing }],
  ['a full window', { slo: anSlo({ windowDays: 1 }), forMs: 40 * hour, every: 5 * minute, failing }],
  [
    'objectives of regions and of the past',
    {
      slo: {
        ...anSlo({ windowDays: 2 }),
        pastObjectives: [{ objective: exactly('0.99'), until: start + 12 * hour }],
        regions: { ...anSlo().regions, objectives: new Map([['us', exactly('0.95')]]) },
      },
      forMs: 26 * hour,
      failing,
    },
  ],
  [
    'a region that cannot be seen',
    { slo: anSlo(), forMs: 26 * hour, failing, isSilent: (time, region) => region === 'us' && time > 25 * hour },
  ],
  ['all regions silent', { slo: anSlo(), forMs: 26 * hour, failing, isSilent: (time) => time > 25 * hour }],
  [
    'a region silent for a day and back',
    {
      slo: anSlo(),
      forMs: 60 * hour,
      every: 5 * minute,
      failing,
      isSilent: (time, region) => region === 'us' && time > 25 * hour && time < 49 * hour,
    },
  ],
  ['no events', { slo: anSlo(), forMs: 2 * hour, scale: 0 }],
  [
    'a million million events',
    { slo: anSlo(), forMs: 4 * hour, scale: 1e9, failing: (time) => (time > hour ? 0.002 : 0) },
  ],
  [
    'an objective of 99.9999 %',
    { slo: anSlo({ objective: '0.999999' }), forMs: 4 * hour, failing: (time) => (time > hour ? 0.5 : 0) },
  ],
  [
    'clocks that step forth and back',
    {
      slo: anSlo(),
      forMs: 6 * hour,
      failing: () => 0.001,
      skew: (time) => (time > 2 * hour && time < 4 * hour ? 7 * minute : 0),
    },
  ],
  ['one sample only', { slo: anSlo(), forMs: 0 }],
  [
    'a day without traffic after one that failed',
    { slo: anSlo(), forMs: 60 * hour, every: 5 * minute, failing: () => 0.01, isIdle: (time) => time > 30 * hour },
  ],
  [
    'a stretch that is left out of the budget, and one that is muted as well',
    { slo: anSlo(), forMs: 26 * hour, failing, exclusions: [leftOut(21, 22, false), leftOut(23, 24, true)] },
  ],
  [
    'the worst region as global scope',
    { slo: { ...anSlo(), regions: { ...anSlo().regions, global: 'worst' } }, forMs: 26 * hour, failing },
  ],
  [
    'the worst region as global scope, under two objectives and with a part left out',
    {
      slo: {
        ...anSlo({ windowDays: 2 }),
        pastObjectives: [{ objective: exactly('0.99'), until: start + 12 * hour }],
        regions: { ...anSlo().regions, global: 'worst' },
      },
      forMs: 26 * hour,
      // Either region is the worst for a while.
      failing: (time, region) => (region === 'us' ? 0.02 * Number(time < 6 * hour) : 0.03 * Number(time > 20 * hour)),
      exclusions: [leftOut(21, 25, false)],
    },
  ],
  [
    'ten days of fourteen left out of the budget',
    {
      slo: anSlo({ windowDays: 14 }),
      forMs: 15 * day,
      every: 15 * minute,
      failing: () => 0.002,
      exclusions: [leftOut(48, 288, false)],
    },
  ],
  [
    'the mean of regions as global scope',
    { slo: { ...anSlo(), regions: { ...anSlo().regions, global: 'mean' } }, forMs: 26 * hour, failing },
  ],
]

for (const [name, world] of worlds) {
  test(`every figure can be reckoned again from the counts beside it, and is a number: ${name}`, async () => {
    const { engine, json } = await answered(world)
    assertNumbers(sloStatusInDetail(engine, 'checkout', start + world.forMs))
    assertReproducible(json)
    assert.ok(world.forMs === 0 || json.scopes.some(({ at }: { at: number | null }) => at !== null))
  })

  test(`a restart in the middle changes no figure: ${name}`, async () => {
    const every = world.every ?? minute
    const restartAt = Math.round((0.93 * world.forMs) / every) * every
    assert.deepEqual((await answered({ ...world, restartAt })).json, (await answered(world)).json)
  })
}

test('the forecast of a steady burn tells when the budget is spent, and of a spent or silent one nothing', async () => {
  const { json } = await answered({
    slo: anSlo({ windowDays: 7 }),
    forMs: 3 * day,
    every: 5 * minute,
    failing: () => 0.01,
  })
  const [global] = json.scopes
  assert.ok(global.remaining < 0)
  assert.deepEqual(global.detail.forecast.secondsToExhaustion, { low: null, expected: null, high: null })
  const slow = await answered({
    slo: anSlo({ windowDays: 7, objective: '0.99' }),
    forMs: 3 * day,
    every: 5 * minute,
    failing: () => 0.02,
  })
  const { secondsToExhaustion } = slow.json.scopes[0].detail.forecast
  // Twice the budget over seven days is spent after three and a half, of which three are over.
  assert.ok(Math.abs(secondsToExhaustion.expected - 43_200) < 4_000, `${secondsToExhaustion.expected}`)
  assert.ok(
    secondsToExhaustion.low <= secondsToExhaustion.expected && secondsToExhaustion.expected <= secondsToExhaustion.high,
  )
  // A rolling window that holds nothing but such a burn has spent twice its budget.
  const { endsAt, remainingAtEnd } = slow.json.scopes[0].detail.forecast
  assert.equal(endsAt, null)
  assert.ok(remainingAtEnd.low < -1 && remainingAtEnd.high > -1 && Math.abs(remainingAtEnd.expected + 1) < 0.1)
  const healthy = await answered({ slo: anSlo(), forMs: 3 * day, every: 5 * minute })
  assert.equal(healthy.json.scopes[0].detail.forecast.secondsToExhaustion.expected, null)
})

test('the forecast rests on the shortest stretch that holds enough failures to tell a rate', async () => {
  const basisOf = async (share: number) => {
    const { json } = await answered({ slo: anSlo(), forMs: 26 * hour, failing: () => share })
    return json.scopes[0].detail.forecast.basis
  }
  const many = await basisOf(0.01)
  assert.equal(many.overSeconds, 3_600)
  assert.ok(many.bad >= 10)
  // One of nine hundred, nine times in an hour at most: an hour holds too few of them.
  const rare = await answered({
    slo: anSlo(),
    forMs: 26 * hour,
    failing: (time) => (time % (7 * minute) === 0 ? 0.0012 : 0),
  })
  const { basis } = rare.json.scopes[0].detail.forecast
  assert.deepEqual([basis.overSeconds, basis.bad], [6 * 3_600, 51])
})

test('the forecast knows how failures bunch, and what traffic to expect', async () => {
  const basisOf = async (world: Partial<World>) => {
    const { json } = await answered({ slo: anSlo(), forMs: 26 * hour, ...world })
    return json.scopes[0].detail.forecast.basis
  }
  assert.equal((await basisOf({ failing: () => 0.01 })).dispersion, 1)
  const bunched = await basisOf({ failing: (time) => (time % hour === 45 * minute ? 0.6 : 0) })
  // One of 24 blocks holds all of an hour's failures x: Σ (x − x/24)² ÷ (x/24) ÷ 23 is x.
  assert.equal(bunched.overSeconds, 3_600)
  assert.ok(Math.abs(bunched.dispersion - bunched.bad) < 0.05 * bunched.bad, `${bunched.dispersion}`)
  // Nobody asks in the second half of a day: the next one has as many events, not twice as many.
  const isNight = (time: number) => time % day >= 12 * hour
  const nights = await basisOf({ forMs: 36 * hour, isIdle: isNight, failing: () => 0.01 })
  const inDay = (12 * 60 - 1) * 1_000
  const next = nights.ahead.find(({ afterSeconds }: { afterSeconds: number }) => afterSeconds >= 86_400)
  assert.ok(Math.abs(next.total / (next.afterSeconds / 86_400) - inDay) < 0.5 * inDay, `${next.total}`)
  // Of a process that is three hours old, a day is as many times its last hour as it has hours.
  const young = await basisOf({ forMs: 3 * hour, failing: () => 0.01 })
  assert.ok(Math.abs(young.totalToEnd - 30 * 24 * 60_000) < 1e-6 * young.totalToEnd, `${young.totalToEnd}`)
})

test('a small region that burns is named as the one that spends, although a large one hides it in the sum', async () => {
  const small = (time: number, region: string) => (region === 'us' && time > 24 * hour ? 0.05 : 0)
  const { json } = await answered({ slo: anSlo(), forMs: 26 * hour, failing: small })
  const { attribution } = json.scopes[0].detail
  const us = attribution.now.find(({ region }: { region: string }) => region === 'us')
  assert.equal(us.ofFailures, 1)
  assert.equal(us.ofExcess, 1)
  assert.ok(us.ofEvents < 0.11)
})

test('an SLO that says nothing about its data does as documented', () => {
  assert.deepEqual(defaultDataPolicy, {
    unseen: 'hold',
    blind: { severity: 'ticket', afterMs: 10 * minute },
    trafficGone: 'ticket',
    forgetRegionAfterMs: 3 * day,
  })
})
