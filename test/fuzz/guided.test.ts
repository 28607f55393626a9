import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decoderTargets } from './decoders.ts'
import { type FuzzTarget, fuzz } from './guided.ts'
import { maze } from './maze.ts'

/** An input of at most 4 KiB takes less than a millisecond; one that takes this long hangs. */
const hangsMs = 5_000
const inputsInCi = 1_200

const mazeTarget: FuzzTarget = {
  name: 'maze',
  seeds: [],
  words: [],
  covers: (url) => url.endsWith('/fuzz/maze.ts'),
  open: () => (input) => assert.notEqual(maze(input), 'found'),
}

test('finds what chance alone would need four thousand million inputs for', () => {
  assert.throws(() => fuzz(mazeTarget, 1, 40_000), /maze, seed 1: .*\ninput in hex: 534c4f21/s)
})

test('does not find it where it is not led', () => {
  const { corpus } = fuzz({ ...mazeTarget, covers: () => false }, 1, 10_000)
  assert.deepEqual(corpus, [])
})

test('the same seed gives the same inputs', () => {
  const target: FuzzTarget = { ...mazeTarget, open: () => (input) => void maze(input) }
  const [first, again] = [2, 2].map((seed) =>
    fuzz(target, seed, 3_000).corpus.map((input) => Buffer.from(input).toString('hex')),
  )
  assert.deepEqual(first, again)
})

for (const target of decoderTargets) {
  test(`${target.name}: nothing is thrown, nothing hangs, and all ways of reading agree`, (t) => {
    const { inputs, reached, corpus, slowestMs } = fuzz(target, 1, inputsInCi)
    t.diagnostic(
      `${inputs} inputs, ${reached} bytes of source reached, ${corpus.length} inputs kept, the slowest took ${slowestMs.toFixed(1)} ms`,
    )
    assert.ok(corpus.length > target.seeds.length, 'inputs led to code that whole ones do not reach')
    assert.ok(slowestMs < hangsMs, `one input took ${slowestMs} ms`)
  })
}
