import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Episode } from '../../src/core/model/alert.ts'
import { globalScope } from '../../src/core/model/slo.ts'
import { replay } from '../../src/simulation/replay.ts'
import { anSlo } from '../support/engine-slo.ts'
import { type Interval, oraclePages, type TickCounts } from '../support/evidence-oracle.ts'
import {
  aStandardSlo,
  drawCounts,
  referenceEvidence,
  type Trouble,
  tickFeed,
  tickMs,
  tickOf,
} from '../support/evidence-world.ts'

const hour = 240
const everywhere = (trouble: Omit<Trouble, 'region'>): Trouble[] => [0, 1, 2].map((region) => ({ ...trouble, region }))

interface Story {
  readonly what: string
  readonly perTick: number
  readonly hours: number
  readonly troubles: readonly Trouble[]
  /** Whether some scope pages. */
  readonly pages: boolean
}

const stories: readonly Story[] = [
  { what: 'a small service that is well', perTick: 4, hours: 30, troubles: [], pages: false },
  {
    what: 'a small service that fails completely',
    perTick: 4,
    hours: 14,
    troubles: everywhere({ from: 8 * hour, to: 8 * hour + 90, failing: 1 }),
    pages: true,
  },
  {
    what: 'the smallest region of a small service',
    perTick: 20,
    hours: 14,
    troubles: [{ region: 2, from: 7 * hour, to: 9 * hour, failing: 0.5 }],
    pages: true,
  },
  {
    what: 'a service that comes and goes',
    perTick: 100,
    hours: 16,
    troubles: everywhere({ from: 8 * hour, to: 11 * hour, failing: 0.4, during: 8, of: 40 }),
    pages: true,
  },
  {
    what: 'a busy service that burns slowly',
    perTick: 2_000,
    hours: 16,
    troubles: everywhere({ from: 8 * hour, to: 14 * hour, failing: 0.01 }),
    pages: true,
  },
  {
    what: 'two regions that break one after the other',
    perTick: 60,
    hours: 18,
    troubles: [
      { region: 0, from: 6 * hour, to: 6 * hour + 160, failing: 0.2 },
      { region: 1, from: 6 * hour + 120, to: 9 * hour, failing: 1 },
    ],
    pages: true,
  },
  {
    what: 'blips that are too short to matter',
    perTick: 30,
    hours: 20,
    troubles: everywhere({ from: 4 * hour, to: 18 * hour, failing: 1, during: 1, of: 6 * hour }),
    pages: false,
  },
]

for (const { what, perTick, hours, troubles, pages } of stories) {
  test(`pages as the rule over whole arrays says: ${what}`, async () => {
    const counts = drawCounts(`intervals ${what}`, hours * hour, perTick, troubles)
    const expected = oraclePages(counts)
    assert.deepEqual(await enginePages(counts), expected)
    assert.equal(
      expected.some((intervals) => intervals.length > 0),
      pages,
    )
  })
}

test('pages by the constants of the reference as the rule over whole arrays says', async () => {
  const { what, perTick, hours, troubles } = stories[1]
  const counts = drawCounts(`intervals ${what}`, hours * hour, perTick, troubles)
  const expected = oraclePages(counts, { falseAlarmHours: 365 * 24, clumpsBelow: 30 })
  assert.deepEqual(await enginePages(counts, aStandardSlo({}, referenceEvidence)), expected)
  assert.notDeepEqual(expected, oraclePages(counts))
})

for (const failing of [0.008, 0.02, 0.1, 1]) {
  test(`a busy service pages no later than by the plain rule: ${100 * failing} % fail`, async () => {
    // Even the smallest region has more than 2,000 requests in six hours, and twelve hours are known.
    const from = 12 * hour
    const counts = drawCounts(`busy ${failing}`, 18 * hour, 2_000, everywhere({ from, to: 18 * hour, failing }))
    const standard = await enginePages(counts)
    const plain = await enginePages(counts, anSlo())
    for (const [scope, intervals] of plain.entries()) {
      const first = intervals.find(([start]) => start >= from)
      assert.ok(first, `scope ${scope} pages by the plain rule`)
      assert.ok(
        standard[scope].some(([start]) => start >= from && start <= first[0]),
        `scope ${scope}`,
      )
    }
  })
}

/** The page intervals of the engine, regions first. */
async function enginePages(counts: TickCounts, slo = aStandardSlo()): Promise<Interval[][]> {
  const ticks = counts.total[0].length
  const { engine } = replay([slo], tickMs)
  const feed = tickFeed(engine.sink, counts)
  const episodes = new Map<string, Episode>()
  for (let tick = -1; tick < ticks; tick++) {
    feed(tick)
    for (let result = await engine.tick(); result !== undefined; result = await engine.tick()) {
      for (const episode of result.episodes) {
        const { scope, severity, cause } = episode.id
        if (severity === 'page' && cause === undefined) episodes.set(`${scope}@${episode.firedAt}`, episode)
      }
    }
  }
  const scopes = [...counts.total.keys()].map((region) => `r${region}`).concat(globalScope)
  return scopes.map((scope) =>
    [...episodes.values()]
      .filter(({ id }) => id.scope === scope)
      .map(({ firedAt, resolvedAt }): Interval => [tickOf(firedAt), resolvedAt === null ? ticks : tickOf(resolvedAt)]),
  )
}
