import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type EvidenceSettings, standardEvidence } from '../../src/core/model/evidence-settings.ts'
import { dayMs, hourMs, minuteMs } from '../../src/core/model/units.ts'
import { anEngine, RememberingStore } from '../support/engine-world.ts'
import { aStandardSlo, tickFeed, tickOf } from '../support/evidence-world.ts'

const hour = 240
const { clumps, dispersion, recovery } = standardEvidence

/** Even traffic in one region, and what comes on top of it from one tick to another. */
interface World {
  readonly perTick: (tick: number) => number
  readonly failing: (tick: number) => number
  /** Failures of one client that tries again: requests that would not be there otherwise. */
  readonly retries?: ReadonlyMap<number, number>
  readonly ticks: number
}

/** The episodes of the region under the settings: `page 723–745`. */
async function episodes(world: World, changes: Partial<EvidenceSettings> = {}): Promise<readonly string[]> {
  const { perTick, failing, retries = new Map<number, number>(), ticks } = world
  const every = Array.from({ length: ticks }, (_, tick) => tick)
  const extra = (tick: number): number => retries.get(tick) ?? 0
  const total = every.map((tick) => perTick(tick) + extra(tick))
  const bad = every.map((tick) => perTick(tick) * failing(tick) + extra(tick))
  const store = new RememberingStore()
  const slo = aStandardSlo({ global: 'none' }, { ...standardEvidence, ...changes })
  const engine = anEngine({ slos: [slo], store })
  const feed = tickFeed(engine.sink, { total: [total], bad: [bad] })
  for (let tick = -1; tick < ticks; tick++) {
    feed(tick)
    while ((await engine.tick()) !== undefined);
  }
  return store.episodes.map(({ id, firedAt, resolvedAt }) => {
    return `${id.severity} ${tickOf(firedAt)}–${resolvedAt === null ? '' : tickOf(resolvedAt)}`
  })
}

async function pages(world: World, changes: Partial<EvidenceSettings> = {}): Promise<readonly string[]> {
  return (await episodes(world, changes)).filter((one) => one.startsWith('page'))
}

const never = (): number => 0
const steady = (): number => 40

/** A client tries again in one tick, and once more some minutes later: 150 failures of 9,750 requests within the hour. */
function twice(ticksApart: number): World {
  const retries = new Map([
    [3 * hour, 75],
    [3 * hour + ticksApart, 75],
  ])
  return { perTick: steady, failing: never, retries, ticks: 4 * hour }
}

describe('a constant that is changed decides otherwise', () => {
  test('materiality: what fails in a quiet night', async () => {
    const world: World = {
      perTick: (tick) => (tick < 30 * hour ? 40 : 2),
      // 28 failures in three clumps: more than 1.44 % of the hour, and less than a quarter of 2 % of the budget.
      failing: (tick) => (tick >= 32 * hour && tick < 32 * hour + 64 ? 0.22 : 0),
      ticks: 33 * hour,
    }
    assert.deepEqual(await pages(world), [])
    assert.equal((await pages(world, { materiality: 0.05 })).length, 1)
  })

  test('ticketOdds: how sure a ticket must be', async () => {
    const world: World = {
      perTick: () => 1,
      failing: (tick) => (tick >= 24 * hour && tick < 26 * hour ? 0.05 : 0),
      ticks: 27 * hour,
    }
    const tickets = async (ticketOdds: number, told = world) =>
      (await episodes(told, { ticketOdds })).filter((one) => one.startsWith('ticket')).length
    assert.ok((await tickets(standardEvidence.ticketOdds)) > 0)
    assert.equal(await tickets(1e40), 0)
    // Two failures of the 48 requests of two hours are some 200 times likelier at their own ratio.
    const faint: World = {
      perTick: (tick) => (tick % 10 === 0 ? 1 : 0),
      failing: (tick) => (tick === 25 * hour || tick === 25 * hour + 100 ? 1 : 0),
      ticks: 26 * hour,
    }
    assert.equal(await tickets(standardEvidence.ticketOdds, faint), 0)
    assert.ok((await tickets(100, faint)) > 0)
  })

  test('clumps.belowFailures: in which scopes clumps are asked for', async () => {
    const once: World = { ...twice(1), retries: new Map([[3 * hour, 150]]) }
    assert.equal((await pages(once)).length, 1)
    assert.deepEqual(await pages(once, { clumps: { ...clumps, belowFailures: 200 } }), [])
  })

  const clumped = { ...clumps, belowFailures: 200 }
  const eightMinutes = twice(32)
  const twoMinutes = twice(8)

  test('clumps.needed: how many of them', async () => {
    assert.deepEqual(await pages(eightMinutes, { clumps: clumped }), [])
    assert.equal((await pages(eightMinutes, { clumps: { ...clumped, needed: 1.5 } })).length, 1)
  })

  const two = { ...clumped, needed: 1.5 }

  test('clumps.burstLength: what is one of them in bursts', async () => {
    assert.deepEqual(await pages(eightMinutes, { clumps: { ...two, burstMs: 10 * minuteMs } }), [])
  })

  test('clumps.length and clumps.burstAbove: what is one of them otherwise', async () => {
    assert.deepEqual(await pages(twoMinutes, { clumps: two }), [])
    assert.equal((await pages(twoMinutes, { clumps: { ...two, lengthMs: minuteMs } })).length, 1)
    assert.equal((await pages(twoMinutes, { clumps: { ...two, burstAbove: 3 } })).length, 1)
  })

  test('dispersion.prior: what is taken for granted', async () => {
    assert.equal((await pages(twoMinutes, { clumps: two, dispersion: { ...dispersion, prior: 1 } })).length, 1)
  })

  test('falseAlarmEvery, nullBurnRate and burnRates: how much evidence is needed, and of what', async () => {
    const slowly: World = {
      perTick: steady,
      failing: (tick) => (tick >= 3 * hour ? 0.025 : 0),
      ticks: 4 * hour,
    }
    const [usual] = await pages(slowly)
    const other = async (changes: Partial<EvidenceSettings>) => (await pages(slowly, changes))[0]
    assert.match(usual, /^page \d+–$/)
    const once: World = { perTick: () => 1, failing: (tick) => (tick >= 3 * hour ? 0.5 : 0), ticks: 4 * hour }
    const [small] = await pages(once)
    assert.notEqual((await pages(once, { falseAlarmEveryMs: 1e6 * 365 * dayMs }))[0], small)
    assert.notEqual(await other({ nullBurnRate: 20, burnRates: [24, 30] }), usual)
    assert.notEqual((await pages(once, { burnRates: [2.1] }))[0], small)
  })

  test('recovery: when a page ends', async () => {
    const broken: World = {
      perTick: steady,
      failing: (tick) => (tick >= 3 * hour && tick < 3 * hour + 40 ? 1 : 0),
      ticks: 6 * hour,
    }
    const [usual] = await pages(broken)
    for (const changed of [
      { ...recovery, odds: 1e30 },
      { ...recovery, burnRate: 1.001 },
    ]) {
      const [later] = await pages(broken, { recovery: changed })
      assert.ok(endOf(later) > endOf(usual), `${later} after ${usual}`)
    }
  })

  test('hold: how long a page that comes again stays', async () => {
    const again: World = {
      perTick: steady,
      failing: (tick) => (tick >= 3 * hour && (tick - 3 * hour) % 160 < 30 ? 1 : 0),
      ticks: 3 * hour + 320,
    }
    const lengths = async (hold: EvidenceSettings['hold']) => (await pages(again, { hold })).length
    assert.equal(await lengths({ forMs: [0], againWithinMs: hourMs }), 2)
    assert.equal(await lengths({ forMs: [hourMs], againWithinMs: hourMs }), 1)
  })
})

function endOf(episode: string): number {
  const end = episode.split('–')[1]
  return end === '' ? Number.POSITIVE_INFINITY : Number(end)
}
