import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configWithoutSecrets } from '../../src/config/load-config.ts'
import { usualDashboards } from '../../src/core/model/dashboard-settings.ts'
import { formatProblem } from '../../src/core/model/problem.ts'
import { printSelector } from '../../src/core/sli/print-counters.ts'

function read(block: string) {
  return configWithoutSecrets('sloburn.yaml', `rules: [rules/]\n${block}`)
}

function problemsOf(block: string): readonly string[] {
  return read(block).problems.map(formatProblem)
}

test('a config that says nothing of dashboards has the usual ones, with a link to the engine', () => {
  assert.deepEqual(read('').config?.dashboards, usualDashboards)
  const { config } = read('externalUrl: https://slo.example.com/')
  assert.equal(config?.dashboards.engineUrl, 'https://slo.example.com/')
})

test('reads metrics as selectors, and fills in the labels that exporters usually have', () => {
  const { config, problems } = read(`dashboards:
  tags: [shop]
  replication: { lag: 'lag_seconds{db="orders"}', to: target }
  cost: { perHour: cloud_cost, currency: usd }
  deployments: { timestamp: deployed_seconds }
  infrastructure: { nodes: '{job="node"}' }
`)
  assert.deepEqual(problems, [])
  const { replication, cost, deployments, infrastructure, health } = config?.dashboards ?? usualDashboards
  assert.equal(printSelector(replication?.lag ?? { matchers: [] }), 'lag_seconds{db="orders"}')
  assert.deepEqual([replication?.from, replication?.to, replication?.conflicts], ['source_region', 'target', undefined])
  assert.equal(cost?.currency, 'USD')
  assert.equal(deployments?.version, 'version')
  assert.equal(printSelector(infrastructure?.nodes ?? { matchers: [] }), '{job="node"}')
  assert.equal(health, undefined)
})

test('says where something is no metric, and what to write', () => {
  const [syntax = ''] = problemsOf(`dashboards:\n  cost: { perHour: 'cloud_cost{' }`)
  assert.match(syntax, /^sloburn\.yaml:3:20: CONFIG_VALUE .*not closed/)
  const [sum = ''] = problemsOf(`dashboards:\n  cost: { perHour: 'a + b' }`)
  assert.match(sum, /more than one metric/)
  const [named = ''] = problemsOf(`dashboards:\n  infrastructure: { nodes: 'node_cpu_seconds_total{job="node"}' }`)
  assert.match(named, /names one metric of many/)
  const [key = ''] = problemsOf('dashboards: { costs: {} }')
  assert.match(key, /costs/)
  const [bare = ''] = problemsOf(`dashboards:\n  requests: { duration: '{job="a"}' }`)
  assert.match(bare, /does not name a metric/)
})
