import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { newFolder, startEngine } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: availability }
spec:
  service: checkout
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: requests_total{service="checkout",code="500"}
      total: requests_total{service="checkout"}
`

const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 1s }
checkpoint: { interval: 1h }
sources:
  - { name: otel, otlp: {} }
store: { sqlite: { path: sloburn.db } }
`

/** Exports one interval of a second, as an SDK of delta temporality does; resolves when it was acknowledged. */
async function exportDelta(url: string, from: number, good: number, bad: number): Promise<void> {
  const point = (code: string, value: number) => ({
    attributes: [{ key: 'code', value: { stringValue: code } }],
    startTimeUnixNano: `${from}000000`,
    timeUnixNano: `${from + 1_000}000000`,
    asInt: String(value),
  })
  const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints: [point('200', good), point('500', bad)] }
  const attributes = [
    { key: 'service.name', value: { stringValue: 'checkout' } },
    { key: 'service.instance.id', value: { stringValue: 'a' } },
    { key: 'cloud.region', value: { stringValue: 'eu-west-1' } },
  ]
  const scopeMetrics = [{ metrics: [{ name: 'requests', sum }] }]
  const answer = await fetch(`${url}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics }] }),
  })
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), {})
}

async function counted(url: string): Promise<{ bad: number; total: number } | undefined> {
  const response = await fetch(`${url}/api/v1/slos/availability`)
  const body: { data: { scopes: { scope: string; bad: number; total: number }[] } } = JSON.parse(await response.text())
  const scope = body.data.scopes.find((each) => each.scope === 'eu-west-1')
  return scope && { bad: scope.bad, total: scope.total }
}

test('increments that were acknowledged survive kill -9, and count once when their sender repeats them', async (t) => {
  const cleanup = lastFirst(t)
  const folder = await newFolder(cleanup)
  const start = () => startEngine(cleanup, { folder, config, rules, signal: 'SIGKILL' })
  const origin = Date.now() - 30_000
  const world = { bad: 0, total: 0 }
  let seconds = 0
  let running = await start()
  for (let life = 0; life < 3; life++) {
    for (let round = 0; round < 4; round++, seconds++) {
      await exportDelta(running.url, origin + seconds * 1_000, 90 + seconds, seconds)
      world.bad += seconds
      world.total += 90 + 2 * seconds
    }
    await running.started.stop('SIGKILL')
    running = await start()
    assert.match(running.started.output(), new RegExp(`"incrementsReplayed":${2 * seconds},`))
    // The answer got lost on its way: the sender says the last interval again.
    await exportDelta(running.url, origin + (seconds - 1) * 1_000, 90 + seconds - 1, seconds - 1)
  }
  // A step past the last increment shows all of them.
  await exportDelta(running.url, origin + (seconds + 2) * 1_000, 0, 0)
  await eventually(async () => {
    const now = await counted(running.url)
    return now?.total === world.total && now.bad === world.bad ? true : undefined
  }, `${world.bad} bad of ${world.total}`)
  assert.equal(await running.started.stop(), 0)
  const left = (await readdir(folder)).filter((name) => name.includes('increments'))
  assert.deepEqual(left, [], 'the last checkpoint holds them')
})
