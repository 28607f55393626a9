import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Engine } from '../../src/engine/engine.ts'
import { sloHistory, sloTrend } from '../../src/engine/slo-history.ts'
import { sloStatuses } from '../../src/engine/slo-status.ts'
import type { ScopeStatus } from '../../src/ports/slo-status.ts'
import { anSlo } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, send } from '../support/engine-world.ts'

const minute = 60_000
const day = 24 * 60 * minute
const start = Date.UTC(2026, 0, 5)

test('every moment reads as it did when it was evaluated', async () => {
  const { engine, seen } = await played({ minutes: 50, failing: (at) => (at > 20 && at < 30 ? 0.1 : 0.001) })
  for (const scope of ['global', 'eu', 'us']) {
    const history = sloHistory(engine, { slo: 'checkout', scope, lengthMs: 40 * minute, points: 40 })
    assert.ok(history)
    assert.equal(history.stepMs, minute)
    assert.equal(history.points.length, 40)
    let before: ScopeStatus | undefined
    for (const { at, burnRates, sli, remaining, bad, total } of history.points) {
      const then = seen.get(`${scope}/${at}`)
      assert.ok(then, `${scope} was evaluated at ${at}`)
      assert.deepEqual(
        burnRates,
        then.burnRates.map(({ burnRate }) => burnRate),
      )
      assert.deepEqual([sli, remaining], [then.sli, then.projected?.remaining])
      if (before?.counts != null && then.counts !== null) {
        assert.deepEqual([bad, total], [then.counts.bad - before.counts.bad, then.counts.total - before.counts.total])
      }
      before = then
    }
  }
})

test('a period that is excluded and muted burns in no window of the past either', async () => {
  const { engine } = await played({ minutes: 50, failing: (at) => (at > 20 && at < 30 ? 0.1 : 0) })
  const over = { from: start + 15 * minute, to: start + 35 * minute }
  engine.setExclusions([
    {
      id: 'e',
      matches: { slos: ['checkout'], services: [], regions: [] },
      schedule: { kind: 'once', ...over },
      mute: true,
      excludeFromBudget: true,
      author: 'ada',
      reason: 'load test',
      at: null,
    },
  ])
  const history = sloHistory(engine, { slo: 'checkout', scope: 'global', lengthMs: 40 * minute, points: 40 })
  assert.ok(history)
  assert.ok(history.points.every(({ burnRates }) => burnRates.every((rate) => rate === null || rate === 0)))
  assert.equal(history.points.at(-1)?.remaining, 1)
})

test('what was not seen is a gap and not 0', async () => {
  // A counter that comes back tells what happened meanwhile; of the time before its first sample nobody knows.
  const { engine } = await played({
    minutes: 50,
    failing: () => 0,
    isSilent: (at, region) => at < 20 && region === 'eu',
  })
  const history = sloHistory(engine, { slo: 'checkout', scope: 'eu', lengthMs: 48 * minute, points: 48 })
  const gap = history?.points.filter(({ at }) => at <= start + 20 * minute)
  assert.ok(gap !== undefined && gap.length > 10)
  for (const { seen, bad, total, sli, remaining, burnRates } of gap) {
    assert.deepEqual([seen, bad, total, sli, remaining, burnRates[0]], [0, null, null, null, null, null])
  }
  assert.ok(history?.points.slice(gap.length).every(({ seen, total }) => seen === 1 && total === 10_000))
})

test('a long history has no more points than asked for, and ends with the last evaluation', async () => {
  const { engine } = await played({ minutes: 10, failing: () => 0 })
  const history = sloHistory(engine, { slo: 'checkout', scope: 'global', lengthMs: undefined, points: 100 })
  assert.ok(history !== undefined && history.points.length <= 101)
  assert.equal(history.points.at(-1)?.at, engine.evaluatedAt('global'))
  assert.equal(history.points[0].sli, null)
  assert.equal(history.points[0].total, null)
})

test('there is nothing to tell of an SLO or a scope that is not known', async () => {
  const { engine } = await played({ minutes: 3, failing: () => 0 })
  const ask = { slo: 'checkout', scope: 'global', lengthMs: minute, points: 10 }
  assert.equal(sloHistory(engine, { ...ask, slo: 'nothing' }), undefined)
  assert.equal(sloHistory(engine, { ...ask, scope: 'mars' }), undefined)
  assert.equal(sloTrend(engine, 'nothing', 30), undefined)
  assert.equal(sloTrend(anEngine({ slos: [anSlo()] }), 'checkout', 30), undefined)
})

test('the trend has one burn rate a day, and none for days of which nothing is known', async () => {
  const { engine } = await played({ minutes: 30, failing: () => 0.01 })
  const trend = sloTrend(engine, 'checkout', 30)
  assert.equal(trend?.length, 30)
  assert.deepEqual(
    trend?.map(({ from }) => from),
    Array.from({ length: 30 }, (_, index) => start - (29 - index) * day),
  )
  const rate = trend?.at(-1)?.burnRate ?? 0
  assert.ok(Math.abs(rate - 10) < 1e-9, `${rate}`)
  assert.ok(trend?.slice(0, -1).every(({ burnRate }) => burnRate === null))
})

interface Story {
  readonly minutes: number
  /** By the minute. */
  readonly failing: (at: number) => number
  readonly isSilent?: (at: number, region: string) => boolean
}

/** Two regions, evaluated minute by minute; what every scope read then is remembered. */
async function played({ minutes, failing, isSilent }: Story) {
  const engine: Engine = anEngine({ slos: [anSlo()], stepMs: minute })
  const seen = new Map<string, ScopeStatus>()
  let [total, bad] = [0, 0]
  for (let at = 0; at <= minutes; at++) {
    total += 10_000
    bad += Math.round(10_000 * failing(at))
    for (const region of ['eu', 'us']) {
      if (isSilent?.(at, region) === true) continue
      const labels = { region, job: 'shop', instance: region }
      const time = start + at * minute
      send(engine.sink, [
        { labels: { __name__: 'total', ...labels }, time, value: total },
        { labels: { __name__: 'bad', ...labels }, time, value: bad },
      ])
    }
    await evaluateAll(engine)
    for (const scope of sloStatuses(engine, start + at * minute)[0].scopes) {
      if (scope.at !== null) seen.set(`${scope.scope}/${scope.at}`, scope)
    }
  }
  return { engine, seen }
}
