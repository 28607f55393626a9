import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLabels, labelsOf } from '../../../src/core/model/labels.ts'
import { defaultLabelTable, defaultRelabelling, labelTable } from '../../../src/ingest/relabel/config.ts'
import { labellingId, normalizedLabels } from '../../../src/ingest/relabel/normalize-labels.ts'
import { normalizingSink } from '../../../src/ingest/relabel/normalizing-sink.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'

function normalized(labels: Readonly<Record<string, string>>, relabelling = defaultRelabelling): string {
  return formatLabels(normalizedLabels(labelsOf(Object.entries(labels)), relabelling))
}

/** Labels as senders have them, and what is added to them. */
for (const [what, labels, added] of [
  [
    'OpenTelemetry',
    { cloud_region: 'eu', cloud_availability_zone: 'a', service_name: 'shop', deployment_environment_name: 'prod' },
    { region: 'eu', zone: 'a', service: 'shop', environment: 'prod' },
  ],
  [
    'OpenTelemetry in its own spelling',
    { 'cloud.region': 'eu', 'service.name': 'shop' },
    { region: 'eu', service: 'shop' },
  ],
  [
    'Kubernetes nodes',
    { label_topology_kubernetes_io_region: 'eu', topology_kubernetes_io_zone: 'a' },
    { region: 'eu', zone: 'a' },
  ],
  ['a Prometheus job', { job: 'shop' }, { service: 'shop' }],
  ['a job with a namespace', { job: 'team/shop' }, { service: 'shop' }],
  ['the older environment', { deployment_environment: 'dev', env: 'x' }, { environment: 'dev' }],
] as const) {
  test(`knows the names of ${what}`, () => {
    assert.equal(normalized(labels), formatLabels(labelsOf(Object.entries({ ...labels, ...added }))))
  })
}

test('lets a series keep what it says itself, and prefers a service name to a job', () => {
  assert.equal(normalized({ region: 'eu', cloud_region: 'us' }), '{cloud_region="us",region="eu"}')
  assert.equal(normalized({ job: 'ns/a', service_name: 'b' }), '{job="ns/a",service="b",service_name="b"}')
})

test('answers the same labels where there is nothing to add', () => {
  const labels = labelsOf([['a', 'b']])
  assert.equal(normalizedLabels(labels, defaultRelabelling), labels)
})

test('follows another table, switches a label off, and adds what a source adds', () => {
  const table = labelTable({ region: ['dc'], service: [], team: ['owner'] }, defaultLabelTable)
  const relabelling = {
    table,
    added: labelsOf([
      ['zone', 'z'],
      ['dc', 'never'],
    ]),
  }
  assert.equal(
    normalized({ dc: 'fra', job: 'x', owner: 'pay', topology_kubernetes_io_zone: 'a' }, relabelling),
    '{dc="fra",job="x",owner="pay",region="fra",team="pay",topology_kubernetes_io_zone="a",zone="z"}',
  )
})

test('normalises when a series is resolved, a histogram and an example too, and says by which table', () => {
  const sink = new RecordingSink()
  sink.bounds = [0.5]
  const wrapped = normalizingSink(sink, defaultRelabelling)
  const labels = labelsOf([
    ['__name__', 'took'],
    ['job', 'shop'],
  ])
  const origin = { source: 'a', region: 'eu' }
  wrapped.resolve(labels, origin)
  wrapped.resolveHistogram(labels, origin)
  wrapped.noteExemplar(labels, origin, { atMs: 1, value: 1, traceId: 't', spanId: undefined })
  assert.ok(sink.resolved.every(({ labels: each }) => each.get('service') === 'shop'))
  assert.deepEqual(sink.resolved[0].origin, { ...origin, labelling: labellingId(defaultRelabelling) })
  assert.equal(sink.resolved[0].origin, sink.resolved[1].origin)
  assert.match(sink.exemplars[0].series, /service="shop"/)
})
