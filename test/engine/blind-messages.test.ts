import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultDataPolicy } from '../../src/core/model/slo.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { wordingOf } from '../../src/delivery/wording.ts'
import type { Wording } from '../../src/delivery/words.ts'
import { anSlo, aRule } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'

const start = Date.UTC(2026, 0, 5)

/** What is told of a page about data: two regions send for an hour, then those that are left, and both again after five hours. */
async function told(left: readonly string[]): Promise<readonly Wording[]> {
  const store = new RememberingStore()
  let now = start
  const data = { ...defaultDataPolicy, blind: { severity: 'page', afterMs: 10 * minuteMs } } as const
  const slo = { ...anSlo({ rules: [aRule('page', hourMs, 5 * minuteMs, '10')] }), data }
  const engine = anEngine({ slos: [slo], store, stepMs: minuteMs, now: () => now })
  for (; now <= start + 6 * hourMs; now += minuteMs) {
    const isDark = now > start + hourMs && now < start + 5.5 * hourMs
    for (const region of isDark ? left : ['eu', 'us']) {
      const labels = { region, job: 'shop', instance: region }
      const sample = (name: string, value: number) => ({ labels: { __name__: name, ...labels }, time: now, value })
      send(engine.sink, [sample('total', (now - start) / 100), sample('bad', 0)])
    }
    await evaluateAll(engine)
  }
  return store.deliveries.map(({ notification }) => wordingOf(notification))
}

function factOf({ facts }: Wording, name: string): string | undefined {
  return facts.find((fact) => fact.name === name)?.text
}

test('for how long a region cannot be seen is told as of the message: its last data is as old as ever', async () => {
  const [opened, repeated, resolved, ...more] = await told(['eu'])
  assert.equal(more.length, 0)
  assert.match(opened.verdict.failing, /^us cannot be seen for 1\dm$/)
  assert.match(factOf(opened, 'Where') ?? '', /^us is not heard of right now · eu 0×$/)
  assert.match(repeated.verdict.failing, /^us cannot be seen for 4h1\dm$/)
  assert.match(factOf(repeated, 'Where') ?? '', /^us cannot be seen · eu 0×$/)
  assert.match(factOf(repeated, 'Why now') ?? '', /goes on/)
  assert.match(resolved.verdict.failing, /^Resolved after 4h\d+m\. us can be seen again$/)
  assert.match(factOf(resolved, 'Data') ?? '', /^none from 2026-01-05 01:00 UTC until a moment ago$/)
})

test('of regions of which none can be seen any more the message speaks as a whole', async () => {
  const [, repeated] = await told([])
  assert.match(repeated.verdict.failing, /^all regions cannot be seen for 4h1\dm$/)
})
