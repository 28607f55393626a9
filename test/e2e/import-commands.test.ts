import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Cleanup, lastFirst } from '../support/cleanup.ts'
import { newFolder, startEngine } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const sloth = `version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting: {}
`

const pyrra = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: api }
spec:
  target: "99"
  window: 4w
  indicator: { ratio: { errors: { metric: 'http_requests_total{code=~"5.."}' }, total: { metric: http_requests_total } } }
`

const openslo = `apiVersion: openslo/v1
kind: SLO
metadata: { name: search }
spec:
  service: search
  indicator:
    metadata: { name: search }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'sum(http_requests_total{code=~"5.."})' } } }
        total: { metricSource: { type: Prometheus, spec: { query: sum(http_requests_total) } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`

test('the engine runs on files of Sloth, Pyrra and OpenSLO as they are', { timeout: 60_000 }, async (t) => {
  const cleanup = lastFirst(t)
  const folder = await aFolder(cleanup)
  const config = `rules: [rules]
listen: { http: 127.0.0.1:0 }
sources:
  - { name: push, region: eu, remoteWrite: {} }
receivers: []
routes: []
store: { sqlite: { path: sloburn.db } }
`
  const { url } = await startEngine(cleanup, { folder, config })
  const names = await eventually(async () => {
    const answer: { data: { slos: { name: string }[] } } = JSON.parse(await (await fetch(`${url}/api/v1/slos`)).text())
    return answer.data.slos.map(({ name }) => name).toSorted()
  }, 'the engine answers')
  assert.deepEqual(names, ['api', 'search', 'shop-checkout'])
})

test('a backtest replays them, and finds what their rules would have fired', { timeout: 60_000 }, async (t) => {
  const folder = await aFolder(lastFirst(t))
  const data = join(folder, 'data.om')
  await writeFile(data, openMetrics())
  const args = [main, 'backtest', '--rules', join(folder, 'rules'), '--data', data, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const report: { alerts: { slo: string; severity: string }[] } = JSON.parse(stdout)
  const fired = new Set(report.alerts.map(({ slo, severity }) => `${slo} ${severity}`))
  assert.deepEqual([...fired].toSorted(), ['api page', 'api ticket', 'shop-checkout page', 'shop-checkout ticket'])
})

/** Three hours in one region, in the last of which half of the requests fail. */
function openMetrics(): string {
  const start = Date.UTC(2026, 0, 1) / 1_000
  const lines = ['# TYPE http_requests counter']
  for (const code of ['200', '500']) {
    let value = 0
    for (let minute = 0; minute <= 180; minute++) {
      if (code === '200') value += 100
      else if (minute > 120) value += 100
      lines.push(`http_requests_total{code="${code}",region="eu"} ${value} ${start + minute * 60}`)
    }
  }
  return `${lines.join('\n')}\n# EOF\n`
}

async function aFolder(cleanup: Cleanup): Promise<string> {
  const folder = await newFolder(cleanup)
  await mkdir(join(folder, 'rules'))
  for (const [name, text] of Object.entries({ sloth, pyrra, openslo })) {
    await writeFile(join(folder, 'rules', `${name}.yaml`), text)
  }
  return folder
}
