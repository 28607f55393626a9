import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Engine } from '../../src/engine/engine.ts'
import { holdsForAllAsync } from '../support/engine-properties.ts'
import {
  linesOf,
  type RegionStory,
  regionStories,
  samplesOf,
  stepMs,
  storySlos,
} from '../support/engine-region-story.ts'
import { anEngine, evaluateAll, type MadeSample, RememberingStore, send } from '../support/engine-world.ts'

/** How the samples of one region travel: how late, in how large pieces, and how far apart the series of one scrape. */
const journeys = fc.array(
  fc.record({
    lateSteps: fc.nat(12),
    pieces: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40, size: 'max' }),
    jitter: fc.array(fc.nat(stepMs - 1), { minLength: 3, maxLength: 3 }),
  }),
  { minLength: 3, maxLength: 3 },
)
type Journey = typeof journeys extends fc.Arbitrary<readonly (infer J)[]> ? J : never

test('the same samples make the same episodes in every scope, in whatever pieces and however late regions deliver them', async () => {
  let episodes = 0
  await holdsForAllAsync(
    fc.asyncProperty(regionStories, journeys, async (story, travelled) => {
      const expected = await toldInOrder(story)
      const told = await toldInPieces(story, travelled)
      assert.deepEqual(told, expected)
      episodes += expected.length
    }),
    30,
  )
  assert.ok(episodes > 100, `only ${episodes} episodes to compare`)
})

test('when storing fails, nothing is lost and nothing is done twice', async () => {
  await holdsForAllAsync(
    fc.asyncProperty(regionStories, fc.uniqueArray(fc.nat(480), { maxLength: 20 }), async (story, failing) => {
      const calm = new RememberingStore()
      await tell(story, anEngine({ slos: storySlos, store: calm }))
      const shaken = new RememberingStore()
      const engine = anEngine({ slos: storySlos, store: shaken })
      await tell(story, engine, async (step) => {
        if (failing.includes(step)) {
          shaken.failures = 1
          await assert.rejects(engine.tick(), /disk full/)
        }
      })
      assert.deepEqual(linesOf(shaken.episodes), linesOf(calm.episodes))
      assert.deepEqual(
        shaken.deliveries.map(({ id }) => id),
        calm.deliveries.map(({ id }) => id),
      )
      assert.deepEqual(shaken.commits.flatMap(changesOf), calm.commits.flatMap(changesOf))
    }),
    15,
  )
})

test('what a failed tick decided is not kept in memory either', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store })
  const story: RegionStory = {
    regions: 1,
    steps: 100,
    bursts: [{ region: 0, fromStep: 90, steps: 20, percent: 100 }],
    restarts: [],
  }
  send(engine.sink, samplesOf(story, 0))
  store.failures = 1
  await assert.rejects(engine.tick(), /disk full/)
  assert.equal(engine.alerts.isQuiet, true)
  assert.equal(engine.evaluatedAt('eu'), undefined)
  await evaluateAll(engine)
  assert.equal(engine.alerts.isQuiet, false)
  assert.equal(store.episodes.filter(({ id }) => id.scope === 'eu').length, 4)
})

/** Every region's samples of a step, then a tick, and so on. */
async function tell(story: RegionStory, engine: Engine, beforeTick: (step: number) => Promise<void> = async () => {}) {
  const byRegion = Array.from({ length: story.regions }, (_, region) => groupedByTime(samplesOf(story, region)))
  for (let step = 0; step <= story.steps; step++) {
    for (const samples of byRegion) send(engine.sink, samples[step])
    await beforeTick(step)
    await evaluateAll(engine)
  }
}

async function toldInOrder(story: RegionStory): Promise<string[]> {
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store, delayMs: stepMs })
  await tell(story, engine)
  return linesOf(store.episodes)
}

/** Pieces of all regions, in the order in which they come in, with a tick after each. */
async function toldInPieces(story: RegionStory, travelled: readonly Journey[]): Promise<string[]> {
  const store = new RememberingStore()
  const engine = anEngine({ slos: storySlos, store, delayMs: stepMs })
  const pieces = Array.from({ length: story.regions }, (_, region) => piecesOf(story, region, travelled[region])).flat()
  for (const { samples } of pieces.sort((a, b) => a.arrivesAt - b.arrivesAt)) {
    send(engine.sink, samples)
    await evaluateAll(engine)
  }
  return linesOf(store.episodes)
}

interface Piece {
  readonly arrivesAt: number
  readonly samples: readonly MadeSample[]
}

/** The series of one step may come in one after the other, but all before the next step's. */
function piecesOf(story: RegionStory, region: number, { lateSteps, pieces, jitter }: Journey): Piece[] {
  const names = ['total', 'bad', 'fleeting']
  const leavesAt = ({ labels, time }: MadeSample) => time + jitter[names.indexOf(labels['__name__'])]
  const samples = samplesOf(story, region).sort((a, b) => leavesAt(a) - leavesAt(b))
  const made: Piece[] = []
  for (let from = 0, index = 0; from < samples.length; index++) {
    const size = pieces[index % pieces.length]
    const piece = samples.slice(from, from + size)
    made.push({ arrivesAt: leavesAt(piece[piece.length - 1]) + lateSteps * stepMs, samples: piece })
    from += size
  }
  return made
}

function groupedByTime(samples: readonly MadeSample[]): MadeSample[][] {
  return [...Map.groupBy(samples, ({ time }) => time).values()]
}

function changesOf({ alerts, deliveries }: RememberingStore['commits'][number]): string[] {
  return [...alerts.map((alert) => JSON.stringify(alert)), ...deliveries.map(({ id }) => id)]
}
