import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exclusion } from '../../src/core/model/exclusion.ts'
import { globalScope, type Slo } from '../../src/core/model/slo.ts'
import { sloId } from '../../src/core/model/slo-id.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readBudget } from '../../src/engine/read-budget.ts'
import { readScope } from '../../src/engine/read-scope.ts'
import { buildReport } from '../../src/reports/model/build-report.ts'
import type { Report, ScopeReading } from '../../src/reports/model/report.ts'
import { composePage } from '../../src/reports/page/compose-page.ts'
import { readPeriod } from '../../src/reports/period/read-period.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../support/engine-world.ts'
import { plainSettings } from '../support/report-world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const step = 15 * minute
const monday = Date.UTC(2026, 0, 5)
const sunday = monday + 7 * day

const rules = `
{ apiVersion: sloburn/v1, kind: Defaults, spec: { window: { calendar: week, timeZone: UTC } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: cart }, spec: { service: shop, objective: 99.9,
  indicator: { ratio: { bad: cart_bad, total: cart_total } }, regions: { objectives: { eu: 99 } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: search }, spec: { service: find, objective: 99,
  indicator: { ratio: { bad: search_bad, total: search_total } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: pay }, spec: { service: shop, objective: 99.5,
  indicator: { ratio: { bad: pay_bad, total: pay_total } }, regions: { global: worst } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: weighed }, spec: { service: shop, objective: 99.5,
  indicator: { composite: { combine: weighted, of: [{ slo: cart, weight: 3 }, { slo: search, weight: 1 }] } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: worst }, spec: { service: shop, objective: 99.5,
  indicator: { composite: { combine: worst, of: [{ slo: cart }, { slo: search }, { slo: pay }] } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: everything }, spec: { service: shop, objective: 98,
  indicator: { composite: { combine: all, of: [{ slo: cart }, { slo: pay }] } }, regions: { global: mean } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: nested }, spec: { service: shop, objective: 99,
  indicator: { composite: { combine: worst, of: [{ slo: weighed }, { slo: pay }] } } } }
`

const composites = ['weighed', 'worst', 'everything', 'nested']

async function theRules(): Promise<readonly Slo[]> {
  const { slos, problems } = await parseRules([{ name: 'shop.yaml', text: rules }])
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  )
  return slos
}

function leftOut(id: string, matches: Partial<Exclusion['matches']>, from: number, to: number): Exclusion {
  const all = { slos: [], services: [], regions: [], ...matches }
  const schedule = { kind: 'once', from, to } as const
  return { id, matches: all, schedule, mute: false, excludeFromBudget: true, author: 'ada', reason: 'a test', at: null }
}

/** Every member in its regions, each with traffic and failures of its own that differ from day to day. */
const sources = [
  { metric: 'cart', regions: ['eu', 'us'], perStep: 400, every: 3 },
  { metric: 'search', regions: ['eu', 'us', 'ap'], perStep: 90, every: 5 },
  { metric: 'pay', regions: ['eu', 'us'], perStep: 50, every: 7 },
]

/** Tells an engine everything up to the end of the week. */
async function aWeek(slos: readonly Slo[], exclusions: readonly Exclusion[]) {
  const store = new RememberingStore()
  const engine = anEngine({ slos, store, stepMs: step })
  engine.setExclusions(exclusions)
  const sums = new Map<string, number>()
  for (let at = monday; at <= sunday; at += step) {
    const samples = sources.flatMap(({ metric, regions, perStep, every }) => {
      return regions.flatMap((region, place) => {
        const turn = Math.round(at / step)
        const total = perStep * (place + 1) + (turn % 11) * (place + 1)
        const bad = turn % every === place ? 1 + (Math.floor(at / day) % 4) : 0
        return [
          { name: `${metric}_total`, by: at === monday ? 0 : total },
          { name: `${metric}_bad`, by: at === monday ? 0 : bad },
        ].map(({ name, by }) => {
          const value = (sums.get(`${name}/${region}`) ?? 0) + by
          sums.set(`${name}/${region}`, value)
          return { labels: { __name__: name, region }, time: at, value }
        })
      })
    })
    send(engine.sink, samples)
    await evaluateAll(engine)
  }
  return { engine, store }
}

function reportOf(
  slos: readonly Slo[],
  store: Pick<RememberingStore, 'days'>,
  exclusions: readonly Exclusion[],
): Report {
  const period = readPeriod('2026-W02', 'UTC')
  assert.ok(typeof period !== 'string')
  assert.deepEqual([period.from, period.to], [monday, sunday])
  return buildReport({
    period,
    compare: false,
    slos,
    days: store.days,
    exclusions: exclusions.map((exclusion) => ({ exclusion, removed: null })),
    incidents: [],
    settings: plainSettings,
    now: sunday,
  })
}

function budgetIn(engine: Engine, id: string, scope: string) {
  const compiled = engine.counting.slos.get(id)
  assert.ok(compiled)
  return readBudget(readScope(engine.counting, compiled, scope, sunday))
}

function readingIn(report: Report, id: string, scope: string): ScopeReading {
  const line = report.slos.find((one) => one.id === id)
  const region = line?.regions.find((one) => one.region === scope)
  const reading = scope === globalScope ? line?.judged : region?.reading
  assert.ok(reading, `${id} in ${scope}`)
  return reading
}

function near(actual: number | null, expected: number | null, what: string): void {
  assert.ok(actual !== null && expected !== null, what)
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  )
}

for (const [what, exclusions] of [
  ['nothing is left out', []],
  [
    'members and composites are left out for a day',
    [
      leftOut('search', { slos: ['search'] }, monday + day, monday + 2 * day),
      leftOut('weighed', { slos: ['weighed'], regions: ['eu'] }, monday + 3 * day, monday + 4 * day),
    ],
  ],
] as const) {
  test(`a report has the figures of the engine for composites in every scope: ${what}`, async () => {
    const slos = await theRules()
    const { engine, store } = await aWeek(slos, exclusions)
    const report = reportOf(slos, store, exclusions)
    for (const id of composites) {
      const regions = report.slos.find((line) => line.id === id)?.regions.map(({ region }) => region) ?? []
      assert.deepEqual(regions, id === 'everything' ? ['eu', 'us'] : ['ap', 'eu', 'us'], id)
      for (const scope of [globalScope, ...regions]) {
        const known = budgetIn(engine, id, scope)
        const told = readingIn(report, id, scope)
        near(told.consumed, known.consumed, `consumed of ${id} in ${scope}`)
        near(told.sli, known.sli, `sli of ${id} in ${scope}`)
        near(told.coverage, 1, `coverage of ${id} in ${scope}`)
        // A mean over regions is told as a ratio over all events.
        if (id === 'everything' && scope === globalScope) continue
        near(told.bad, known.counts.bad, `bad of ${id} in ${scope}`)
        near(told.total, known.counts.total, `total of ${id} in ${scope}`)
        near(told.excluded.total, known.excluded.total, `excluded of ${id} in ${scope}`)
        near(told.excluded.bad, known.excluded.bad, `excluded bad of ${id} in ${scope}`)
        assert.ok(told.excluded.bad >= 0 && told.excluded.bad <= told.excluded.total, `excluded of ${id} in ${scope}`)
      }
    }
  })
}

test('composites have no part in the sums over all SLOs, and their days burn down', async () => {
  const slos = await theRules()
  const { store } = await aWeek(slos, [])
  const report = reportOf(slos, store, [])
  const events = report.slos.filter(({ unit }) => unit === 'events')
  assert.deepEqual(events.map(({ id }) => id).sort(), ['cart', 'pay', 'search'])
  assert.equal(
    report.overall.total,
    events.reduce((sum, { judged }) => sum + judged.total, 0),
  )
  for (const id of composites) {
    const line = report.slos.find((one) => one.id === id)
    assert.equal(line?.unit, 'points')
    assert.equal(line.burndown.length, 8)
    near(line.burndown.at(-1)?.remaining ?? null, line.judged.remaining, id)
    const { low, expected, high } = line.forecast
    assert.ok(low !== null && expected !== null && high !== null && low < expected && expected < high, id)
  }
})

test('a composite is one decision with the member that it is missed by, and lacks what its members lack', async () => {
  const slos = await theRules()
  const { store } = await aWeek(slos, [])
  const report = reportOf(slos, store, [])
  const missed = report.slos.filter(({ status }) => status === 'missed').map(({ id }) => id)
  assert.ok(missed.includes('pay') && missed.includes('worst'), missed.join())
  const decided = report.decisions.map(({ what }) => what.split(' ')[0])
  assert.ok(decided.includes('pay') && !decided.includes('worst'), decided.join())
  assert.ok(report.gaps.every(({ slo }) => !composites.includes(slo)))
  const page = composePage(report)
  const cells = page.blocks.flatMap((block) => (block.kind === 'table' ? block.table.rows.flat() : []))
  assert.ok(cells.some(({ note }) => note?.includes('made of cart, search')))
  assert.ok(cells.every(({ note }) => !/\d points;/u.test(note ?? '')))
})

test('every group of an SLO has a line of its own, and a declared one without data has one that knows nothing', async () => {
  const { slos } = await parseRules([{ name: 'groups.yaml', text: grouped }])
  const rows = [
    { tenant: 'acme', region: 'eu', bad: 3, total: 1_000 },
    { tenant: 'acme', region: 'us', bad: 1, total: 3_000 },
    { tenant: 'globex', region: 'eu', bad: 40, total: 500 },
  ]
  const days = rows.map(({ tenant, ...counts }) => {
    const slo = sloId({ name: 'tenants', group: new Map([['tenant', tenant]]) })
    return { slo, from: monday, to: monday + day, until: monday + day, seenMs: day, ...counts }
  })
  const report = reportOf(slos, { days }, [])
  const figures = report.slos.map(({ id, status, judged }) => [id, status, judged.bad, judged.total])
  assert.deepEqual(figures, [
    ['tenants{tenant="globex"}', 'missed', 40, 500],
    ['tenants{tenant="acme"}', 'met', 4, 4_000],
    ['nobody', 'unknown', 0, 0],
  ])
  assert.equal(report.overall.total, 4_500)
})

const grouped = `
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: tenants }, spec: { service: shop, objective: 99.5, window: 30d,
  groupBy: [tenant], indicator: { ratio: { bad: a_bad, total: a_total } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: nobody }, spec: { service: shop, objective: 99.5, window: 30d,
  groupBy: [tenant], indicator: { ratio: { bad: b_bad, total: b_total } } } }
`
