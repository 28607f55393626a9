import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { holdsForAllAsync } from '../support/engine-properties.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore } from '../support/engine-world.ts'
import type { TickCounts } from '../support/evidence-oracle.ts'
import { aStandardSlo, drawCounts, tickFeed, tickOf } from '../support/evidence-world.ts'

const hour = 240
const ticks = 6 * hour
const slos = [aStandardSlo()]

/** A service that comes and goes, so that pages open, are held, and come again. */
const flapping = drawCounts('restarts', ticks, 60, [
  { region: 0, from: 2 * hour, to: 4 * hour, failing: 0.4, during: 8, of: 60 },
  { region: 1, from: 2 * hour, to: 4 * hour, failing: 0.4, during: 8, of: 60 },
  { region: 2, from: 3 * hour, to: 3 * hour + 200, failing: 1 },
])

test('a restart at any tick, and another at any other, changes no page', async () => {
  const steady = await pagesOf(flapping, new Map())
  assert.ok(steady.length >= 6, steady.join(' '))
  const restarts = fc.uniqueArray(fc.integer({ min: 1, max: ticks - 1 }), { minLength: 1, maxLength: 3 })
  await holdsForAllAsync(
    fc.asyncProperty(restarts, async (at) => {
      const kills = new Map(at.map((tick) => [tick, { checkpointed: tick }]))
      assert.deepEqual(await pagesOf(flapping, kills), steady)
    }),
    12,
  )
})

/** The same counts in every tick but for an hour, so that counts lost with a process and spread again are what they were. */
const even: TickCounts = {
  total: [50, 20].map((count) => Array.from({ length: ticks }, () => count)),
  bad: [50, 20].map((count) =>
    Array.from({ length: ticks }, (_, tick) => (tick >= 2 * hour && tick < 3 * hour ? count / 10 : 0)),
  ),
}

test('what was weighed after the last checkpoint is weighed again, and alerts since are known', async () => {
  const steady = await pagesOf(even, new Map())
  assert.ok(steady.length >= 3, steady.join(' '))
  const kill = fc.record({
    tick: fc.integer({ min: 2 * hour + 20, max: 3 * hour - 5 }),
    age: fc.integer({ min: 1, max: 19 }),
  })
  const afterwards = fc.record({
    tick: fc.integer({ min: 3 * hour + 70, max: 5 * hour }),
    age: fc.integer({ min: 1, max: 60 }),
  })
  await holdsForAllAsync(
    fc.asyncProperty(kill, afterwards, async (during, after) => {
      const kills = new Map([during, after].map(({ tick, age }) => [tick, { checkpointed: tick - age }]))
      assert.deepEqual(await pagesOf(even, kills), steady)
    }),
    12,
  )
})

test('a tick that could not be stored is decided again, as if it had not been', async () => {
  const steady = await pagesOf(flapping, new Map())
  const store = new RememberingStore()
  const engine = anEngine({ slos, store })
  const feed = tickFeed(engine.sink, flapping)
  for (let tick = -1; tick < ticks; tick++) {
    feed(tick)
    // Three ticks pile up now and then, and the first attempt to store them fails.
    if (tick % 3 !== 0 && tick < ticks - 3) continue
    store.failures = 1
    await assert.rejects(evaluateAll(engine), /disk full/)
    await evaluateAll(engine)
  }
  assert.deepEqual(pageLines(store), steady)
})

/** The pages of a world in which processes are killed at some ticks; each is given what was checkpointed at another. */
async function pagesOf(
  counts: TickCounts,
  kills: ReadonlyMap<number, { readonly checkpointed: number }>,
): Promise<string[]> {
  const store = new RememberingStore()
  let engine = anEngine({ slos, store })
  let feed = tickFeed(engine.sink, counts)
  const checkpoints = new Set([...kills.values()].map(({ checkpointed }) => checkpointed))
  for (let tick = -1; tick < counts.total[0].length; tick++) {
    feed(tick)
    await evaluateAll(engine)
    if (checkpoints.has(tick)) await engine.checkpoint()
    if (!kills.has(tick)) continue
    engine = anEngine({ slos, store })
    await engine.restore()
    feed = tickFeed(engine.sink, counts)
  }
  return pageLines(store)
}

function pageLines({ episodes }: RememberingStore): string[] {
  return episodes
    .filter(({ id }) => id.severity === 'page')
    .map(
      ({ id, firedAt, resolvedAt }) =>
        `${id.scope} ${tickOf(firedAt)}–${resolvedAt === null ? '' : tickOf(resolvedAt)}`,
    )
    .sort()
}

test('a page that a reload closed leaves no evidence behind: when pages are wanted again, all is as after a restart', async () => {
  const [slo] = slos
  const quiet = { ...slo, alerting: { ...slo.alerting, severities: { page: false, ticket: true } } }
  const told = async (isRestarted: boolean): Promise<readonly string[]> => {
    const store = new RememberingStore()
    let engine = anEngine({ slos, store })
    let feed = tickFeed(engine.sink, even)
    for (let tick = -1; tick < 4 * hour; tick++) {
      if (tick === 2 * hour + 100) engine.reload([quiet], everythingToOncall)
      if (tick === 2 * hour + 101 && isRestarted) {
        await engine.checkpoint()
        engine = anEngine({ slos: [quiet], store })
        await engine.restore()
        feed = tickFeed(engine.sink, even)
      }
      if (tick === 2 * hour + 102) engine.reload(slos, everythingToOncall)
      feed(tick)
      while ((await engine.tick()) !== undefined);
    }
    const pages = store.episodes.filter(({ id }) => id.severity === 'page')
    return pages.map(({ id, firedAt, resolvedAt }) => `${id.scope} ${tickOf(firedAt)} ${resolvedAt}`).sort()
  }
  const pages = await told(false)
  assert.ok(pages.length >= 4, pages.join(', '))
  assert.deepEqual(pages, await told(true))
})
