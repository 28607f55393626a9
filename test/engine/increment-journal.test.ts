import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Engine } from '../../src/engine/engine.ts'
import type { IncrementLog } from '../../src/ports/increment-log.ts'
import { sampleBatch } from '../../src/ports/sample-sink.ts'
import { anSlo } from '../support/engine-slo.ts'
import { RememberingStore } from '../support/engine-world.ts'
import { eu, labelsFor, start, step } from '../support/intake-world.ts'
import { silentRouting } from '../support/silent-routing.ts'

/** A log in memory, which outlives the engines that write to it. */
class RememberedLog implements IncrementLog {
  readonly parts = new Map<number, Uint8Array[]>()
  #part = 0
  #earlier: readonly number[] = []

  /** Another process opens it. */
  reopen(): this {
    this.#earlier = [...this.parts.keys()]
    this.#part++
    return this
  }

  append(entry: Uint8Array): boolean {
    this.parts.set(this.#part, [...(this.parts.get(this.#part) ?? []), entry.slice()])
    return true
  }

  turn(): number {
    return ++this.#part
  }

  dropBefore(part: number): void {
    for (const number of this.parts.keys()) if (number < part) this.parts.delete(number)
  }

  *left(): Iterable<Iterable<Uint8Array>> {
    for (const number of this.#earlier) yield this.parts.get(number) ?? []
  }

  close(): void {}
}

function engineOn(store: RememberingStore, increments?: IncrementLog): Engine {
  const world = { store: store.world, now: () => start + 1_000 * step, ...(increments && { increments }) }
  return new Engine({ stepMs: step, delayMs: step }, [anSlo()], silentRouting, world)
}

interface Sent {
  readonly series: 'total' | 'bad'
  readonly instance: string
  readonly interval: number
  readonly value: number
}

function send(engine: Engine, sent: readonly Sent[]): void {
  const batch = sampleBatch(sent.length)
  batch.hasStarts = true
  for (const { series, instance, interval, value } of sent) {
    const index = batch.length++
    batch.refs[index] = engine.sink.resolve(labelsFor({ __name__: series, instance }), eu)
    batch.startsMs[index] = start + interval * step
    batch.timesMs[index] = start + (interval + 1) * step
    batch.values[index] = value
  }
  engine.sink.appendDeltas(batch)
}

function countsOf(engine: Engine): readonly unknown[] {
  return [...engine.counting.regions].map(([name, region]) => {
    const own = region.slos.get('checkout')
    const rows = [1, 5, 20, 60].map((steps) =>
      own === undefined ? undefined : region.countsBetween(own, start, start + steps * step),
    )
    return [name, own === undefined ? undefined : region.countsEver(own), rows]
  })
}

const sent: fc.Arbitrary<Sent> = fc.record({
  series: fc.constantFrom('total', 'bad'),
  instance: fc.constantFrom('a', 'b', 'c'),
  interval: fc.nat({ max: 40 }),
  value: fc.nat({ max: 1_000 }),
})
type Event = { readonly kind: 'send'; readonly sent: Sent[] } | { readonly kind: 'checkpoint' | 'kill' }
const events: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.array(sent, { minLength: 1, maxLength: 5 }).map((each) => ({ kind: 'send', sent: each }) as const),
    },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'checkpoint' } as const, { kind: 'kill' } as const) },
  ),
  { maxLength: 25 },
)

test('an engine that is killed at any time counts every increment once that it had taken', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (story) => {
      const steady = engineOn(new RememberingStore())
      const [store, log] = [new RememberingStore(), new RememberedLog()]
      let engine = engineOn(store, log.reopen())
      for (const event of story) {
        if (event.kind === 'send') for (const each of [steady, engine]) send(each, event.sent)
        else if (event.kind === 'checkpoint') await engine.checkpoint()
        else {
          engine = engineOn(store, log.reopen())
          await engine.restore()
        }
      }
      engine = engineOn(store, log.reopen())
      await engine.restore()
      assert.deepEqual(countsOf(engine), countsOf(steady))
    }),
    { numRuns: 100 },
  )
})

test('without a log the increments after the last checkpoint are gone', async () => {
  const store = new RememberingStore()
  send(engineOn(store), [{ series: 'total', instance: 'a', interval: 0, value: 7 }])
  const after = engineOn(store)
  await after.restore()
  assert.deepEqual(countsOf(after), [])
  assert.equal(after.incrementsReplayed, 0)
})

test('a checkpoint that fails keeps what was written before it, and one that holds drops it', async () => {
  const [store, log] = [new RememberingStore(), new RememberedLog()]
  const engine = engineOn(store, log.reopen())
  send(engine, [{ series: 'total', instance: 'a', interval: 0, value: 7 }])
  store.failures = 1
  await assert.rejects(engine.checkpoint())
  assert.equal(log.parts.size, 1)
  await engine.checkpoint()
  assert.equal(log.parts.size, 0)
})

function one(interval: number): readonly Sent[] {
  return [{ series: 'total', instance: 'a', interval, value: 1 }]
}

test('names a series once in each part, and tells how many increments it brought back', async () => {
  const [store, log] = [new RememberingStore(), new RememberedLog()]
  const engine = engineOn(store, log.reopen())
  send(engine, one(0))
  send(engine, one(1))
  const [[first, second]] = [...log.parts.values()]
  assert.ok(first !== undefined && second !== undefined && second.length < first.length)
  await engine.checkpoint()
  send(engine, one(2))
  send(engine, one(2))
  const after = engineOn(store, log.reopen())
  await after.restore()
  assert.equal(after.incrementsReplayed, 1)
})
