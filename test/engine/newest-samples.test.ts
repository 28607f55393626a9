import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { newestSamplesPart, readNewestSamples } from '../../src/engine/newest-samples.ts'

const moments = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 3 }), fc.double({ noNaN: true }))
const values = fc.oneof(fc.nat(1_000), fc.nat(2 ** 32 - 1), fc.double())

test('newest samples come back from a part as they were, and a part is never taken for one of earlier versions', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(moments, values), { maxLength: 600 }), fc.boolean(), (samples, areWhole) => {
      const given = Float64Array.from(
        samples.flatMap(([at, value]) => [at, areWhole ? Math.trunc(value % 1e6) || 0 : value]),
      )
      const part = newestSamplesPart(given, roomWithAnything)
      assert.equal(part.length % 16, 8)
      assert.deepEqual(meant(readNewestSamples(part)), meant(given))
    }),
  )
})

test('a page of counters that were scraped together takes five bytes a series, and a third of what it took', () => {
  const samples = Float64Array.from({ length: 2 * 4_096 }, (_, at) => (at % 2 === 0 ? 1.7e12 + (at % 40) : at * 7))
  assert.ok(newestSamplesPart(samples, roomWithAnything).length < 5.1 * 4_096)
})

test('the samples of earlier versions are read', () => {
  const samples = Float64Array.of(1.7e12, 5, Number.NaN, Number.NaN)
  assert.deepEqual(readNewestSamples(new Uint8Array(samples.buffer)), samples)
  assert.equal(readNewestSamples(undefined).length, 0)
})

/** As in production: not the beginning of its memory, and not empty. */
function roomWithAnything(bytes: number): Uint8Array {
  return new Uint8Array(bytes + 8).fill(0xa5).subarray(8)
}

/** A value without a time means nothing; zero has no sign. */
function meant(samples: Float64Array): number[] {
  return [...samples].map((number, at) => (at % 2 === 1 && Number.isNaN(samples[at - 1]) ? 0 : number + 0))
}
