import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually, type StartedProcess, startProcess } from '../support/started-process.ts'

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

async function start(
  t: TestContext,
  folder: string,
): Promise<{ readonly engine: StartedProcess; readonly url: string }> {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const engine = startProcess(process.execPath, [main, 'run', '--config', join(folder, 'sloburn.yaml')])
  t.after(() => engine.stop('SIGKILL'))
  return { engine, url: (await engine.line(/"url":"([^"]+?)","msg":"listening"/))[1] }
}

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
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-e2e-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'rules.yaml'), rules)
  await writeFile(join(folder, 'sloburn.yaml'), config)
  const origin = Date.now() - 30_000
  const world = { bad: 0, total: 0 }
  let seconds = 0
  let running = await start(t, folder)
  for (let life = 0; life < 3; life++) {
    for (let round = 0; round < 4; round++, seconds++) {
      await exportDelta(running.url, origin + seconds * 1_000, 90 + seconds, seconds)
      world.bad += seconds
      world.total += 90 + 2 * seconds
    }
    await running.engine.stop('SIGKILL')
    running = await start(t, folder)
    assert.match(running.engine.output(), new RegExp(`"incrementsReplayed":${2 * seconds},`))
    // The answer got lost on its way: the sender says the last interval again.
    await exportDelta(running.url, origin + (seconds - 1) * 1_000, 90 + seconds - 1, seconds - 1)
  }
  // A step past the last increment shows all of them.
  await exportDelta(running.url, origin + (seconds + 2) * 1_000, 0, 0)
  await eventually(async () => {
    const now = await counted(running.url)
    return now?.total === world.total && now.bad === world.bad ? true : undefined
  }, `${world.bad} bad of ${world.total}`)
  assert.equal(await running.engine.stop(), 0)
  const left = (await readdir(folder)).filter((name) => name.includes('increments'))
  assert.deepEqual(left, [], 'the last checkpoint holds them')
})
