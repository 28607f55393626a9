import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceLabels } from '../../../src/ingest/otlp/resource-labels.ts'

function labelsOf(
  values: Readonly<Record<string, string>>,
  resourceAttributes: readonly string[] = [],
  translation: 'underscore' | 'none' = 'underscore',
): Record<string, string> {
  const attributes = Object.entries(values).map(([key, text]) => ({ key, text }))
  return Object.fromEntries(resourceLabels(attributes, { resourceAttributes, translation }))
}

test('job is the namespace and name of the service, instance its id', () => {
  const id = { 'service.name': 'checkout', 'service.instance.id': 'a1' }
  assert.deepEqual(labelsOf(id), { job: 'checkout', instance: 'a1', service_name: 'checkout' })
  assert.equal(labelsOf({ ...id, 'service.namespace': 'shop' })['job'], 'shop/checkout')
})

test('only listed attributes become labels, beside those that normalised labels are made of', () => {
  const values = { 'service.instance.id': 'a', 'cloud.region': 'eu', 'k8s.namespace.name': 'prod', 'process.pid': '7' }
  assert.deepEqual(labelsOf(values, ['k8s.namespace.name', 'missing']), {
    instance: 'a',
    cloud_region: 'eu',
    k8s_namespace_name: 'prod',
  })
  assert.deepEqual(labelsOf(values, ['k8s.namespace.name'], 'none'), {
    instance: 'a',
    'cloud.region': 'eu',
    'k8s.namespace.name': 'prod',
  })
})

test('two processes that do not name themselves never share a series', () => {
  const one = labelsOf({ 'service.name': 'checkout', 'host.name': 'n1', 'process.pid': '1' })
  const other = labelsOf({ 'service.name': 'checkout', 'host.name': 'n1', 'process.pid': '2' })
  assert.match(one['instance'] ?? '', /^n1-[0-9a-f]{12}$/)
  assert.notEqual(one['instance'], other['instance'])
  const again = labelsOf({ 'process.pid': '1', 'host.name': 'n1', 'service.name': 'checkout' })
  assert.equal(again['instance'], one['instance'], 'whatever the order of attributes')
  assert.equal(labelsOf({})['instance'], undefined, 'a resource that says nothing is no process')
})
