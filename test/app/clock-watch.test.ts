import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockWatch } from '../../src/app/clock-watch.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const hour = 3_600_000

function aWatch() {
  let now = noon
  const said: unknown[] = []
  const counted: string[] = []
  const wasPutBack = clockWatch({
    clock: { now: () => now },
    log: { ...silentLog, error: (fields) => said.push(fields) },
    meter: { ...silentMeter, count: (name) => counted.push(name) },
  })
  return { wasPutBack, said, counted, set: (to: number) => (now = to) }
}

test('a clock that goes on, ahead, or is set right by seconds is no matter', () => {
  const { wasPutBack, said, set } = aWatch()
  for (const to of [noon, noon + 15_000, noon + hour, noon + hour - 9_000]) {
    set(to)
    assert.equal(wasPutBack(), false)
  }
  assert.deepEqual(said, [])
})

test('one that is put back is told of once, with how far, and counted', () => {
  const { wasPutBack, said, counted, set } = aWatch()
  set(noon - hour)
  assert.equal(wasPutBack(), true)
  assert.equal(wasPutBack(), false)
  assert.deepEqual(said, [{ from: noon, to: noon - hour, byMs: hour }])
  assert.deepEqual(counted, ['sloburn_clock_set_back_total'])
})
