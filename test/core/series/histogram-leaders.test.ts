import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HistogramLeaders } from '../../../src/core/series/histogram-leaders.ts'
import { RecentSamples } from '../../../src/core/series/recent-samples.ts'

const bucket = 0
const count = 1

test('a bucket that falls stands still, unless its histogram started from zero since', () => {
  const { leaders, samples } = aBucketAt([1_000, 10], [2_000, 12])
  assert.equal(leaders.asLed(samples, bucket, 3_000, 11), 12)
  assert.equal(leaders.asLed(samples, bucket, 3_000, 15), 15)
  leaders.noteReset(count, 2_500)
  assert.equal(leaders.asLed(samples, bucket, 3_000, 3), 3)
})

test('a start from zero that is no news lets nothing fall', () => {
  const { leaders, samples } = aBucketAt([1_000, 10], [2_000, 12])
  leaders.noteReset(count, 1_500)
  assert.equal(leaders.asLed(samples, bucket, 3_000, 3), 12)
})

test('a late value stays between its neighbours, unless they tell of a reset', () => {
  const { leaders, samples } = aBucketAt([1_000, 10], [2_000, 12], [3_000, 5])
  assert.equal(leaders.asLed(samples, bucket, 1_500, 9), 10)
  assert.equal(leaders.asLed(samples, bucket, 1_500, 14), 12)
  assert.equal(leaders.asLed(samples, bucket, 2_500, 1), 1)
  assert.equal(leaders.asLed(samples, bucket, 500, 20), 20)
})

test('a series without a leader, or whose leader is forgotten, knows of no start', () => {
  const { leaders } = aBucketAt()
  leaders.noteReset(count, 1_000)
  assert.equal(leaders.resetAt(bucket), 1_000)
  assert.ok(Number.isNaN(leaders.resetAt(count)))
  leaders.clear(bucket)
  assert.ok(Number.isNaN(leaders.resetAt(bucket)))
})

function aBucketAt(...seen: readonly (readonly [time: number, value: number])[]) {
  const leaders = new HistogramLeaders()
  leaders.follow(bucket, count)
  const samples = new RecentSamples()
  samples.reserve(2)
  for (const [time, value] of seen) samples.push(bucket, time, value)
  return { leaders, samples }
}
