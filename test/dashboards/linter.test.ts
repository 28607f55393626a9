import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exclusions } from '../../src/dashboards/lint-exclusions.ts'
import { dashboardText, makeDashboards } from '../../src/dashboards/make-dashboards.ts'
import { everyInput } from '../support/dashboard-inputs.ts'
import { type LintedDashboard, type LintedPanel, linterRules } from '../support/dashboard-linter.ts'

const excluded = new Set(exclusions.map(({ rule }) => rule))

const dashboards: readonly { name: string; dashboard: LintedDashboard }[] = (await everyInput()).flatMap(
  ({ name, slos, settings }) =>
    makeDashboards(slos, settings).map((made) => {
      return { name: `${name} ${made.uid}`, dashboard: JSON.parse(dashboardText(made, 'classic', 'SLO')) }
    }),
)

test('knows all 17 rules of the linter', () => {
  assert.equal(Object.keys(linterRules).length, 17)
})

for (const [rule, check] of Object.entries(linterRules)) {
  if (excluded.has(rule)) {
    test(`leaves out ${rule} with a reason, and would not keep it`, () => {
      assert.ok((exclusions.find((one) => one.rule === rule)?.reason.length ?? 0) > 20)
      assert.ok(dashboards.every(({ dashboard }) => check(dashboard).length > 0))
    })
  } else {
    test(`keeps ${rule}`, () => {
      for (const { name, dashboard } of dashboards) assert.deepEqual(check(dashboard), [], name)
    })
  }
}

const source = { type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' }
const sound: LintedPanel = {
  type: 'stat',
  title: 'a',
  description: 'b',
  datasource: { type: 'prometheus', uid: '${datasource}' },
  targets: [{ refId: 'A', expr: 'sum(rate(a_total{job=~"$job",instance=~"$instance"}[$__rate_interval]))' }],
  fieldConfig: { defaults: { unit: 'short' } },
}
const board: LintedDashboard = { editable: false, panels: [sound], templating: { list: [source] } }

function withExpr(expr: string): LintedDashboard {
  return { ...board, panels: [{ ...sound, targets: [{ refId: 'A', expr }] }] }
}

function withVariable(variable: object): LintedDashboard {
  const usual = { type: 'query', name: 'region', query: 'label_values(a, region)', refresh: 2 }
  return { ...board, templating: { list: [source, { ...usual, ...variable }] } }
}

/** A dashboard that breaks each rule, and nothing but it that the rule would look at. */
const broken: Readonly<Record<string, LintedDashboard>> = {
  'template-datasource-rule': { ...board, templating: { list: [{ ...source, name: 'source' }] } },
  'template-job-rule': withVariable({ name: 'job', label: 'job' }),
  'template-instance-rule': board,
  'template-label-promql-rule': withVariable({ query: { query: 'label_values(a, region)' } }),
  'template-on-time-change-reload-rule': withVariable({ refresh: 1 }),
  'panel-datasource-rule': { ...board, panels: [{ ...sound, datasource: { type: 'prometheus', uid: 'prom-1' } }] },
  'panel-title-description-rule': { ...board, panels: [{ ...sound, description: '' }] },
  'panel-units-rule': { ...board, panels: [{ ...sound, fieldConfig: { defaults: { unit: 'parsecs an hour' } } }] },
  'panel-no-targets-rule': { ...board, panels: [{ ...sound, targets: [] }] },
  'target-logql-rule': { ...board, panels: [{ ...sound, datasource: { type: 'loki', uid: '$datasource' } }] },
  'target-logql-auto-rule': {
    ...board,
    panels: [
      {
        ...sound,
        datasource: { type: 'loki', uid: '$datasource' },
        targets: [{ refId: 'A', expr: 'rate({job="a"}[5m])' }],
      },
    ],
  },
  'target-promql-rule': withExpr('sum(rate(a_total[$__rate_interval])'),
  'target-rate-interval-rule': withExpr('rate(a_total{code="x"}[5m])'),
  'target-job-rule': withExpr('a{instance=~"$instance"}'),
  'target-instance-rule': withExpr('a{job=~"$job"}'),
  'target-counter-agg-rule': withExpr('sum(a_total)'),
  'uneditable-dashboard': { ...board, editable: true },
}

test('every rule finds what breaks it, and nothing in a sound dashboard', () => {
  for (const [rule, check] of Object.entries(linterRules)) {
    assert.notDeepEqual(check(broken[rule]), [], rule)
    if (!/^template-(job|instance)-rule$/.test(rule)) assert.deepEqual(check(board), [], rule)
  }
})
