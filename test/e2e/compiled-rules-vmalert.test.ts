import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { compileSlos } from '../../src/compile/compile-slos.ts'
import { renderRules } from '../../src/compile/render-rules.ts'
import { formatLabels } from '../../src/core/model/labels.ts'
import { hourMs } from '../../src/core/model/units.ts'
import { loadRules } from '../../src/rules/load-rules.ts'
import { parseRuleTests } from '../../src/rules/rule-test/parse-rule-tests.ts'
import { readTestFiles } from '../../src/rules/rule-test/read-test-files.ts'
import { ConcernedSlos } from '../../src/simulation/rule-test/concerned-slos.ts'
import { engineSpans, underPlainRules } from '../support/compiled-alerts.ts'
import { foreignTool } from '../support/debian.ts'
import { closedPort } from '../support/delivery-http-server.ts'
import { repositoryRoot } from '../support/repository-files.ts'
import { eventually, startProcess } from '../support/started-process.ts'

const victoria = foreignTool('victoria-metrics')
const vmalert = foreignTool('vmalert')

test('vmalert on VictoriaMetrics alerts by compiled rules when the engine does', {
  skip: victoria.skip || vmalert.skip,
  timeout: 120_000,
}, async (t) => {
  const { files } = await readTestFiles([`${repositoryRoot}/test/scenarios/burning.test.yaml`])
  const [document] = files.flatMap((file) => parseRuleTests(file).documents)
  const [story] = document?.tests ?? []
  assert.ok(document !== undefined && story !== undefined)
  const { slos } = await loadRules(document.rules.map(({ path }) => path))
  const own = new ConcernedSlos(underPlainRules(slos)).of(story)
  const engine = await engineSpans(story, own)

  const folder = await mkdtemp(join(tmpdir(), 'sloburn-vmalert-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [port, alertPort] = [await closedPort(), await closedPort()]
  const store = startProcess(victoria.path, [
    `-storageDataPath=${folder}/data`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-search.latencyOffset=1ms',
  ])
  t.after(() => store.stop('SIGINT'))
  const url = `http://127.0.0.1:${port}`
  await eventually(async () => (await fetch(`${url}/health`)).ok || undefined, 'VictoriaMetrics starts')

  // It refuses what is older than it keeps: the story ended an hour ago.
  const start = Math.floor(Date.now() / hourMs) * hourMs - hourMs - engine.endMs
  const lines = story.series.flatMap(({ labels, values }) => {
    return values.map((value, index) => `${formatLabels(labels)} ${value} ${start + index * story.everyMs}`)
  })
  await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: lines.join('\n') })
  await fetch(`${url}/internal/force_flush`)

  const { services } = compileSlos(own, [], { names: 'sloburn', reads: 'later' })
  // The budget takes no part in alerts, and every rule of a replay takes a second.
  const alerting = new Map([...services].map(([service, groups]) => [service, groups.slice(0, 1)]))
  const made = renderRules(alerting, { target: 'vmalert', kind: 'rules', objectLabels: {} })
  for (const { name, text } of made) await writeFile(join(folder, name), text)
  await promisify(execFile)(vmalert.path, [
    ...made.map(({ name }) => `-rule=${join(folder, name)}`),
    ...['datasource', 'remoteWrite', 'remoteRead'].map((what) => `-${what}.url=${url}`),
    `-httpListenAddr=127.0.0.1:${alertPort}`,
    `-evaluationInterval=${story.stepMs}ms`,
    `-datasource.queryStep=${story.stepMs}ms`,
    `-replay.timeFrom=${new Date(start).toISOString()}`,
    `-replay.timeTo=${new Date(start + engine.endMs).toISOString()}`,
    '-replay.rulesDelay=1200ms',
  ])
  await fetch(`${url}/internal/force_flush`)
  const match = encodeURIComponent('ALERTS{alertname="ErrorBudgetBurn",alertstate="firing"}')
  const written = await (await fetch(`${url}/api/v1/export?match[]=${match}&start=${start / 1_000}`)).text()
  const series = written
    .trim()
    .split('\n')
    .map((line): Exported => JSON.parse(line))
    .toSorted((a, b) => ((a.metric['region'] ?? '') < (b.metric['region'] ?? '') ? -1 : 1))
  assert.deepEqual(
    series.map(({ metric }) => metric['region']),
    ['eu', 'global'],
  )
  for (const [index, { timestamps }] of series.entries()) {
    const [first] = timestamps
    const last = timestamps.at(-1) ?? first
    const { from, to = Number.NaN } = engine.spans.toSorted((a, b) => (a.scope < b.scope ? -1 : 1))[index] ?? {
      from: 0,
    }
    const tolerance = story.stepMs + story.everyMs
    assert.ok(Math.abs(first - start - from) <= tolerance, `fires at ${(first - start) / 1_000} s`)
    assert.ok(Math.abs(last + story.stepMs - start - to) <= tolerance, `fires last at ${(last - start) / 1_000} s`)
  }
})

interface Exported {
  readonly metric: Readonly<Record<string, string>>
  readonly timestamps: readonly number[]
}
