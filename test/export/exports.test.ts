import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startExports } from '../../src/app/exports.ts'
import type { ExportConfig } from '../../src/config/parts/export.ts'
import { secret } from '../../src/core/model/secret.ts'
import { silentLog } from '../../src/ports/log.ts'
import { exportMeter } from '../support/export-meter.ts'
import { exportStore } from '../support/export-store.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

test('with a reload an export that stays goes on, and one that changes ends and begins anew', async (t) => {
  const store = await exportStore(t)
  const clock = new VirtualClock(1_767_225_600_000)
  const { meter, settled } = exportMeter()
  const exports = startExports([anExport(store.url, 'one')], { clock, log: silentLog, meter, ownSeries })
  await settled('sent')
  await exports.change([anExport(store.url, 'one')])
  assert.equal(store.writes.length, 1, 'nothing was ended')

  await exports.change([anExport(store.url, 'another')])
  await settled('sent')
  await settled('sent')
  await exports.stop()
  assert.deepEqual(
    store.writes.map(({ headers, values }) => [headers.authorization, ...values.values()]),
    [
      ['one', 0.999],
      ['one', 'ended'],
      ['another', 0.999],
      ['another', 'ended'],
    ],
  )
})

async function ownSeries() {
  return [{ name: 'slo_objective_ratio', labels: { slo: 'a' }, value: 0.999 }]
}

function anExport(url: string, authorization: string): ExportConfig {
  return {
    name: 'store',
    settings: {
      url,
      headers: new Map([['authorization', secret(authorization)]]),
      tls: undefined,
      intervalMs: 15_000,
      timeoutMs: 10_000,
      series: 'slo',
      labels: new Map(),
    },
  }
}
