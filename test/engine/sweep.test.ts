import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Chance, chance } from '../../bench/quality/chance.ts'
import { standardEvidence } from '../../src/core/model/evidence-settings.ts'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { defaultDataPolicy } from '../../src/core/model/slo.ts'
import { holdsForAllAsync } from '../support/engine-properties.ts'
import { anSlo, counters, exactly } from '../support/engine-slo.ts'
import {
  anEngine,
  evaluateAll,
  everythingToOncall,
  type MadeSample,
  RememberingStore,
  send,
} from '../support/engine-world.ts'
import { compositeSlo, ratioSlo, slicesSlo, sloOf, thresholdSlo } from '../support/indicator-slos.ts'

const step = 15_000
const start = 1_767_225_600_000
const regions = ['r0', 'r1', 'r2']

test('judged side by side, every SLO does what it does judged one by one', async () => {
  let pages = 0
  await holdsForAllAsync(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const [together, apart] = await Promise.all([play(seed, true), play(seed, false)])
      pages += apart.episodes.length
      assert.deepEqual(together.commits, apart.commits)
      assert.deepEqual(together.evidence, apart.evidence)
    }),
    4,
  )
  // A world in which nothing happens would prove nothing.
  assert.ok(pages > 15, `${pages} episodes`)
})

test('what is passed over because nothing is left of its evidence goes on as if it had been judged', async () => {
  await holdsForAllAsync(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const [together, apart] = await Promise.all([play(seed, true, 'quiet'), play(seed, false, 'quiet')])
      assert.deepEqual(together.commits, apart.commits)
      assert.deepEqual(together.evidence, apart.evidence)
    }),
    10,
  )
})

test('a tick that could not be stored leaves no trace in evidence, wherever that was coming to rest', async () => {
  await holdsForAllAsync(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const [together, apart] = await Promise.all([
        play(seed, true, 'quiet', everyTick),
        play(seed, false, 'quiet', everyTick),
      ])
      assert.deepEqual(together.commits, apart.commits)
      assert.deepEqual(together.evidence, apart.evidence)
    }),
    6,
  )
})

test('what is learned of clumps holds globally from the same step on, also where a region trails the others', async () => {
  let learned = 0
  await holdsForAllAsync(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const [together, apart] = await Promise.all([play(seed, true, 'clumped'), play(seed, false, 'clumped')])
      assert.deepEqual(together.commits, apart.commits)
      assert.deepEqual(together.evidence, apart.evidence)
      const [, numbersLearned] = together.evidence.find(([name]) => name === 'evidence-learned') ?? []
      // Squares and steps of an SLO, as they were before anything was learned of it.
      if (Array.isArray(numbersLearned) && numbersLearned[1] / numbersLearned[2] > 2) learned++
    }),
    6,
  )
  assert.ok(learned > 2, `${learned} worlds with clumps`)
})

function everyTick(): boolean {
  return true
}

/** Every kind of SLO, under the plain rule and under the one that asks for evidence. */
function someSlos(): readonly Slo[] {
  const made = [
    ratioSlo({ name: 'ratio' }),
    { ...anSlo({ name: 'good', good: counters('good') }) },
    ratioSlo({ name: 'worst', global: 'worst' }),
    ratioSlo({ name: 'mean', global: 'mean', objective: '0.99' }),
    ratioSlo({ name: 'no-global', global: 'none' }),
    ratioSlo({ name: 'month', window: { kind: 'calendar', unit: 'month', timeZone: 'UTC' } }),
    ratioSlo({ name: 'own-objective', regionObjectives: new Map([['r1', exactly('0.99')]]) }),
    ratioSlo({ name: 'expected', expected: ['r0', 'r9'] }),
    ratioSlo({ name: 'waits', forMs: 60_000, keepFiringForMs: 120_000 }),
    ratioSlo({
      name: 'past',
      pastObjectives: [{ objective: exactly('0.9'), until: start + 40 * step }],
    }),
    slicesSlo({ sliceMs: 60_000, good: 'bad / total < 0.01' }, { name: 'slices', objective: '0.99' }),
    thresholdSlo('value < 3', { name: 'lag', objective: '0.95' }),
    compositeSlo('weighted', [
      { slo: 'ratio', weight: 1 },
      { slo: 'good', weight: 2 },
    ]),
    ...(['bad', 'good', 'ignore'] as const).map((unseen) => ({
      ...ratioSlo({ name: `unseen-${unseen}` }),
      data: { ...defaultDataPolicy, unseen, forgetRegionAfterMs: 30 * 60_000 },
    })),
    sloOf(halfOfTheBad(), { name: 'formula' }),
  ]
  return made.flatMap((slo) => [slo, withEvidence(slo)])
}

/** A formula that is more than a difference of counters. */
function halfOfTheBad(): Slo['indicator'] {
  const { indicator } = anSlo()
  if (indicator.kind !== 'events') throw new Error('not of events')
  const half = { kind: 'number', value: 0.5 } as const
  return { ...indicator, bad: { kind: 'binary', operator: '*', left: half, right: indicator.bad } }
}

function withEvidence(slo: Slo): Slo {
  const { indicator } = slo
  const ofEvidence =
    indicator.kind === 'composite'
      ? { ...indicator, of: indicator.of.map((member) => ({ ...member, slo: `${member.slo}-evidence` })) }
      : indicator
  const policy = { ...slo.alerting.policy, evidence: standardEvidence }
  return { ...slo, name: `${slo.name}-evidence`, indicator: ofEvidence, alerting: { ...slo.alerting, policy } }
}

/** Those of whose evidence nothing may be left; a region is dark for them long before its data is stale. */
function quietSlos(): readonly Slo[] {
  const slos = [ratioSlo({ name: 'ratio', expected: regions }), anSlo({ name: 'good', good: counters('good') })]
  return slos.map(withEvidence).map((slo) => {
    const { policy } = slo.alerting
    const evidence = { ...standardEvidence, dark: { afterMs: 2 * step, budgetShare: 0.02, eventsMin: 5 } }
    return { ...slo, alerting: { ...slo.alerting, policy: { ...policy, evidence } } }
  })
}

interface Played {
  readonly commits: readonly unknown[]
  readonly episodes: readonly unknown[]
  readonly evidence: readonly (readonly [name: string, content: unknown])[]
}

/** Plays one drawn world; `together` or with every SLO read by itself. */
async function play(
  seed: number,
  together: boolean,
  kind: WorldKind = 'any',
  fails?: (tick: number) => boolean,
): Promise<Played> {
  const drawn = chance(`sweep ${seed}`)
  const store = new RememberingStore()
  const slos = slosOf(kind)
  const watch = together ? {} : { onReading: () => {} }
  let engine = anEngine({ slos, store, ...watch })
  const world = drawWorld(drawn, kind)
  const meanwhile: (readonly [string, unknown])[] = []
  for (let tick = 1; tick <= world.ticks; tick++) {
    send(engine.sink, world.samples(tick))
    if (tick === world.excludedAt) engine.setExclusions(world.exclusions)
    if (tick === world.reloadedAt) {
      const fewer = slos.filter(({ name }) => !name.startsWith('month'))
      engine.reload([...fewer].reverse(), everythingToOncall)
    }
    if (tick % world.tickEvery !== 0) continue
    if (fails?.(tick) ?? world.failsAt.has(tick)) {
      // A tick at which nothing is due stores nothing.
      store.failures = engine.isDue ? 1 : 0
      if (engine.isDue) await assert.rejects(evaluateAll(engine), /disk full/)
    }
    await evaluateAll(engine)
    if (kind === 'clumped' && tick % 5 === 0) meanwhile.push([`tick ${tick}`, [...engine.gates.table.cells]])
    if (tick !== world.restartedAt) continue
    await engine.checkpoint()
    engine = anEngine({ slos: engine.counting.declared.map(({ slo }) => slo), store, ...watch })
    await engine.restore()
    if (tick >= world.excludedAt) engine.setExclusions(world.exclusions)
  }
  await engine.checkpoint()
  const evidence = [...store.parts]
    .filter(([name]) => name.includes('evidence'))
    .map(([name, bytes]) => [name, numbers(name, bytes)] as const)
  return {
    commits: store.commits,
    episodes: [...store.episodes, ...store.dataEpisodes],
    evidence: [...meanwhile, ...evidence],
  }
}

function numbers(name: string, bytes: Uint8Array): unknown {
  if (name.endsWith('rows') || name.endsWith('learned')) return [...new Float64Array(bytes.slice().buffer)]
  return new TextDecoder().decode(bytes)
}

/** Of any kind; with so much that goes well that the evidence comes to rest between failures; or with failures that come in clumps. */
type WorldKind = 'any' | 'quiet' | 'clumped'

function slosOf(kind: WorldKind): readonly Slo[] {
  if (kind === 'any') return someSlos()
  if (kind === 'quiet') return quietSlos()
  // The region that trails counts for the lag alone.
  return [ratioSlo({ name: 'ratio' }), thresholdSlo('value < 3', { name: 'lag', objective: '0.95' })].map(withEvidence)
}

interface World {
  readonly ticks: number
  readonly tickEvery: number
  readonly restartedAt: number
  readonly reloadedAt: number
  readonly excludedAt: number
  readonly exclusions: readonly Exclusion[]
  readonly failsAt: ReadonlySet<number>
  readonly samples: (tick: number) => readonly MadeSample[]
}

/** Traffic of any size with failures, bursts, silences, samples that come late and regions that trail the others. */
function drawWorld(drawn: Chance, kind: WorldKind): World {
  const ticks = 300
  const feeds = regions.map((region) =>
    kind === 'clumped' ? drawClumps(drawn, region, ticks) : drawFeed(drawn, region, ticks, kind),
  )
  const isQuiet = kind !== 'any'
  const excludedAt = isQuiet ? Number.POSITIVE_INFINITY : 60 + drawn.index(180)
  return {
    ticks,
    tickEvery: 1 + drawn.index(3),
    restartedAt: 3 * drawn.index(ticks / 3),
    reloadedAt: drawn.index(2 * ticks),
    excludedAt,
    exclusions: isQuiet ? [] : [anExclusion(drawn, excludedAt)],
    failsAt: new Set(Array.from({ length: isQuiet ? 40 * drawn.index(2) : 3 }, () => drawn.index(ticks))),
    samples: (tick) => feeds.flatMap((feed) => feed[tick]),
  }
}

function anExclusion(drawn: Chance, tick: number): Exclusion {
  const from = start + (tick - 30 + drawn.index(60)) * step
  return {
    id: 'drawn',
    matches: {
      slos: ['ratio', 'ratio-evidence', 'good-evidence'],
      services: [],
      regions: drawn.index(2) === 0 ? ['r0'] : [],
    },
    schedule: { kind: 'once', from, to: from + drawn.index(60) * step },
    mute: true,
    excludeFromBudget: true,
    author: 'test',
    reason: 'drawn',
    at: null,
  }
}

/** Every other quarter of an hour many steps fail a little, in all regions but the last: that one trails, and has no counters. */
function drawClumps(drawn: Chance, region: string, ticks: number): readonly (readonly MadeSample[])[] {
  const trails = region === regions.at(-1)
  const feed: MadeSample[][] = Array.from({ length: ticks + 1 }, () => [])
  const delay = trails ? 1 + drawn.index(8) : 0
  const sums = { bad: 0, total: 0 }
  for (let tick = 1; tick <= ticks; tick++) {
    const time = start + tick * step
    sums.total += 400
    if (Math.floor(tick / 60) % 2 === 1 && drawn.index(3) > 0) sums.bad += 2 + drawn.index(4)
    const samples = trails
      ? [{ labels: { __name__: 'lag', region }, time, value: 1 }]
      : Object.entries(sums).map(([metric, value]) => ({ labels: { __name__: metric, region }, time, value }))
    feed[Math.min(ticks, tick + delay)].push(...samples)
  }
  return feed
}

/** Shares of events that fail; some that few windows notice. */
const failsMuch = [0.004, 0.02, 0.3, 1]
const failsLittle = [0.004, 0.01, 0.03, 0.06]

/** What each tick brings of one region: the samples of its step, or later those of several. */
function drawFeed(drawn: Chance, region: string, ticks: number, kind: WorldKind): readonly (readonly MadeSample[])[] {
  const isQuiet = kind === 'quiet'
  const perTick = isQuiet ? [2_000, 20_000][drawn.index(2)] : [0.3, 4, 60, 2_000][drawn.index(4)]
  const troubles = Array.from({ length: 3 }, () => {
    // All is well again for the last blocks of time.
    const from = drawn.index(isQuiet ? ticks / 2 : ticks)
    const length = drawn.index(isQuiet ? 4 : 80)
    return { from, to: from + length, failing: (isQuiet ? failsLittle : failsMuch)[drawn.index(4)] }
  })
  const silence = {
    from: drawn.index(2 * ticks),
    length: drawn.index(isQuiet ? 30 : 200),
    isMadeUpFor: drawn.index(2) === 0,
  }
  // Where nothing fails for long, evidence is passed over, and blocks of time end unseen.
  const always = isQuiet || drawn.index(2) === 0 ? 0 : 0.0005
  const trailing = !isQuiet && drawn.index(3) === 0 ? 1 + drawn.index(12) : 0
  const feed: MadeSample[][] = Array.from({ length: ticks + 1 }, () => [])
  const sums = { bad: 0, good: 0, total: 0 }
  for (let tick = 1; tick <= ticks; tick++) {
    const failing = Math.max(
      always,
      ...troubles.map(({ from, to, failing: each }) => (tick >= from && tick < to ? each : 0)),
    )
    const total = drawn.poisson(perTick)
    const bad = drawn.binomial(total, failing)
    sums.bad += bad
    sums.total += total
    sums.good += total - bad
    const time = start + tick * step - drawn.index(2) * drawn.index(step)
    const samples = [
      ...Object.entries(sums).map(([metric, value]) => ({ labels: { __name__: metric, region }, time, value })),
      { labels: { __name__: 'lag', region }, time, value: failing > 0.01 ? 5 : 1 },
    ]
    const isSilent = tick >= silence.from && tick < silence.from + silence.length
    if (isSilent && !silence.isMadeUpFor) {
      // Some of the region goes on, so that it is judged while the others are missing.
      if (isQuiet)
        feed[tick].push(
          ...samples.filter(({ labels }) => !Object.values(labels).some((value) => ['bad', 'total'].includes(value))),
        )
      continue
    }
    const arrivesAt = isSilent ? silence.from + silence.length : tick + trailing + (drawn.index(20) === 0 ? 1 : 0)
    feed[Math.min(ticks, arrivesAt)].push(...samples)
  }
  return feed
}
