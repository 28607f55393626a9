import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { clustersPerSourceMax } from '../../../src/core/model/limits.ts'
import { replicaConfig } from '../../../src/ingest/replicas/config.ts'
import { replicaSink } from '../../../src/ingest/replicas/replica-sink.ts'
import { type SampleSink, sampleBatch } from '../../../src/ports/sample-sink.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { anSlo } from '../../support/engine-slo.ts'
import { anEngine } from '../../support/engine-world.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const start = 1_767_225_600_000
const origin = { source: 'pair', region: 'eu' }

function electing(sink: SampleSink) {
  const clock = new VirtualClock(start)
  const log = recordingLog()
  const meter = recordingMeter()
  const settings = { label: '__replica__', clusterLabel: 'cluster', failoverMs: 30_000 }
  const elected = replicaSink(sink, settings, { clock, log, meter, source: 'pair' })
  const send = (labels: Readonly<Record<string, string>>, time: number, value: number): void => {
    const ref = elected.resolve(labelsOf(Object.entries({ __name__: 'total', ...labels })), origin)
    if (ref < 0) return
    const batch = sampleBatch(1)
    batch.refs[0] = ref
    batch.timesMs[0] = time
    batch.values[0] = value
    batch.startsMs[0] = Number.NaN
    batch.length = 1
    elected.append(batch)
  }
  return { elected, send, clock, log, meter }
}

test('takes one replica of each cluster, whose label is no part of the series', () => {
  const sink = new RecordingSink()
  const { send, meter } = electing(sink)
  send({ cluster: 'x', __replica__: 'a' }, 1, 1)
  send({ cluster: 'x', __replica__: 'b' }, 2, 2)
  send({ cluster: 'y', __replica__: 'b' }, 3, 3)
  send({ cluster: 'y' }, 4, 4)
  assert.deepEqual(
    sink.samples.map(({ series, value }) => [series, value]),
    [
      ['total{cluster="x"}', 1],
      ['total{cluster="y"}', 3],
      ['total{cluster="y"}', 4],
    ],
  )
  assert.equal(meter.values.get('sloburn_ingest_replica_samples_dropped_total{source="pair",cluster="x"}'), 1)
})

test('turns to another replica when the elected one is silent for longer than it may be, and says so', async () => {
  const sink = new RecordingSink()
  const { send, clock, log, meter } = electing(sink)
  const to = (replica: string, value: number) => send({ __replica__: replica }, clock.now(), value)
  to('a', 1)
  await clock.advance(30_000)
  to('b', 2)
  await clock.advance(1)
  to('b', 3)
  to('a', 4)
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [1, 3],
  )
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    ['another replica takes over'],
  )
  assert.equal(meter.values.get('sloburn_ingest_replica_failovers_total{source="pair",cluster=""}'), 1)
})

test('forgets its refs with the generation of the sink, and passes unwanted series by', () => {
  const sink = new RecordingSink()
  const { elected, send } = electing(sink)
  sink.unwanted = () => true
  assert.equal(
    elected.resolve(
      labelsOf([
        ['__name__', 'x'],
        ['__replica__', 'a'],
      ]),
      origin,
    ),
    -1,
  )
  sink.unwanted = () => false
  send({ __replica__: 'a' }, 1, 1)
  sink.generation = 2
  assert.equal(elected.generation, 2)
  send({ __replica__: 'a' }, 2, 2)
  assert.deepEqual(
    sink.samples.map(({ value }) => value),
    [1, 2],
  )
})

test('takes histograms, deltas and examples of the elected replica alone', () => {
  const sink = new RecordingSink()
  sink.bounds = [1]
  const { elected } = electing(sink)
  const batch = sampleBatch(2)
  for (const [index, replica] of ['a', 'b'].entries()) {
    const refs = elected.resolveHistogram(tookOf(replica), origin)
    assert.ok(refs !== undefined)
    batch.refs[index] = refs.buckets[0].ref
    batch.values[index] = index + 1
    batch.length++
    elected.noteExemplar(tookOf(replica), origin, { atMs: index, value: 1, traceId: replica, spanId: undefined })
  }
  elected.appendDeltas(batch)
  assert.deepEqual(
    sink.deltas.map(({ series, value }) => [series, value]),
    [['took_bucket{le="1"}', 1]],
  )
  assert.deepEqual(
    sink.exemplars.map(({ exemplar }) => exemplar.traceId),
    ['a'],
  )
})

test('counts every event once over failovers there and back', async () => {
  const engine = anEngine({ slos: [anSlo({ severities: { page: false, ticket: false } })] })
  const { send, clock } = electing(engine.sink)
  const counted = (time: number) => 5_000 + Math.floor((time - start) / 97)
  const isSilent = {
    a: (at: number) => at > 120_000 && at < 300_000,
    b: (at: number) => at > 420_000 && at < 700_000,
  }
  for (let at = 0; at < 900_000; at += 1_000) {
    const now = start + at
    await clock.advance(now - clock.now())
    // Both scrape every 15 s, at different moments.
    if (at % 15_000 === 2_000 && !isSilent.a(at)) send({ instance: 'p', __replica__: 'a' }, now, counted(now))
    if (at % 15_000 === 9_000 && !isSilent.b(at)) send({ instance: 'p', __replica__: 'b' }, now, counted(now))
  }
  const region = engine.counting.regions.get('eu')
  const counts = region?.slos.get('checkout')
  assert.ok(region !== undefined && counts !== undefined)
  // The last turn was to a; the first sample of all is where counting begins.
  assert.equal(region.countsEver(counts).total, counted(start + 887_000) - counted(start + 2_000))
})

test('reads its settings, and reports those that cannot work', () => {
  const reports: string[] = []
  const reading = {
    secret: () => {
      throw new Error('no secrets here')
    },
    report: (path: string) => void reports.push(path),
  }
  assert.equal(replicaConfig(undefined, reading), undefined)
  assert.deepEqual(replicaConfig({}, reading), { label: '__replica__', clusterLabel: 'cluster', failoverMs: 30_000 })
  assert.deepEqual(reports, [])
  replicaConfig({ label: 'x', cluster: 'x', failover: '0' }, reading)
  assert.deepEqual(reports, ['/replicas/cluster', '/replicas/failover'])
})

function tookOf(replica: string) {
  return labelsOf([
    ['__name__', 'took'],
    ['__replica__', replica],
  ])
}

test('takes nothing of a cluster beyond as many as one source may have, and counts that', () => {
  const sink = new RecordingSink()
  const { send, meter } = electing(sink)
  for (let cluster = 0; cluster < clustersPerSourceMax; cluster++)
    send({ cluster: `${cluster}`, __replica__: 'a' }, 1, 1)
  assert.equal(sink.samples.length, clustersPerSourceMax)
  send({ cluster: 'one-more', __replica__: 'a' }, 2, 2)
  assert.equal(sink.samples.length, clustersPerSourceMax)
  assert.equal(meter.values.get('sloburn_limit_hits_total{limit="clustersPerSourceMax"}'), 1)
  send({ cluster: '0', __replica__: 'a' }, 3, 3)
  assert.equal(sink.samples.length, clustersPerSourceMax + 1)
})
