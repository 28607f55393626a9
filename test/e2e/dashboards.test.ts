import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runDashboards } from '../../src/cli/dashboards.ts'
import { configWithoutSecrets } from '../../src/config/load-config.ts'
import { type Dashboard, dashboardUids } from '../../src/dashboards/dashboard.ts'
import { makeDashboards } from '../../src/dashboards/make-dashboards.ts'
import { loadRules } from '../../src/rules/load-rules.ts'
import { atFirst, type Chosen, interpolated, labelValues, seriesOf, valuesOf } from '../support/dashboard-queries.ts'
import { type DashboardWorld, openDashboardWorld } from '../support/dashboard-world.ts'
import { foreignTool } from '../support/debian.ts'
import { eventually } from '../support/started-process.ts'

const prometheus = foreignTool('prometheus')

test('every query of every panel has data, whether a Prometheus scrapes the engine or is sent its series', {
  skip: prometheus.skip,
  timeout: 300_000,
}, async (t) => {
  const world = await openDashboardWorld(t, prometheus.path)
  await announce(world)
  const stored = await written(world)
  const optional = whyEmpty(await made(world))

  const peers = { scraped: world.scraping, sent: world.sentTo }
  for (const [name, url] of Object.entries(peers)) {
    for (const [what, query] of Object.entries(settled)) {
      const isThere = async () => (await seriesOf(url, query, true)) > 0 || undefined
      await eventually(isThere, `${name}: ${what}`, 120_000).catch((error: unknown) => {
        throw new Error(`${String(error)}; the engine said:\n${world.engineOutput()}`)
      })
    }
  }

  for (const [name, url] of Object.entries(peers)) {
    const results = await Promise.all(stored.flatMap((one) => panelResults(url, one)))
    for (const { uid, title, series } of results) {
      const why = optional.get(`${uid}/${title}`)
      t.diagnostic(`${name} ${uid} / ${title}: ${series.join(', ')}${why === undefined ? '' : ' (optional)'}`)
    }
    const empty = results.filter(({ uid, title, series }) => series.includes(0) && !optional.has(`${uid}/${title}`))
    assert.deepEqual(empty, [], 'these panels show nothing')
    const quiet = results.filter(({ series }) => series.includes(0)).map(({ title }) => title)
    assert.deepEqual(
      quiet.filter((title) => !mayBeQuiet.has(title)),
      [],
      'here there is something to show',
    )
    await variablesOffer(url, stored)
    await annotationsHaveData(url, stored)
    await countsReplicasOnce(url, stored)
  }
  await narrowed(t, world.scraping, stored)
})

/** What there is to see once everything has begun, and rates can be taken over ten seconds. */
const settled = {
  'every SLO is known in every region': 'count(slo_coverage_ratio > 0) >= 16',
  'the checkout pages': 'slo_incident_opened_timestamp_seconds{slo="shop-checkout",severity="page"}',
  'somebody was told': 'count_over_time(sloburn_delivery_attempts_total[1m]) >= 6',
}

/** Optional panels that may have nothing to show here either: an incident that just opened has no length yet. */
const mayBeQuiet: ReadonlySet<string> = new Set([
  'Samples refused',
  'Limits reached',
  'Mean time to resolve',
  'Incidents in the time shown',
])

/** A dashboard as it was written to its file, as far as it is asked here. */
interface Stored {
  readonly uid: string
  readonly panels: readonly {
    readonly title: string
    readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly instant?: boolean }[]
  }[]
  readonly templating: { readonly list: readonly { readonly type: string; readonly query: string }[] }
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly target: { readonly expr: string } }[]
  }
}

/** Something of each kind that annotations and tables show. */
async function announce({ engineUrl }: DashboardWorld): Promise<void> {
  const now = Date.now() / 1_000
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${engineUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(response.status, 201, await response.text())
  }
  await post('/api/v1/annotations', { text: '4f2c1a9', service: 'checkout', createdBy: 'ci' })
  const reason = { author: 'ops', reason: 'a new disk' }
  await post('/api/v1/exclusions', {
    from: now - 5,
    to: now + 3_600,
    services: ['catalogue'],
    mute: true,
    excludeFromBudget: false,
    ...reason,
  })
}

/** What the command writes. */
async function written({ folder }: DashboardWorld): Promise<readonly Stored[]> {
  const out = join(folder, 'dashboards')
  let said = ''
  const io = { stdout: { write: () => true }, stderr: { write: (text: string) => (said += text) !== '' }, env: {} }
  const code = await runDashboards([join(folder, 'sloburn.yaml')], { out, schema: 'classic' }, io)
  assert.equal(code, 0, said)
  return Promise.all(dashboardUids.map(async (uid) => JSON.parse(await readFile(join(out, `${uid}.json`), 'utf8'))))
}

async function made({ folder }: DashboardWorld): Promise<readonly Dashboard[]> {
  const file = join(folder, 'sloburn.yaml')
  const { config } = configWithoutSecrets(file, await readFile(file, 'utf8'))
  assert.ok(config !== undefined)
  const { slos } = await loadRules(config.rules)
  return makeDashboards(slos, config.dashboards)
}

function whyEmpty(dashboards: readonly Dashboard[]): ReadonlyMap<string, string> {
  const panels = dashboards.flatMap(({ uid, rows }) =>
    rows.flatMap((row) => row.panels.map((panel) => ({ uid, panel }))),
  )
  return new Map(
    panels.flatMap(({ uid, panel: { title, mayBeEmpty } }) => {
      return mayBeEmpty === undefined ? [] : [[`${uid}/${title}`, mayBeEmpty] as const]
    }),
  )
}

function panelResults(url: string, { uid, panels }: Stored, chosen = atFirst(uid)) {
  return panels
    .filter(({ targets }) => targets !== undefined)
    .map(async ({ title, targets = [] }) => {
      const asked = targets.map(({ expr, instant }) => seriesOf(url, interpolated(expr, chosen), instant === true))
      return { uid, title, series: await Promise.all(asked) }
    })
}

async function variablesOffer(url: string, stored: readonly Stored[]): Promise<void> {
  for (const { uid, templating } of stored) {
    for (const { type, query } of templating.list) {
      if (type !== 'query') continue
      assert.notDeepEqual(await labelValues(url, query, atFirst(uid)), [], `${uid}: ${query} offers nothing`)
    }
  }
}

async function annotationsHaveData(url: string, stored: readonly Stored[]): Promise<void> {
  for (const { uid, annotations } of stored) {
    for (const { name, target } of annotations.list) {
      const series = await seriesOf(url, interpolated(target.expr, atFirst(uid)), false)
      assert.ok(series > 0, `${uid}: the annotation ${name} marks nothing`)
    }
  }
}

/** An SLO is one, and an incident is one, however many replicas tell of it. */
async function countsReplicasOnce(url: string, stored: readonly Stored[]): Promise<void> {
  const values = async (panel: string): Promise<readonly number[]> => {
    const targets = stored.flatMap(({ panels }) =>
      panels.filter(({ title }) => title === panel).map((one) => one.targets),
    )
    const asked = targets
      .flatMap((some = []) => some)
      .map(({ expr }) => valuesOf(url, interpolated(expr, atFirst('slo-exec'))))
    return (await Promise.all(asked)).flat()
  }
  assert.equal((await values('Objectives met')).at(-1), 4)
  assert.deepEqual(await values('Open pages'), [1])
  assert.deepEqual(await values('Incidents'), [1])
}

/** One SLO in two regions: fewer series, and still no query that Prometheus refuses. */
async function narrowed(t: TestContext, url: string, stored: readonly Stored[]): Promise<void> {
  const chosen: Chosen = {
    service: 'checkout',
    slo: 'shop-checkout',
    region: '(eu-west-1|us-east-1)',
    scope: 'eu-west-1',
  }
  const all = await Promise.all(stored.flatMap((one) => panelResults(url, one)))
  const few = await Promise.all(stored.flatMap((one) => panelResults(url, one, chosen)))
  t.diagnostic(`${sum(all)} series with everything chosen, ${sum(few)} with one SLO in two regions`)
  assert.ok(sum(few) < 0.75 * sum(all))
}

function sum(results: readonly { readonly series: readonly number[] }[]): number {
  return results.flatMap(({ series }) => series).reduce((total, count) => total + count, 0)
}
