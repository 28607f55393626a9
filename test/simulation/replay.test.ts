import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScopeReading } from '../../src/engine/read-scope.ts'
import { replay } from '../../src/simulation/replay.ts'
import { linesOf, type RegionStory, samplesOf, stepMs, storySlos, storyStart } from '../support/engine-region-story.ts'
import { anSlo } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'

const story: RegionStory = {
  regions: 2,
  steps: 300,
  bursts: [
    { region: 0, fromStep: 60, steps: 40, percent: 100 },
    { region: 1, fromStep: 180, steps: 20, percent: 20 },
  ],
  restarts: [{ region: 1, step: 90 }],
}

test('history tells the episodes that a live engine saw, whatever order its series are read in', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store })
  const samples = [0, 1].flatMap((region) => samplesOf(story, region))
  for (const ofStep of Map.groupBy(
    samples.toSorted((a, b) => a.time - b.time),
    ({ time }) => time,
  ).values()) {
    send(engine.sink, ofStep)
    await evaluateAll(engine)
  }
  const seriesBySeries = replay(storySlos, stepMs)
  for (const series of Map.groupBy(samples, ({ labels }) => JSON.stringify(labels)).values())
    send(seriesBySeries.log, series)
  const { episodes, start, end } = await seriesBySeries.run({})
  assert.ok(episodes.length > 0)
  assert.deepEqual(linesOf(episodes), linesOf(store.episodes))
  assert.deepEqual([start, end], [storyStart, storyStart + 300 * stepMs])
})

test('episodes come in the order in which they opened', async () => {
  const { log, run } = replay(storySlos, stepMs)
  for (const region of [1, 0]) send(log, samplesOf(story, region))
  const { episodes } = await run({})
  const opened = episodes.map(({ firedAt }) => firedAt)
  assert.deepEqual(
    opened,
    opened.toSorted((a, b) => a - b),
  )
})

test('only the range asked for is evaluated, on the windows of all that came before it', async () => {
  const evaluated = new Set<number>()
  const { log, run } = replay([anSlo()], stepMs, ({ at }: ScopeReading) => evaluated.add(at))
  send(log, samplesOf(story, 0))
  const start = storyStart + 90 * stepMs
  const end = storyStart + 95 * stepMs
  const { episodes, dataEpisodes, ...span } = await run({ start, end })
  assert.deepEqual(dataEpisodes, [])
  assert.deepEqual(span, { start, end })
  assert.deepEqual(
    [...evaluated],
    [90, 91, 92, 93, 94, 95].map((step) => storyStart + step * stepMs),
  )
  assert.deepEqual(new Set(episodes.map(({ firedAt }) => firedAt)), new Set([start]))
})

test('a history without samples is evaluated nowhere', async () => {
  const { run } = replay([anSlo()], stepMs)
  assert.deepEqual(await run({}), { start: undefined, end: undefined, episodes: [], dataEpisodes: [] })
})

test('samples between two steps count for the step that they have passed', async () => {
  const totals = new Map<number, number>()
  const { log, run } = replay([anSlo({ global: 'none' })], stepMs, ({ at, counts }) =>
    totals.set(at, counts(stepMs).total),
  )
  const labels = { __name__: 'total', region: 'eu' }
  send(
    log,
    [0, 1, 2, 3].map((index) => ({ labels, time: storyStart + 7_000 + index * stepMs, value: 150 * index })),
  )
  await run({})
  assert.deepEqual(
    [...totals].map(([at, total]) => [(at - storyStart) / stepMs, total]),
    [
      [1, 80],
      [2, 150],
      [3, 150],
    ],
  )
})

test('progress is told in event time', async () => {
  const told: number[] = []
  const { log, run } = replay([anSlo()], stepMs)
  send(log, samplesOf({ ...story, steps: 3 }, 0))
  await run({ onProgress: (at) => told.push((at - storyStart) / stepMs) })
  assert.deepEqual(told, [1, 2, 3])
})
