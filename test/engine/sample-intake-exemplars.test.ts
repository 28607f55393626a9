import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exemplarsPerScopeMax, futureSampleToleranceMs } from '../../src/core/model/limits.ts'
import { globalScope } from '../../src/core/model/slo.ts'
import { anSlo, counters } from '../support/engine-slo.ts'
import { eu, IntakeWorld, labelsFor, start, type Told } from '../support/intake-world.ts'

const errors = anSlo({ name: 'errors', bad: counters('requests', { code: '500' }), total: counters('requests') })
const latency = anSlo({
  name: 'latency',
  good: counters('latency_seconds_bucket', { le: '0.3' }),
  total: counters('latency_seconds_count'),
})

test('an example of an event that a bad counter counted is kept, one of a good event is not', () => {
  const world = new IntakeWorld([errors])
  offer(world, { __name__: 'requests', code: '500' }, 'failed')
  offer(world, { __name__: 'requests', code: '200' }, 'fine')
  assert.deepEqual(kept(world, 'errors', 'eu'), ['failed'])
})

test('where good events are counted, one that counts as an event and not as a good one failed', () => {
  const good = anSlo({ name: 'good', good: counters('requests', { code: '200' }), total: counters('requests') })
  const world = new IntakeWorld([good])
  offer(world, { __name__: 'requests', code: '500' }, 'failed')
  offer(world, { __name__: 'requests', code: '200' }, 'fine')
  assert.deepEqual(kept(world, 'good', 'eu'), ['failed'])
})

test('where good and all events are counters of other names, an event of one tells nothing of the other', () => {
  const apart = anSlo({ name: 'apart', good: counters('succeeded'), total: counters('attempted') })
  const world = new IntakeWorld([apart])
  offer(world, 'attempted', 'who-knows')
  assert.deepEqual(kept(world, 'apart', 'eu'), [])
})

test('an event of a histogram failed when it took longer than the bound, however the histogram comes', () => {
  const world = new IntakeWorld([latency])
  offer(world, { __name__: 'latency_seconds_bucket', le: '0.5' }, 'slow', 0.4)
  offer(world, { __name__: 'latency_seconds_bucket', le: '0.5' }, 'just-in-time', 0.3)
  offer(world, 'latency_seconds', 'slow-and-native', 2)
  offer(world, 'latency_seconds', 'fast-and-native', 0.1)
  assert.deepEqual(kept(world, 'latency', 'eu').sort(), ['slow', 'slow-and-native'])
})

test('only the newest few are kept, newest first, and each trace once', () => {
  const world = new IntakeWorld([errors])
  for (const index of [3, 1, 7, 2, 9, 8, 4]) {
    for (let again = 0; again < 2; again++)
      offer(world, { __name__: 'requests', code: '500' }, `t${index}`, 1, start + index)
  }
  const traces = kept(world, 'errors', 'eu')
  assert.deepEqual(traces, ['t9', 't8', 't7', 't4', 't3'])
  assert.equal(traces.length, exemplarsPerScopeMax)
})

test('the global scope has the newest of all regions', () => {
  const world = new IntakeWorld([errors])
  offer(world, { __name__: 'requests', code: '500', region: 'us' }, 'us', 1, start)
  offer(world, { __name__: 'requests', code: '500', region: 'ap' }, 'ap', 1, start + 1)
  assert.deepEqual(kept(world, 'errors', globalScope), ['ap', 'us'])
  assert.equal(world.intake.exemplars.of('errors', globalScope)[0].region, 'ap')
  assert.deepEqual(kept(world, 'errors', 'us'), ['us'])
})

test('an example without a trace, or of the future, shows nothing', () => {
  const world = new IntakeWorld([errors])
  const labels = labelsFor({ __name__: 'requests', code: '500' })
  world.intake.noteExemplar(labels, eu, { atMs: start, value: 1, traceId: undefined, spanId: undefined })
  offer(world, { __name__: 'requests', code: '500' }, 'far', 1, start + futureSampleToleranceMs + 1)
  assert.deepEqual(kept(world, 'errors', 'eu'), [])
})

function offer(world: IntakeWorld, series: Told['series'], traceId: string, value = 1, atMs = start): void {
  world.intake.noteExemplar(labelsFor(series), eu, { atMs, value, traceId, spanId: undefined })
}

function kept(world: IntakeWorld, slo: string, scope: string): string[] {
  return world.intake.exemplars.of(slo, scope).map(({ traceId }) => traceId)
}
