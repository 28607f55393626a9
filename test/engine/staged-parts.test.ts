import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { StagedParts } from '../../src/engine/staged-parts.ts'
import type { Checkpoints } from '../../src/ports/store.ts'

/** Keeps parts in memory, and fails from a certain save on. */
class MemoryParts implements Checkpoints {
  readonly parts = new Map<string, Uint8Array>()
  saves = 0
  failsAfter = Number.POSITIVE_INFINITY
  largestSave = 0

  async save(parts: ReadonlyMap<string, Uint8Array>, removed: Iterable<string>): Promise<void> {
    if (this.saves >= this.failsAfter) throw new Error('killed')
    this.saves++
    let bytes = 0
    for (const name of removed) this.parts.delete(name)
    for (const [name, part] of parts) {
      this.parts.set(name, part.slice())
      bytes += part.length
    }
    this.largestSave = Math.max(this.largestSave, bytes)
  }

  async names(): Promise<readonly string[]> {
    return [...this.parts.keys()]
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map([...this.parts].filter(([name]) => names.includes(name)))
  }
}

const names = ['region/eu', 'samples/0', 'samples/1', 'row/eu@1/5', 'series/0']
const change = fc.record({
  parts: fc.array(fc.record({ name: fc.constantFrom(...names), large: fc.boolean(), later: fc.boolean() }), {
    maxLength: 6,
  }),
  removed: fc.array(fc.constantFrom(...names), { maxLength: 2 }),
  killedAfter: fc.option(fc.nat(6), { nil: undefined }),
})

test('wherever the process is killed, what is loaded is one whole checkpoint: the last one, or the one under way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const store = new MemoryParts()
      let staged = new StagedParts(store, async () => {})
      let expected = new Map<string, string>()
      for (const [index, { parts: drawn, removed, killedAfter }] of changes.entries()) {
        const content = new Map(drawn.map(({ name, large }) => [name, aPart(index, large)]))
        const gone = removed.filter((name) => !content.has(name))
        const next = new Map([...expected].filter(([name]) => !gone.includes(name)))
        for (const [name, part] of content) next.set(name, textOf(part))
        const isLater = new Set(drawn.filter(({ later }) => later).map(({ name }) => name))
        const parts = new Map([...content].filter(([name]) => !isLater.has(name)))
        const later = new Map(
          [...content].filter(([name]) => isLater.has(name)).map(([name, part]) => [name, () => part]),
        )
        store.failsAfter = killedAfter === undefined ? Number.POSITIVE_INFINITY : store.saves + killedAfter
        const failed = await staged.save({ parts, later, removed: gone }).then(
          () => false,
          () => true,
        )
        store.failsAfter = Number.POSITIVE_INFINITY
        if (!failed) expected = next
        if (!failed && killedAfter === undefined) continue
        staged = new StagedParts(store, async () => {})
        const loaded = texts(await loadedBy(staged))
        if (failed && !same(loaded, expected)) expected = next
        assert.deepEqual(loaded, expected)
      }
      assert.deepEqual(texts(await loadedBy(new StagedParts(store, async () => {}))), expected)
    }),
    { numRuns: 300 },
  )
})

test('what is left of earlier checkpoints is removed', async () => {
  const store = new MemoryParts()
  const staged = new StagedParts(store, async () => {})
  for (let index = 0; index < 10; index++) {
    await staged.save({ parts: new Map([['samples/0', aPart(index, true)]]), later: new Map(), removed: [] })
  }
  assert.equal(store.parts.size, 2)
  await staged.save({ parts: new Map(), later: new Map(), removed: ['samples/0'] })
  assert.equal(store.parts.size, 1)
})

test('what one step takes is written at once, in place of what was there', async () => {
  const store = new MemoryParts()
  const staged = new StagedParts(store, async () => {})
  const save = async (index: number, count: number) => {
    const parts = new Map(Array.from({ length: count }, (_, place) => [`samples/${place}`, aPart(index, true)]))
    const before = store.saves
    await staged.save({ parts, later: new Map(), removed: [] })
    return store.saves - before
  }
  assert.equal(await save(1, 40), 1)
  assert.equal(await save(2, 40), 1)
  assert.equal(store.parts.size, 41)
  assert.ok((await save(3, 400)) > 8, 'larger ones are not')
  assert.equal(store.parts.size, 401)
  await save(4, 40)
  const loaded = await loadedBy(new StagedParts(store, async () => {}))
  assert.deepEqual([loaded.get('samples/39')?.[0], loaded.get('samples/40')?.[0]], [4, 3])
})

test('large checkpoints are written a little at a time, with a pause after each', async () => {
  const store = new MemoryParts()
  let pauses = 0
  const staged = new StagedParts(store, async () => {
    pauses++
  })
  const parts = new Map(Array.from({ length: 400 }, (_, index) => [`samples/${index}`, new Uint8Array(64 * 1024)]))
  await staged.save({ parts, later: new Map(), removed: [] })
  assert.ok(store.largestSave <= 1024 * 1024 + 64 * 1024)
  assert.ok(pauses >= 24)
})

/** All parts, of which some come later. */
async function loadedBy(staged: StagedParts): Promise<ReadonlyMap<string, Uint8Array>> {
  const { parts, later } = await staged.load((name) => name.startsWith('row/') || name.startsWith('samples/'))
  return new Map([...parts, ...(await later)])
}

function aPart(index: number, large: boolean): Uint8Array {
  return new Uint8Array(large ? 20_000 : 10).fill(index)
}

function textOf(part: Uint8Array): string {
  return `${part.length} × ${part[0]}`
}

function texts(parts: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  return new Map([...parts].map(([name, part]) => [name, textOf(part)] as const).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function same(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text)
}
