import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standardEvidence } from '../../src/core/model/evidence-settings.ts'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { defaultDataPolicy } from '../../src/core/model/slo.ts'
import { anEngine, RememberingStore } from '../support/engine-world.ts'
import type { TickCounts } from '../support/evidence-oracle.ts'
import { aStandardSlo, tickFeed, tickMs, tickOf, worldStart } from '../support/evidence-world.ts'

const hour = 240
const darkFrom = 30 * hour

/** Two regions, evenly busy; region 1 sends nothing for a while, in which this share of its requests fails. */
function counts(ticks: number, perTick: number, darkTicks: number, failing: number): TickCounts {
  const total = [0, 1].map(() => Array.from({ length: ticks }, () => perTick))
  const isDark = (tick: number): boolean => tick >= darkFrom && tick < darkFrom + darkTicks
  const bad = total.map((each, region) =>
    each.map((count, tick) => (region === 1 && isDark(tick) ? failing * count : 0)),
  )
  return { total, bad }
}

interface Told {
  readonly slo?: Slo
  readonly exclusions?: readonly Exclusion[]
  /** How long data may be late. */
  readonly delayMs?: number
  readonly darkTicks: number
  readonly perTick?: number
  /** What region 1 failed while nobody saw it. */
  readonly failing?: number
  /** Region 1 was not seen for so many ticks a day before, and its counters started again then. */
  readonly lostADayBefore?: number
  /** The process is down from here for so many ticks, with a checkpoint that is so many ticks old. */
  readonly down?: { readonly from: number; readonly ticks: number; readonly checkpointAge?: number }
}

/** The pages of region 1, in ticks after it went dark. */
async function pages(told: Told): Promise<string[]> {
  const { slo = aStandardSlo(), darkTicks, perTick = 40, failing = 0, down, exclusions = [], delayMs = 0 } = told
  const lost = { from: darkFrom - 24 * hour, to: darkFrom - 24 * hour + (told.lostADayBefore ?? 0) }
  const ticks = darkFrom + darkTicks + 2 * hour
  const world = counts(ticks, perTick, darkTicks, failing)
  const store = new RememberingStore()
  let engine = anEngine({ slos: [slo], store, delayMs })
  engine.setExclusions(exclusions)
  let feeds = regionFeeds()
  for (let tick = -1; tick < ticks; tick++) {
    if (down !== undefined && tick === down.from - (down.checkpointAge ?? 0)) await engine.checkpoint()
    if (down !== undefined && tick >= down.from && tick < down.from + down.ticks) continue
    if (down !== undefined && tick === down.from + down.ticks) {
      engine = anEngine({ slos: [slo], store })
      await engine.restore()
      feeds = regionFeeds()
    }
    if (tick === lost.to && lost.to > lost.from) feeds = regionFeeds(lost.to)
    for (const [region, feed] of feeds.entries()) {
      if (region === 1 && tick >= lost.from && tick < lost.to) continue
      if (region === 1 && tick >= darkFrom && tick < darkFrom + darkTicks) continue
      feed(tick)
      // After a downtime regions are heard one after the other.
      if (down !== undefined) await tickAll()
    }
    await tickAll()
  }
  return store.episodes
    .filter(({ id }) => id.scope === 'r1' && id.severity === 'page')
    .map(({ firedAt, resolvedAt, rule }) => {
      const to = resolvedAt === null ? '' : tickOf(resolvedAt) - darkFrom
      return `${rule.because} ${tickOf(firedAt) - darkFrom}–${to}`
    })

  function regionFeeds(since = 0) {
    const total = world.total.map((each) => each.map((count, tick) => (tick < since ? 0 : count)))
    return [0, 1].map((region) => tickFeed(engine.sink, region === 1 ? { ...world, total } : world, region))
  }

  async function tickAll(): Promise<void> {
    while ((await engine.tick()) !== undefined);
  }
}

test('a region that was busy and sends nothing pages after five minutes, and no more once it is seen to be well', async () => {
  assert.deepEqual(await pages({ darkTicks: 2 * hour }), ['dark-region 19–20'])
})

test('it stays a page if what comes in later says that it had failed', async () => {
  // Spread over the gap, the last failures lie a step after it, and leave the shortest window five minutes later.
  assert.deepEqual(await pages({ darkTicks: hour, failing: 1 }), [`dark-region 19–${hour + 21}`])
})

test('four minutes of darkness are nothing', async () => {
  assert.deepEqual(await pages({ darkTicks: 17 }), [])
})

test('a region with so little traffic that nobody would miss it is not missed', async () => {
  assert.deepEqual(await pages({ darkTicks: 20, perTick: 0.2 }), [])
})

test('how long it must be dark, and how much must be missing, are for the policy to say', async () => {
  const { dark } = standardEvidence
  assert.ok(dark !== null)
  const told = (changes: Partial<typeof dark>, darkTicks = 2 * hour) =>
    pages({ slo: aStandardSlo({}, { ...standardEvidence, dark: { ...dark, ...changes } }), darkTicks })
  assert.deepEqual(await told({ afterMs: 2 * dark.afterMs }), ['dark-region 39–40'])
  // 40 requests are missed a tick; a month of them may have some 6,900 failures.
  assert.deepEqual(await told({ eventsMin: 1_201 }), ['dark-region 30–31'])
  assert.deepEqual(await told({ budgetShare: 0.2 }), ['dark-region 34–35'])
})

test('what was not seen a day before is not taken for a time without traffic', async () => {
  const { dark } = standardEvidence
  assert.ok(dark !== null)
  // 2,400 requests are those of 60 ticks.
  const slo = aStandardSlo({}, { ...standardEvidence, dark: { ...dark, eventsMin: 2_400, budgetShare: 0.1 } })
  for (const lostADayBefore of [0, 5, 30]) {
    assert.deepEqual(
      await pages({ slo, darkTicks: 2 * hour, lostADayBefore }),
      ['dark-region 59–60'],
      `${lostADayBefore}`,
    )
  }
})

test('whoever says what unseen data is, or wants no such pages, has none', async () => {
  const good = { ...aStandardSlo(), data: { ...defaultDataPolicy, unseen: 'good' as const } }
  assert.deepEqual(await pages({ slo: good, darkTicks: hour }), [])
  const slo = aStandardSlo()
  const { policy } = slo.alerting
  const { evidence } = policy
  assert.ok(evidence)
  const off = { ...slo, alerting: { ...slo.alerting, policy: { ...policy, evidence: { ...evidence, dark: null } } } }
  assert.deepEqual(await pages({ slo: off, darkTicks: hour }), [])
})

test('a region that is heard a moment later than another after a downtime was not dark', async () => {
  assert.deepEqual(await pages({ darkTicks: 0, down: { from: darkFrom, ticks: 3 * hour } }), [])
})

test('what came after the last checkpoint of a process that died was not dark either', async () => {
  assert.deepEqual(await pages({ darkTicks: 0, down: { from: darkFrom, ticks: 1, checkpointAge: 40 } }), [])
})

test('a region that stays dark over a downtime pages when somebody has looked for five minutes', async () => {
  const [page] = await pages({ darkTicks: 2 * hour, down: { from: darkFrom + 8, ticks: 100 } })
  const [, from] = /dark-region (\d+)–/.exec(page) ?? []
  assert.ok(Number(from) >= 100 + 19 && Number(from) <= 100 + 20, page)
})

test('a region that is no region any more pages no more, however long it is gone', async () => {
  const slo = { ...aStandardSlo(), data: { ...defaultDataPolicy, forgetRegionAfterMs: hour * tickMs } }
  for (const delayMs of [0, tickMs]) assert.equal((await pages({ slo, darkTicks: 2 * hour, delayMs })).length, 1)
})

/** Region 1 is worked on from a tick to another, counted from when it goes dark. */
function maintenance(from: number, to: number, mute = true): Exclusion {
  const darkAt = worldStart + darkFrom * tickMs
  return {
    id: 'move',
    matches: { slos: [], services: [], regions: ['r1'] },
    schedule: { kind: 'once', from: darkAt + from * tickMs, to: darkAt + to * tickMs },
    mute,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'the region moves',
    at: null,
  }
}

test('maintenance that is muted and left out of the budget may darken a region; what is dark after it pages as ever', async () => {
  const told = (darkTicks: number, mute = true) => pages({ darkTicks, exclusions: [maintenance(-2, hour, mute)] })
  assert.deepEqual(await told(hour - 2), [])
  assert.deepEqual(await told(2 * hour), [`dark-region ${hour + 19}–${hour + 20}`])
  assert.deepEqual(await told(hour - 2, false), ['dark-region 19–20'], 'what is only left out of the budget may burn')
})
