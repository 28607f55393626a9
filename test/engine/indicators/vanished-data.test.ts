import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ratioIndicator } from '../../../src/core/model/ratio-indicator.ts'
import { aRule, counters } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../../support/engine-world.ts'
import { ratioSlo, sloOf } from '../../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const start = Date.UTC(2026, 0, 1)

/** Something else in the same region, so that time goes on there. */
const other = sloOf(ratioIndicator({ bad: counters('other'), total: counters('other') }), { name: 'other' })

/** Windows shorter than the time after which data counts as stale, as long as it, and longer. */
for (const shortMs of [30_000, minute, 5 * minute]) {
  for (const paceSteps of [1, 4, 8]) {
    test(`an alert over ${shortMs / 1_000} s stays open when its data, read every ${paceSteps * 15} s, vanishes while it burns`, async () => {
      const store = new RememberingStore()
      const rules = [aRule('page', 20 * minute, shortMs, '10')]
      const engine = anEngine({ slos: [ratioSlo({ rules, global: 'none' }), other], store })
      const opened: number[] = []
      for (let index = 0; index <= 400; index++) {
        const isRead = index % paceSteps === 0 && index <= 200
        const own = isRead ? [sample('total', index, 100 * index), sample('bad', index, 50 * index)] : []
        send(engine.sink, [...own, sample('other', index, index)])
        await evaluateAll(engine)
        opened.push(
          [...engine.alerts.open()].filter(({ id }) => id.slo === 'checkout' && id.cause === undefined).length,
        )
      }
      assert.deepEqual(new Set(opened.slice(opened.indexOf(1))), new Set([1]))
      assert.ok(opened.includes(1))
    })
  }
}

test('the same alert resolves when its data goes on without errors', async () => {
  const store = new RememberingStore()
  const rules = [aRule('page', 20 * minute, minute, '10')]
  const engine = anEngine({ slos: [ratioSlo({ rules, global: 'none' }), other], store })
  for (let index = 0; index <= 400; index++) {
    const samples = [sample('total', index, 100 * index), sample('bad', index, 50 * Math.min(200, index))]
    send(engine.sink, [...samples, sample('other', index, index)])
    await evaluateAll(engine)
  }
  assert.deepEqual(
    store.episodes.filter(({ id }) => id.slo === 'checkout').map(({ resolvedAt }) => resolvedAt),
    [start + 204 * step],
  )
})

function sample(metric: string, index: number, value: number) {
  return { labels: { __name__: metric, region: 'eu', job: metric, instance: 'a' }, time: start + index * step, value }
}
