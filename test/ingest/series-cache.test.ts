import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seriesForgottenAfterMs } from '../../src/core/model/limits.ts'
import { minuteMs } from '../../src/core/model/units.ts'
import { KeyArena } from '../../src/ingest/key-arena.ts'
import { type SeriesAllowance, seriesAllowance } from '../../src/ingest/series-allowance.ts'
import { SeriesCache } from '../../src/ingest/series-cache.ts'
import { unresolvedSeries } from '../../src/ingest/series-index.ts'

const encoder = new TextEncoder()

function allowanceOf(seriesLeft: number, keyBytesLeft = 1_000_000): SeriesAllowance {
  return { seriesLeft, keyBytesLeft, wanted: 0 }
}

/** Finds or adds a key the way a writer does: prediction first. Answers its ref, or undefined when there is no room. */
function refOf(cache: SeriesCache, key: Uint8Array, create: () => number): number | undefined {
  // The key stands somewhere inside of a larger buffer, with other bytes around it.
  const buffer = new Uint8Array(key.length + 9).fill(0x7b)
  buffer.set(key, 5)
  const predicted = cache.expected(buffer, 5, 5 + key.length)
  let entry = predicted === key.length && predicted > 0 ? cache.takeExpected() : cache.find(buffer, 5, 5 + key.length)
  if (entry < 0) entry = cache.add(buffer, 5, 5 + key.length)
  if (entry < 0) return undefined
  if (cache.ref(entry) === unresolvedSeries) cache.setRef(entry, create())
  return cache.ref(entry)
}

function keyOf(number: number): Uint8Array {
  return encoder.encode(`series-${number}`)
}

type Step =
  | { readonly kind: 'key'; readonly key: Uint8Array }
  | { readonly kind: 'reload' }
  | { readonly kind: 'begin' }

const keys = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.nat({ max: 300 }).map((number) => encoder.encode(`http_requests_total{instance="10.0.0.${number}",code="200"}`)),
)
const steps = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: keys.map((key): Step => ({ kind: 'key', key })) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'reload' }) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'begin' }) },
  ),
  { minLength: 100, maxLength: 600, size: 'max' },
)

test('answers what a plain Map answers, over reloads too', () => {
  fc.assert(
    fc.property(steps, fc.nat({ max: 3 }), (sequence, repeats) => {
      const cache = new SeriesCache(seriesAllowance())
      const known = new Set<string>()
      let map = new Map<string, number>()
      let next = 0
      // The sequence repeats, so that predictions come true.
      for (const step of Array.from({ length: repeats + 1 }, () => sequence).flat()) {
        if (step.kind === 'reload') {
          map = new Map()
          cache.forgetRefs()
        } else if (step.kind === 'begin') {
          cache.end()
          cache.begin(next)
        } else {
          const text = Buffer.from(step.key).toString('latin1')
          const created = map.get(text) ?? next
          assert.equal(
            refOf(cache, step.key, () => next++),
            created,
          )
          map.set(text, created)
          known.add(text)
        }
      }
      assert.equal(cache.size, known.size)
    }),
    { numRuns: 100 },
  )
})

test('expects the key that followed last time, and only that', () => {
  const cache = new SeriesCache(seriesAllowance())
  const [a, b, c] = ['aaaa1', 'bbbb2', 'cccc3'].map((text) => encoder.encode(text))
  const expects = (key: Uint8Array): boolean => cache.expected(key, 0, key.length) > 0
  for (const key of [a, b, c, a]) refOf(cache, key, () => 1)
  assert.deepEqual([a, b, c].map(expects), [false, true, false])
  cache.takeExpected()
  assert.deepEqual([a, b, c].map(expects), [false, false, true])
  refOf(cache, a, () => 1)
  refOf(cache, b, () => 1)
  refOf(cache, a, () => 1)
  assert.ok(expects(b))
  cache.takeExpected()
  assert.ok(expects(a), 'the order that changed is learnt')
})

test('does not take a longer key for the one expected, nor read beyond the end', () => {
  const cache = new SeriesCache(seriesAllowance())
  const [first, second] = ['first', 'second'].map((text) => encoder.encode(text))
  for (const key of [first, second, first]) refOf(cache, key, () => 1)
  assert.equal(cache.expected(second, 0, second.length), second.length)
  assert.equal(cache.expected(second, 0, second.length - 1), 0)
  assert.equal(cache.expected(encoder.encode('secomd'), 0, 6), 0)
})

test('adds no more series than its source may have, and knows the others still', () => {
  const allowance = allowanceOf(3)
  const one = new SeriesCache(allowance)
  const other = new SeriesCache(allowance)
  const refs = ['a', 'b'].map((key) => refOf(one, encoder.encode(key), () => 7))
  refs.push(refOf(other, encoder.encode('a'), () => 7))
  refs.push(refOf(other, encoder.encode('c'), () => 7))
  refs.push(refOf(one, encoder.encode('b'), () => 8))
  assert.deepEqual(refs, [7, 7, 7, undefined, 7])
  assert.equal(allowance.wanted, 3)
  one.clear()
  assert.deepEqual(
    allowance,
    { seriesLeft: 2, keyBytesLeft: 999_999, wanted: 1 },
    'what is cleared can be used by others',
  )
  assert.equal(
    refOf(other, encoder.encode('c'), () => 7),
    7,
  )
})

test('adds no key that is longer than what is left for keys', () => {
  const cache = new SeriesCache(allowanceOf(100, 10))
  assert.equal(
    refOf(cache, new Uint8Array(11), () => 1),
    undefined,
  )
  assert.equal(
    refOf(cache, new Uint8Array(10), () => 1),
    1,
  )
})

test('forgets series not seen for long when it needs their room, and keeps the others', () => {
  const allowance = allowanceOf(10)
  const cache = new SeriesCache(allowance)
  cache.begin(0)
  for (let number = 0; number < 10; number++) refOf(cache, keyOf(number), () => number)
  cache.begin(seriesForgottenAfterMs)
  for (let number = 7; number < 10; number++) refOf(cache, keyOf(number), () => assert.fail('known'))
  cache.begin(seriesForgottenAfterMs + minuteMs)
  assert.equal(
    refOf(cache, keyOf(10), () => 10),
    10,
  )
  assert.equal(cache.size, 4)
  assert.equal(allowance.wanted, 4)
  for (let number = 7; number < 11; number++) {
    assert.equal(
      refOf(cache, keyOf(number), () => assert.fail('known')),
      number,
    )
  }
  assert.equal(
    refOf(cache, keyOf(0), () => 77),
    77,
  )
})

test('names the series seen at one time and not since, but those with times of their own', () => {
  const cache = new SeriesCache(seriesAllowance())
  cache.begin(1_000)
  for (const [index, text] of ['gone', 'stays', 'timed'].entries()) refOf(cache, encoder.encode(text), () => index)
  cache.setOwnTime(cache.find(encoder.encode('timed'), 0, 5), true)
  cache.begin(2_000)
  refOf(cache, encoder.encode('stays'), () => 9)
  assert.deepEqual([...cache.lastSeenAt(1_000)], [0])
  assert.deepEqual([...cache.lastSeenAt(2_000)], [1])
})

test('refuses names made to collide instead of looking at all of them', () => {
  class ConstantHash extends KeyArena {
    override hash(): number {
      return 42
    }
  }
  const cache = new SeriesCache(allowanceOf(100_000), () => new ConstantHash())
  let added = 0
  for (let number = 0; number < 5_000; number++) {
    if (refOf(cache, encoder.encode(`n${number}`), () => number) !== undefined) added++
  }
  assert.ok(added > 100 && added < 1_000, String(added))
  assert.equal(
    refOf(cache, encoder.encode('n5'), () => -1),
    5,
  )
})

test('spreads keys that differ in one place over all hashes', () => {
  const arena = new KeyArena()
  const hashes = new Set<number>()
  const lowBits = new Set<number>()
  const count = 20_000
  for (let number = 0; number < count; number++) {
    const key = encoder.encode(`http_requests_total{instance="10.0.${number >> 8}.${number & 255}:9100",code="200"}`)
    const hash = arena.hash(key, 0, key.length)
    hashes.add(hash)
    lowBits.add(hash & 0xffff)
  }
  assert.ok(hashes.size > count - 5, `${hashes.size} of ${count} hashes`)
  // As many different low 16 bits as chance gives: 65536 × (1 − e^(−20000/65536)) = 17 240.
  assert.ok(lowBits.size > 16_900, `${lowBits.size} low bits`)
})
