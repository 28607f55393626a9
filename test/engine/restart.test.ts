import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Engine } from '../../src/engine/engine.ts'
import { readGlobal, readRegion, type ScopeReading } from '../../src/engine/read-scope.ts'
import { holdsForAllAsync } from '../support/engine-properties.ts'
import {
  linesOf,
  type RegionStory,
  regionName,
  regionStories,
  samplesOf,
  stepMs,
  storySlos,
  storyStart,
} from '../support/engine-region-story.ts'
import { anEngine, evaluateAll, type MadeSample, RememberingStore, send } from '../support/engine-world.ts'

const minute = 60_000
const windows = [minute, 5 * minute, 60 * minute, 24 * 60 * minute]

test('an engine restored from a checkpoint decides and reads on as one that never stopped', async () => {
  await holdsForAllAsync(
    fc.asyncProperty(regionStories, fc.integer({ min: 1, max: 470 }), async (story, stopAt) => {
      const steady: string[] = []
      const store = new RememberingStore()
      const engine = anEngine({ slos: storySlos, store, onReading: (reading) => steady.push(lineOf(reading)) })
      await tell(engine, story, 0, stopAt)
      await engine.checkpoint()
      const restarted: string[] = []
      const copied = store.copy()
      const after = anEngine({
        slos: storySlos,
        store: copied,
        onReading: (reading) => restarted.push(lineOf(reading)),
      })
      await after.restore()
      steady.length = 0
      await tell(engine, story, stopAt + 1, story.steps)
      await tell(after, story, stopAt + 1, story.steps)
      assert.deepEqual(restarted, steady)
      assert.deepEqual(linesOf(copied.episodes), linesOf(store.episodes))
      assert.deepEqual(
        copied.deliveries.map(({ id }) => id),
        store.deliveries.map(({ id }) => id),
      )
    }),
    20,
  )
})

test('what was counted after the last checkpoint comes back with the next sample of every series', async () => {
  const lost = fc.record({ checkpointAt: fc.integer({ min: 1, max: 400 }), untilKill: fc.integer({ min: 1, max: 60 }) })
  await holdsForAllAsync(
    fc.asyncProperty(regionStories, lost, async (drawn, { checkpointAt, untilKill }) => {
      // A process that starts again unseen takes its last events with it, here as anywhere; so do series that vanish.
      const story = {
        ...drawn,
        restarts: [],
        bursts: drawn.bursts.map((burst) => ({ ...burst, fromStep: 20, steps: 480 })),
      }
      const store = new RememberingStore()
      const engine = anEngine({ slos: storySlos, store })
      await tell(engine, story, 0, checkpointAt)
      await engine.checkpoint()
      await tell(engine, story, checkpointAt + 1, checkpointAt + untilKill)
      const copied = store.copy()
      const after = anEngine({ slos: storySlos, store: copied })
      await after.restore()
      const next = checkpointAt + untilKill + 1
      await tell(engine, story, next, next)
      await tell(after, story, next, next)
      const at = storyStart + next * stepMs
      assert.deepEqual(dayCounts(after, at), dayCounts(engine, at))
      assert.equal(new Set(copied.deliveries.map(({ id }) => id)).size, copied.deliveries.length)
      for (const episode of store.copy().episodes) {
        const same = copied.episodes.find(
          ({ id, firedAt }) =>
            id.slo === episode.id.slo &&
            id.scope === episode.id.scope &&
            id.severity === episode.id.severity &&
            firedAt === episode.firedAt,
        )
        if (episode.firedAt < at) assert.ok(same, 'an alert that was open before the kill keeps its start')
      }
    }),
    20,
  )
})

test('steps that were evaluated before the kill are not evaluated again', async () => {
  const story: RegionStory = {
    regions: 2,
    steps: 200,
    bursts: [{ region: 0, fromStep: 60, steps: 100, percent: 100 }],
    restarts: [],
  }
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store })
  await tell(engine, story, 0, 100)
  await engine.checkpoint()
  await tell(engine, story, 101, 120)
  const evaluated: number[] = []
  const after = anEngine({ slos: storySlos, store: store.copy(), onReading: ({ at }) => evaluated.push(at) })
  await after.restore()
  await tell(after, story, 121, 125)
  assert.deepEqual(
    [...new Set(evaluated)],
    [121, 122, 123, 124, 125].map((step) => storyStart + step * stepMs),
  )
})

test('an alert that was open when the process died is open after it, with its start, and resolves', async () => {
  const story: RegionStory = {
    regions: 1,
    steps: 400,
    bursts: [{ region: 0, fromStep: 60, steps: 60, percent: 100 }],
    restarts: [],
  }
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store })
  await tell(engine, story, 0, 100)
  await engine.checkpoint()
  const opened = store.episodes.find(({ id }) => id.slo === 'steady' && id.scope === 'eu' && id.severity === 'page')
  assert.ok(opened)
  const after = anEngine({ slos: storySlos, store })
  await after.restore()
  assert.equal(after.alerts.stateOf(opened.id).kind, 'firing')
  await tell(after, story, 101, 400)
  const [closed, ...others] = store.episodes.filter(
    ({ id }) => id.slo === 'steady' && id.scope === 'eu' && id.severity === 'page',
  )
  assert.deepEqual(others, [])
  assert.equal(closed.firedAt, opened.firedAt)
  assert.notEqual(closed.resolvedAt, null)
})

test('a downtime of hours is caught up step by step, its events spread over it', async () => {
  const story: RegionStory = { regions: 1, steps: 1_000, bursts: [], restarts: [] }
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store })
  await tell(engine, story, 0, 100)
  await engine.checkpoint()
  let evaluated = 0
  const after = anEngine({ slos: storySlos, store, onReading: ({ scope }) => (evaluated += scope === 'eu' ? 1 : 0) })
  await after.restore()
  await tell(after, story, 1_000, 1_000)
  assert.equal(evaluated, 900 * storySlos.length)
  const [reading] = readRegion(after.counting, 'eu', storyStart + 1_000 * stepMs)
  assert.equal(reading.counts(5 * minute).total, 20 * 100)
  assert.equal(reading.counts(24 * 60 * minute).total, 1_000 * 100)
})

async function tell(engine: Engine, story: RegionStory, fromStep: number, toStep: number): Promise<void> {
  const steps = Array.from({ length: story.regions }, (_, region) => samplesOf(story, region)).flat()
  const byTime = Map.groupBy(steps, ({ time }) => time)
  for (let step = fromStep; step <= toStep; step++) {
    const samples: MadeSample[] = byTime.get(storyStart + step * stepMs) ?? []
    if (samples.length > 0) send(engine.sink, samples)
    await evaluateAll(engine)
  }
}

function lineOf(reading: ScopeReading): string {
  const { compiled, scope, at, state } = reading
  const counts = windows.map((windowMs) => reading.counts(windowMs))
  return JSON.stringify([compiled.slo.name, scope, at, state, counts, reading.coverage(60 * minute)])
}

function dayCounts({ counting }: Engine, at: number): unknown[] {
  const regions = [0, 1, 2].flatMap((region) => readRegion(counting, regionName(region), at))
  return [...regions, ...readGlobal(counting, at)].map((reading) => [
    reading.compiled.slo.name,
    reading.scope,
    reading.counts(24 * 60 * minute),
  ])
}
