import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelName, metricName, type NameEnding } from '../../../src/ingest/otlp/prometheus-names.ts'

/** Name, unit, ending, what Prometheus' own receiver makes of it. */
const names: readonly (readonly [string, string, NameEnding, string])[] = [
  ['http.server.request.duration', 's', undefined, 'http_server_request_duration_seconds'],
  ['http.server.requests', '{request}', 'total', 'http_server_requests_total'],
  ['requests.total', '1', 'total', 'requests_total'],
  ['system.network.io', 'By', 'total', 'system_network_io_bytes_total'],
  ['system.cpu.utilization', '1', 'ratio', 'system_cpu_utilization_ratio'],
  ['hw.ratio.of.things', '1', 'ratio', 'hw_of_things_ratio'],
  ['queue.length', '', 'ratio', 'queue_length'],
  ['disk.speed', 'By/s', undefined, 'disk_speed_bytes_per_second'],
  ['disk.speed', '{packet}/s', undefined, 'disk_speed_per_second'],
  ['disk.speed', 'By/{packet}', undefined, 'disk_speed_bytes'],
  ['disk.seconds', 's', 'total', 'disk_seconds_total'],
  ['temperature', 'Cel', 'ratio', 'temperature_celsius'],
  ['tank.filled', '%', undefined, 'tank_filled_percent'],
  ['99.percentile', 'ms', undefined, '_99_percentile_milliseconds'],
  ['many..dots__and-others', 'foo bar', undefined, 'many_dots_and_others_foo_bar'],
  ['broken.metric.bytes', 'By', 'total', 'broken_metric_bytes_total'],
  ['größe', '', undefined, 'gr_e'],
  ['...', '', undefined, ''],
]

for (const [name, unit, ending, wanted] of names) {
  test(`${name} in ${unit || 'no unit'}, ${ending ?? 'nothing'} at its end, is ${wanted || 'nothing'}`, () => {
    assert.equal(metricName(name, unit, ending), wanted)
  })
}

test('label names become what Prometheus can read', () => {
  assert.deepEqual(['http.response.status_code', '0status', '_private', '__reserved', 'a-b c', 'ok'].map(labelName), [
    'http_response_status_code',
    'key_0status',
    'key_private',
    '__reserved',
    'a_b_c',
    'ok',
  ])
})
