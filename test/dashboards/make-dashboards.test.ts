import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, property, shuffledSubarray, string } from 'fast-check'
import { usualDashboards } from '../../src/core/model/dashboard-settings.ts'
import type { Dashboard, Panel } from '../../src/dashboards/dashboard.ts'
import { dashboardUids } from '../../src/dashboards/dashboard.ts'
import { gridColumns, placed } from '../../src/dashboards/layout.ts'
import { dashboardFiles, dashboardSchemas, folderUid, makeDashboards } from '../../src/dashboards/make-dashboards.ts'
import { dashboardSettings, everyInput, shippedSlos } from '../support/dashboard-inputs.ts'

function panelsOf(dashboards: readonly Dashboard[]): readonly Panel[] {
  return dashboards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))
}

function titles(dashboards: readonly Dashboard[]): readonly string[] {
  return panelsOf(dashboards).map(({ title }) => title)
}

function rowsOf(dashboards: readonly Dashboard[], uid: string): readonly string[] {
  return dashboards.filter((one) => one.uid === uid).flatMap(({ rows }) => rows.map(({ title }) => title))
}

function numbers(dashboards: readonly Dashboard[]): ReadonlyMap<string, number> {
  return new Map(
    dashboards.flatMap(({ uid, rows }) =>
      placed(uid, rows).flatMap(({ panels }) => panels.map(({ panel, id }) => [`${uid} ${panel.title}`, id] as const)),
    ),
  )
}

test('makes the same of the same SLOs, in whatever order their files were read', async () => {
  const slos = await shippedSlos('rules/active-active/prometheus.yaml')
  const text = (order: typeof slos) =>
    dashboardSchemas.map((schema) =>
      JSON.stringify(dashboardFiles(makeDashboards(order, usualDashboards), schema, usualDashboards)),
    )
  const first = text(slos)
  assertProperty(
    property(shuffledSubarray([...slos], { minLength: slos.length }), (order) => {
      assert.deepEqual(text(order), first)
    }),
    { numRuns: 5 },
  )
})

test('has one dashboard for leadership, one for on-call, one to debug and one for every single SLO', async () => {
  for (const { slos, settings } of await everyInput()) {
    assert.deepEqual(
      makeDashboards(slos, settings).map(({ uid }) => uid),
      dashboardUids,
    )
  }
})

test('shows panels of other metrics only where they are named, and says nowhere that they are not', async () => {
  const slos = await shippedSlos('rules/demo')
  const plain = makeDashboards(slos, usualDashboards)
  assert.deepEqual(rowsOf(plain, 'slo-exec'), ['Availability', 'Traffic', 'Incidents'])
  assert.deepEqual(rowsOf(plain, 'slo-oncall'), ['Now', 'Errors', 'Changes'])
  assert.deepEqual(rowsOf(plain, 'slo-debug'), ['Requests', 'Data', 'Engine'])
  assert.doesNotMatch(JSON.stringify(plain), /not configured/i)

  const named = makeDashboards(
    slos,
    dashboardSettings(`
  cost: { perHour: cloud_cost }
  replication: { lag: lag_seconds }
  health: { failovers: failovers_total }
`),
  )
  const more = titles(named).filter((title) => !titles(plain).includes(title))
  assert.deepEqual(more, [
    'Cost of a month by region',
    'Cost of a million requests',
    'Cost over time',
    'Replication lag',
    'Failovers',
  ])
})

test('shows latencies, bounds and failures of the metrics that rule files name', async () => {
  const made = makeDashboards(await shippedSlos('rules/active-active/prometheus.yaml'), usualDashboards)
  assert.ok(titles(made).includes('Latency p95 by region'))
  assert.ok(titles(made).includes('active-active-prometheus-replication-lag'))
  const latency = panelsOf(made).find(({ title }) => title === 'Latency p95 by region')
  assert.match(
    latency?.queries[0].expr ?? '',
    /^histogram_quantile\(0\.95, .*istio_request_duration_milliseconds_bucket.* \/ 1000$/,
  )
  assert.equal(latency?.queries[1].expr, 'vector(0.5)')
  const errors = panelsOf(made).find(({ title }) => title === 'Top errors')
  assert.match(errors?.queries[0].expr ?? '', /mysql_global_status_wsrep_local_cert_failures/)
})

test('says on every panel what it means, and leads from every dashboard to the others', async () => {
  for (const { slos, settings } of await everyInput()) {
    const made = makeDashboards(slos, settings)
    for (const { title, description } of panelsOf(made)) assert.match(description, /^.{60,}[.?]$/s, title)
    for (const { uid, links } of made) {
      const inside = links.filter(({ keeps }) => keeps !== 'nothing').map(({ url }) => url)
      assert.deepEqual(
        inside,
        dashboardUids.filter((one) => one !== uid).map((one) => `/d/${one}`),
      )
    }
    const targets = [...JSON.stringify(made).matchAll(/"\/d\/([\w-]+)/g)].map(([, uid]) => uid)
    assert.deepEqual(
      targets.filter((uid) => !dashboardUids.some((one) => one === uid)),
      [],
    )
  }
})

test('no panel lies on another, and every line is full', async () => {
  for (const { name, slos, settings } of await everyInput()) {
    for (const { uid, rows } of makeDashboards(slos, settings)) {
      for (const { row, panels } of placed(uid, rows)) {
        const cells = panels.flatMap(({ panel, x, y, width }) => {
          const lines = Array.from({ length: panel.height }, (_, line) => y + line)
          return lines.flatMap((line) => Array.from({ length: width }, (_, column) => `${x + column}/${line}`))
        })
        assert.equal(new Set(cells).size, cells.length, `${name} ${uid} ${row.title}`)
        const ends = panels.map(({ x, width }) => x + width)
        assert.ok(ends.every((end) => end <= gridColumns) && ends.at(-1) === gridColumns)
      }
    }
  }
})

test('a new panel does not renumber the others', async () => {
  const slos = await shippedSlos('rules/demo')
  const before = numbers(makeDashboards(slos, usualDashboards))
  const after = numbers(makeDashboards(slos, dashboardSettings('\n  cost: { perHour: cloud_cost }\n')))
  assert.ok(after.size > before.size)
  for (const [panel, id] of before) assert.equal(after.get(panel), id, panel)
  assert.equal(new Set(before.values()).size, before.size)
})

test('a folder has a uid that Grafana takes', () => {
  assert.equal(folderUid('SLO'), 'sloburn-slo')
  assertProperty(property(string(), (title) => /^[a-z0-9-]{1,40}$/.test(folderUid(title))))
})
