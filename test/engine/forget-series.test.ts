import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriesForgottenAfterMs, silentTargetForgottenAfterMs } from '../../src/core/model/limits.ts'
import { cardinality } from '../../src/engine/cardinality.ts'
import { SeriesForgetting } from '../../src/engine/forget-series.ts'
import { SeriesPerSlo } from '../../src/engine/series-per-slo.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import { IntakeWorld, minute, start, step } from '../support/intake-world.ts'

const noPause = async (): Promise<void> => {}
const path = (name: string) => ({ __name__: 'total', path: name })

test('a series is forgotten when its target was scraped without it for an hour, and not before', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1)
  tell(world, start, path('/gone'), path('/stays'))
  tell(world, start + seriesForgottenAfterMs, path('/stays'))
  assert.equal(await forgetting.run(noPause), 0)
  tell(world, start + seriesForgottenAfterMs + 5 * minute, path('/stays'))
  assert.equal(await forgetting.run(noPause), 1)
  assert.equal(world.intake.held.count, 1)
})

test('the series of a target that is silent as a whole are remembered for longer: what they count meanwhile is not lost', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1)
  const silent = { ...path('/a'), instance: 'silent' }
  tell(world, start, silent, path('/stays'))
  tell(world, start + silentTargetForgottenAfterMs, path('/stays'))
  assert.equal(await forgetting.run(noPause), 0)
  world.send({ series: silent, at: start + silentTargetForgottenAfterMs + step, value: 50 })
  assert.equal(world.counted().total, 50)
  tell(world, start + 3 * silentTargetForgottenAfterMs, path('/stays'))
  assert.equal(await forgetting.run(noPause), 1)
  assert.equal(cardinality(world.counting).targets, 1)
})

test('refs are void when series were forgotten, and a number stands for another series only after a checkpoint', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1)
  tell(world, start, path('/gone'), path('/stays'))
  const gone = world.ref(path('/gone'))
  const { generation } = world.intake
  tell(world, start + 2 * seriesForgottenAfterMs, path('/stays'))
  await forgetting.run(noPause)
  assert.notEqual(world.intake.generation, generation)
  assert.notEqual(world.ref(path('/new')), gone)
  world.intake.held.numbersFree()
  assert.equal(world.ref(path('/newer')), gone)
})

test('a series that comes back after it was forgotten is new: it counts from zero, since its target was scraped without it', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1)
  world.send({ series: path('/gone'), at: start, value: 100 }, { series: path('/stays'), at: start, value: 0 })
  tell(world, start + 2 * seriesForgottenAfterMs, path('/stays'))
  await forgetting.run(noPause)
  world.send({ series: path('/gone'), at: start + 2 * seriesForgottenAfterMs + step, value: 7 })
  assert.equal(world.counted().total, 7)
})

test('one that is heard while others are looked at is not forgotten', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1, 1)
  world.send({ series: path('/away'), at: start, value: 100 }, { series: path('/gone'), at: start, value: 5 })
  const later = start + 2 * seriesForgottenAfterMs
  tell(world, later, path('/stays'))
  const hear = async (): Promise<void> => {
    world.send({ series: path('/away'), at: later, value: 107 })
  }
  assert.equal(await forgetting.run(hear), 1)
  assert.equal(world.counted().total, 7)
})

test('a few that are over are left where they are, because forgetting makes every sender ask again', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1)
  const many = Array.from({ length: 100 }, (_, index) => path(`/${index}`))
  tell(world, start, ...many)
  tell(world, start + 2 * seriesForgottenAfterMs, ...many.slice(3))
  assert.equal(await forgetting.run(noPause), 0)
  assert.equal(world.intake.held.count, 100)
})

test('in a small world a series that comes back after days goes on from its last value', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake)
  world.send({ series: path('/away'), at: start, value: 100 }, { series: path('/stays'), at: start, value: 0 })
  tell(world, start + 48 * seriesForgottenAfterMs, path('/stays'))
  assert.equal(await forgetting.run(noPause), 0)
  world.send({ series: path('/away'), at: start + 48 * seriesForgottenAfterMs + step, value: 107 })
  assert.equal(world.counted().total, 7)
})

test('churn of ten times as many series as live takes the memory of twice as many', async () => {
  const world = new IntakeWorld()
  const forgetting = new SeriesForgetting(world.counting, world.intake, 1)
  const live = 500
  let most = 0
  for (let generation = 0; generation < 10; generation++) {
    const at = start + generation * 2 * seriesForgottenAfterMs
    const names = Array.from({ length: live }, (_, index) => path(`/${generation}/${index}`))
    tell(world, at, ...names)
    tell(world, at + 90 * minute, ...names)
    await forgetting.run(noPause)
    world.intake.held.numbersFree()
    most = Math.max(most, world.intake.held.labels.length)
  }
  assert.ok(most <= 2 * live + 1, `${most} numbers for ${live} live series`)
  assert.ok(world.intake.held.labels.pairs <= 2 * live + 10)
})

test('an SLO with as many series as it may have takes up no more, and no other SLO has fewer for it', () => {
  const perSlo = new SeriesPerSlo(2)
  const wide = anSlo({ name: 'wide', bad: counters('none'), total: counters('total') })
  const narrow = anSlo({ name: 'narrow', bad: counters('none'), total: counters('total', { path: '/3' }) })
  const world = new IntakeWorld([wide, narrow])
  Object.assign(world.counting, { perSlo })
  const refs = ['/1', '/2', '/3', '/4'].map((name) => world.ref(path(name)))
  assert.deepEqual(
    refs.map((ref) => ref >= 0),
    [true, true, true, false],
  )
  assert.deepEqual([...perSlo.full], ['wide'])
  assert.deepEqual(
    [...perSlo.counts],
    [
      ['wide', 2],
      ['narrow', 1],
    ],
  )
  assert.equal(perSlo.refused, 2)
})

test('the cardinality report names what has most series', () => {
  const world = new IntakeWorld([anSlo(), anSlo({ name: 'other' })])
  for (const name of ['/1', '/2']) world.ref(path(name))
  world.ref('bad', { source: 'push', region: 'us' })
  assert.deepEqual(cardinality(world.counting), {
    series: 3,
    targets: 2,
    refused: 0,
    slos: [
      { name: 'checkout', series: 3 },
      { name: 'other', series: 3 },
    ],
    metrics: [
      { name: 'total', series: 2 },
      { name: 'bad', series: 1 },
    ],
    sources: [
      { name: 'eu', series: 2 },
      { name: 'push', series: 1 },
    ],
  })
})

function tell(world: IntakeWorld, at: number, ...series: Readonly<Record<string, string>>[]): void {
  world.now = Math.max(world.now, at)
  for (const each of series) world.send({ series: each, at, value: 0 })
}
