import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import { startRemoteWriteExport } from '../../src/export/remote-write-export.ts'
import type { Log } from '../../src/ports/log.ts'
import type { OwnSample } from '../../src/ports/own-series.ts'
import { exportMeter } from '../support/export-meter.ts'
import { exportStore } from '../support/export-store.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const start = 1_767_225_600_000
const burning = { name: 'slo_burn_rate', labels: { slo: 'a', window: '1h' }, value: 3 }
const firing = { name: 'slo_alert_firing', labels: { slo: 'a', severity: 'page', job: 'own' }, value: 1 }
const burnRate = 'slo_burn_rate{job="sloburn",slo="a",window="1h"}'
const alert = 'slo_alert_firing{job="own",severity="page",slo="a"}'

test('sends every series at every multiple of the interval, and its end when it is gone', async (t) => {
  const world = await exporting(t)
  await world.settled('sent')
  assert.deepEqual(world.store.writes.map(shown), [{ [burnRate]: 3, [alert]: 1, at: [start] }])
  assert.equal(world.store.writes[0]?.headers['x-prometheus-remote-write-version'], '0.1.0')
  assert.equal(world.store.writes[0]?.headers['content-encoding'], 'snappy')
  assert.equal(world.store.writes[0]?.headers.authorization, 'Bearer hush')

  world.samples.pop()
  await world.clock.advance(15_000)
  await world.settled('sent')
  assert.deepEqual(shown(world.store.writes[1]), { [burnRate]: 3, [alert]: 'ended', at: [start + 15_000] })

  await world.clock.advance(15_000)
  await world.settled('sent')
  assert.deepEqual(shown(world.store.writes[2]), { [burnRate]: 3, at: [start + 30_000] })

  await world.export.stop()
  assert.deepEqual(shown(world.store.writes[3]), { [burnRate]: 'ended', at: [start + 30_000] })
})

test('a store that is away gets everything in order once it is back', async (t) => {
  const world = await exporting(t)
  await world.settled('sent')
  world.store.answer({ status: 503 }, { status: 429, headers: { 'retry-after': '20' } })
  await world.clock.advance(15_000)
  await world.tried('retry')
  await world.clock.advance(500)
  await world.tried('retry')
  await world.clock.advance(15_000)
  assert.equal(world.store.writes.length, 3, 'it is left alone for as long as it asked')
  await world.clock.advance(5_000)
  await world.settled('sent')
  await world.settled('sent')
  assert.deepEqual(
    world.store.writes.map(({ timesMs }) => timesMs),
    [[start], [start + 15_000], [start + 15_000], [start + 15_000], [start + 30_000]],
  )
  await world.export.stop()
})

test('what a store refuses is lost to it, said once with the reason, and the next is sent', async (t) => {
  const world = await exporting(t)
  await world.settled('sent')
  world.store.answer({ status: 400 })
  await world.clock.advance(15_000)
  await world.settled('rejected')
  await world.clock.advance(15_000)
  await world.settled('sent')
  await world.export.stop()
  assert.deepEqual(world.warnings, [{ export: 'store', reason: 'HTTP 400: no room here' }])
})

test('a store that does not come back loses what waits when the engine stops, and no secret is said', async (t) => {
  const world = await exporting(t)
  await world.settled('sent')
  world.store.answer(...Array.from({ length: 100 }, () => ({ status: 500 })))
  await world.clock.advance(15_000)
  await world.tried('retry')
  const stopped = world.export.stop()
  await world.clock.advance(5_000)
  await stopped
  assert.equal(world.counted('dropped'), 4)
  assert.doesNotMatch(JSON.stringify(world.warnings), /hush/)
})

function shown({ values, timesMs }: { values: ReadonlyMap<string, number | 'ended'>; timesMs: readonly number[] }) {
  return { ...Object.fromEntries(values), at: timesMs }
}

/** An export of two series to a store, in time that a test moves. */
async function exporting(t: TestContext) {
  const store = await exportStore(t)
  const clock = new VirtualClock(start)
  const samples: OwnSample[] = [burning, firing]
  const warnings: unknown[] = []
  const log: Log = { debug: () => {}, info: () => {}, warn: (fields) => void warnings.push(fields), error: assert.fail }
  const { meter, ...counting } = exportMeter()
  const headers = new Map([['authorization', secret('Bearer hush')]])
  const running = startRemoteWriteExport(
    'store',
    {
      url: store.url,
      headers,
      tls: undefined,
      intervalMs: 15_000,
      timeoutMs: 10_000,
      series: 'all',
      labels: new Map([['job', 'sloburn']]),
    },
    { clock, log, meter, random: () => 0, ownSeries: async () => [...samples] },
  )
  return { store, clock, samples, warnings, export: running, ...counting }
}
