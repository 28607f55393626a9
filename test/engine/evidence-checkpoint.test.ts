import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Engine } from '../../src/engine/engine.ts'
import { evaluateAll, everythingToOncall, RememberingStore } from '../support/engine-world.ts'
import { aStandardSlo, drawCounts, tickFeed } from '../support/evidence-world.ts'

const counts = drawCounts('prepared', 40, 60, [{ region: 0, from: 10, to: 40, failing: 0.3 }])

interface Checkpointed {
  readonly pauses: number
  /** The scopes before the checkpoint, in it, and after it. */
  readonly before: string
  readonly stored: string
  readonly after: string
}

/** A checkpoint at a pause of which, counted from 0, more regions come up. */
async function checkpointed(comeUpAt: number): Promise<Checkpointed> {
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
  const scopes = () => [...engine.gates.slos.values()].flatMap(({ rows }) => [...rows.keys()]).join(' ')
  await play(-1, 10, 0)
  const before = scopes()
  atPause.act = async () => {
    if (pauses++ === comeUpAt) await play(-1, 20)
  }
  await engine.checkpoint()
  const parts = JSON.parse(new TextDecoder().decode(store.parts.get('evidence/0')))
  const stored = parts[0].rows.map(([scope]: readonly [string]) => scope).join(' ')
  return { pauses, before, stored, after: scopes() }
}

test('regions that come up while a checkpoint is being prepared are in it, and later ones in the next', async () => {
  // How often others have their turn is for the checkpoint to say.
  const { pauses } = await checkpointed(-1)
  const isIn: boolean[] = []
  for (let pause = 0; pause < pauses; pause++) {
    const { before, stored, after } = await checkpointed(pause)
    assert.ok(after.length > before.length, after)
    assert.ok([before, after].includes(stored), `${pause}: ${stored}`)
    isIn.push(stored === after)
  }
  // The checkpoint is taken at one moment, with pauses before it and after it.
  const taken = isIn.indexOf(false)
  assert.ok(taken > 0, isIn.join(' '))
  assert.deepEqual(
    isIn,
    isIn.map((_, pause) => pause < taken),
  )
})
