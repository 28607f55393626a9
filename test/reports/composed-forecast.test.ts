import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DayCounts } from '../../src/core/model/daily-counts.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { buildReport } from '../../src/reports/model/build-report.ts'
import type { SloLine } from '../../src/reports/model/report.ts'
import { readPeriod } from '../../src/reports/period/read-period.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { plainSettings } from '../support/report-world.ts'

const day = 86_400_000
const monday = Date.UTC(2026, 0, 5)

const rules = `
{ apiVersion: sloburn/v1, kind: Defaults, spec: { window: { calendar: week, timeZone: UTC } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: cart }, spec: { service: shop, objective: 99,
  indicator: { ratio: { bad: cart_bad, total: cart_total } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: pay }, spec: { service: shop, objective: 99,
  indicator: { ratio: { bad: pay_bad, total: pay_total } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: weighed }, spec: { service: shop, objective: 99,
  indicator: { composite: { combine: weighted, of: [{ slo: cart, weight: 3 }, { slo: pay, weight: 1 }] } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: worst }, spec: { service: shop, objective: 99,
  indicator: { composite: { combine: worst, of: [{ slo: cart }, { slo: pay }] } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: lopsided }, spec: { service: shop, objective: 99,
  indicator: { ratio: { bad: cart_bad, total: cart_total } }, regions: { global: mean } } }
`

type Daily = readonly { readonly slo: string; readonly region: string; readonly bad: number; readonly total: number }[]

/** A report of the week that begins on Monday, of days that are all alike; `until` is how far it has come. */
async function linesOf(daily: Daily, until = monday + 7 * day): Promise<ReadonlyMap<string, SloLine>> {
  const { slos, problems } = await parseRules([{ name: 'shop.yaml', text: rules }])
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  )
  const days: DayCounts[] = []
  for (let from = monday - 7 * day; from < until; from += day) {
    days.push(...daily.map((counts) => ({ ...counts, from, to: from + day, until: from + day, seenMs: day })))
  }
  return reported(slos, days, until)
}

function reported(slos: readonly Slo[], days: readonly DayCounts[], now: number) {
  const period = readPeriod('2026-W02', 'UTC')
  assert.ok(typeof period !== 'string')
  const input = { period, compare: false, slos, days, exclusions: [], incidents: [], settings: plainSettings, now }
  return new Map(buildReport(input).slos.map((line) => [line.id, line]))
}

const steady: Daily = [
  { slo: 'cart', region: 'eu', bad: 900, total: 200_000 },
  { slo: 'cart', region: 'us', bad: 100, total: 50_000 },
  { slo: 'pay', region: 'eu', bad: 160, total: 20_000 },
  { slo: 'lopsided', region: 'eu', bad: 4_000, total: 1_000_000 },
  { slo: 'lopsided', region: 'us', bad: 700, total: 100_000 },
]

test('what was alike every day is forecast to go on like that, for a week that is over and for one under way', async () => {
  for (const until of [monday + 7 * day, monday + 3 * day]) {
    const lines = await linesOf(steady, until)
    for (const id of ['weighed', 'worst', 'lopsided']) {
      const line = lines.get(id)
      const { low, expected, high } = line?.forecast ?? { low: null, expected: null, high: null }
      const remaining = line?.judged.remaining ?? null
      assert.ok(low !== null && expected !== null && high !== null && remaining !== null, id)
      assert.ok(Math.abs(expected - remaining) < 0.003, `${id}: ${expected}, not ${remaining}`)
      assert.ok(low < remaining && remaining < high, id)
      assert.ok(high - low < 0.25, `${id}: ${low} to ${high}`)
    }
    // By hand: the weighted mean of both error ratios, and the greater of both, against a budget of 1 %.
    const [cart, pay] = [1_000 / 250_000, 160 / 20_000]
    assert.ok(Math.abs((lines.get('weighed')?.judged.remaining ?? 0) - (1 - (3 * cart + pay) / 4 / 0.01)) < 1e-9)
    assert.ok(Math.abs((lines.get('worst')?.judged.remaining ?? 0) - (1 - pay / 0.01)) < 1e-9)
  }
})

test('nothing is forecast where a member has too few failures to tell a rate', async () => {
  const scarce = steady.map((one) => (one.slo === 'pay' ? { ...one, bad: 0 } : one))
  const lines = await linesOf(scarce)
  const nothing = { low: null, expected: null, high: null }
  for (const id of ['weighed', 'worst', 'pay']) assert.deepEqual(lines.get(id)?.forecast, nothing, id)
  assert.notEqual(lines.get('cart')?.forecast.expected, null)
})

test('nine weeks in ten at least end within the range, drawn from the same rates', async () => {
  const daily = steady.map((one) => ({ ...one, bad: Math.ceil(one.bad / 40) }))
  const lines = await linesOf(daily)
  const random = seeded(7)
  const weeks = 4_000
  for (const id of ['weighed', 'worst']) {
    const { low, high } = lines.get(id)?.forecast ?? { low: null, high: null }
    assert.ok(low !== null && high !== null)
    let within = 0
    for (let week = 0; week < weeks; week++) {
      const ratios = [['cart'], ['pay']].map((names) => {
        const own = daily.filter(({ slo }) => names.includes(slo))
        const bad = own.reduce((sum, one) => sum + one.bad, 0)
        const total = own.reduce((sum, one) => sum + one.total, 0)
        // Fourteen days of failures tell the rate: a gamma draw, then as many failures as a week at that rate has.
        return normalPoisson((gammaOf(14 * bad + 0.5, random) / (14 * total)) * 7 * total, random) / (7 * total)
      })
      const ratio = id === 'worst' ? Math.max(...ratios) : (3 * ratios[0] + ratios[1]) / 4
      const remaining = 1 - ratio / 0.01
      if (remaining >= low && remaining <= high) within++
    }
    assert.ok(within / weeks >= 0.9, `${id}: ${within / weeks}`)
    assert.ok(within / weeks < 0.9999, `${id}: a range that holds everything says nothing`)
  }
})

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
}

/** Wilson and Hilferty's cube, within a thousandth for shapes as large as these. */
function gammaOf(shape: number, random: () => number): number {
  return shape * (1 - 1 / (9 * shape) + normal(random) / (3 * Math.sqrt(shape))) ** 3
}

function normalPoisson(mean: number, random: () => number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
}
