import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Engine } from '../../src/engine/engine.ts'
import { evaluateAll, everythingToOncall, RememberingStore } from '../support/engine-world.ts'
import { aStandardSlo, drawCounts, tickFeed } from '../support/evidence-world.ts'

test('a region that comes up while a checkpoint is being prepared is in it, wherever that is', async () => {
  const counts = drawCounts('prepared', 40, 60, [{ region: 0, from: 10, to: 40, failing: 0.3 }])
  for (let pause = 0; pause < 5; pause++) {
    const store = new RememberingStore()
    let pauses = 0
    const atPause = { act: async () => {} }
    const world = { store: store.world, now: () => Number.POSITIVE_INFINITY, pause: () => atPause.act() }
    const engine = new Engine({ stepMs: 15_000, delayMs: 0 }, [aStandardSlo()], everythingToOncall, world)
    const play = async (from: number, to: number, only?: number) => {
      const feed = tickFeed(engine.sink, counts, only)
      for (let tick = from; tick < to; tick++) {
        feed(tick)
        await evaluateAll(engine)
      }
    }
    const scopes = () => [...engine.gates.slos.values()].flatMap(({ rows }) => [...rows.keys()])
    await play(-1, 10, 0)
    const before = scopes()
    atPause.act = async () => {
      if (pauses++ === pause) await play(-1, 20)
    }
    await engine.checkpoint()
    assert.ok(pauses > 4, `${pauses} pauses`)
    assert.ok(scopes().length > before.length, scopes().join(' '))
    const stored = JSON.parse(new TextDecoder().decode(store.parts.get('evidence/0')))
    const inParts = stored[0].rows.map(([scope]: readonly [string]) => scope)
    assert.ok(String(inParts) === String(pause < 4 ? scopes() : before), `${pause}: ${inParts}`)
  }
})
