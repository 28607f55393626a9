import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEngine, evaluateAll, RememberingStore } from '../support/engine-world.ts'
import { aStandardSlo, tickFeed, tickOf } from '../support/evidence-world.ts'

const hour = 240

/** All fails from one tick on, and from another on nobody asks for anything; answers when the page ends. */
async function pageEnds(outageFrom: number, idleFrom: number, perTickThen: number): Promise<number | null | undefined> {
  const ticks = idleFrom + hour / 2
  const total = Array.from({ length: ticks }, (_, tick) => (tick < idleFrom ? 40 : perTickThen))
  const bad = total.map((count, tick) => (tick >= outageFrom && tick < idleFrom ? count : 0))
  const store = new RememberingStore()
  const engine = anEngine({ slos: [aStandardSlo()], store })
  const feed = tickFeed(engine.sink, { total: [total], bad: [bad] })
  for (let tick = -1; tick < ticks; tick++) {
    feed(tick)
    await evaluateAll(engine)
  }
  const page = store.episodes.find(({ id }) => id.severity === 'page' && id.scope === 'r0')
  assert.ok(page)
  return page.resolvedAt === null ? null : tickOf(page.resolvedAt) - idleFrom
}

test('a page stays while nobody asks for anything, because nobody can tell that it is over, and ends when somebody can', async () => {
  const [outageFrom, idleFrom] = [6 * hour, 6 * hour + hour / 2]
  assert.equal(await pageEnds(outageFrom, idleFrom, 0), null)
  const ended = await pageEnds(outageFrom, idleFrom, 40)
  assert.ok(typeof ended === 'number' && ended <= 22, `${ended}`)
})
