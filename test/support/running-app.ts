import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startApp } from '../../src/app/start-app.ts'
import { type Environment, loadConfig } from '../../src/config/load-config.ts'
import { secondsPolicy } from './seconds-policy.ts'

/** A small SLO that pages within seconds of bad events. */
export const quickRules = `${secondsPolicy('10s')}---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: shop }
spec:
  service: shop
  objective: 99.9
  window: 10m
  regions: { global: none }
  indicator: { ratio: { bad: 'bad_total', total: 'all_total' } }
  alerting: { policy: seconds }
`

/** The engine as it runs, in this process, on files of its own. */
export async function runningApp(
  t: TestContext,
  config: string,
  { env = {}, rules = quickRules }: { readonly env?: Environment; readonly rules?: string } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-app-'))
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('rules.yaml', rules)
  write('sloburn.yaml', config)
  const configFile = join(folder, 'sloburn.yaml')
  const loaded = await loadConfig(configFile, env)
  assert.ok(loaded.config !== undefined, JSON.stringify(loaded.problems))
  const lines: string[] = []
  const output = { write: (line: string) => void lines.push(line) }
  const app = await startApp({ config: loaded.config, configFile, env, output, version: '0.0.0' })
  assert.ok('url' in app, JSON.stringify(app))
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= app.stop()
    return stopped
  }
  t.after(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { url: app.url, folder, lines, reload: () => app.reload(), stop, write }
}

/** Requests of one region up to now, as an OTLP sender counts them: `bad` of a hundred each second for so many seconds. */
export async function sendTraffic(url: string, bad: number, seconds: number, until = Date.now()): Promise<void> {
  const since = until - seconds * 1_000
  const points = (perSecond: number) =>
    Array.from({ length: seconds + 1 }, (_, second) => ({
      startTimeUnixNano: `${since}000000`,
      timeUnixNano: `${since + second * 1_000}000000`,
      asDouble: second * perSecond,
    }))
  const sum = (name: string, perSecond: number) => ({
    name,
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points(perSecond) },
  })
  const attributes = [{ key: 'cloud.region', value: { stringValue: 'eu' } }]
  const metrics = [sum('bad_total', bad), sum('all_total', 100)]
  const response = await fetch(`${url}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] }),
  })
  assert.equal(response.status, 200, await response.text())
}
