import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { dayMs, hourMs, minuteMs } from '../../src/core/model/units.ts'
import type { ScopeStatus, SloStatus } from '../../src/ports/slo-status.ts'
import { counters, gauges, histograms } from '../../src/telemetry/catalogue.ts'
import { exposition } from '../../src/telemetry/exposition.ts'
import { promMeter } from '../../src/telemetry/prom-meter.ts'

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

const open = {
  kind: 'firing',
  since: 0,
  rule: { longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 14.4, longBurnRate: 20, shortBurnRate: 20 },
} as const

const known: ScopeStatus = {
  scope: 'eu-west-1',
  state: 'partial',
  problem: null,
  counts: { bad: 100, total: 100_000 },
  countedSinceStart: { bad: 30, total: 1_000 },
  sli: 0.999,
  consumed: 1.2,
  remaining: -0.2,
  projected: { consumed: 0.6, remaining: 0.4 },
  coverage: 0.5,
  at: 0,
  burnRates: [
    { windowMs: 5 * minuteMs, bad: 0, total: 0, burnRate: null, errorRatio: null },
    { windowMs: dayMs, bad: 10, total: 1_000, burnRate: 10, errorRatio: 0.01 },
  ],
  alerts: [
    { severity: 'page', state: open },
    { severity: 'ticket', state: { kind: 'inactive' } },
  ],
}

const unknown: ScopeStatus = {
  ...known,
  scope: 'us-east-1',
  state: 'no-data',
  counts: null,
  countedSinceStart: null,
  sli: null,
  remaining: null,
  burnRates: [],
  alerts: [{ severity: 'page', state: { ...open, kind: 'keeping', clearedAt: 1 } }],
}

test('shows the state of every SLO under the names that dashboards depend on', async () => {
  const rules = [{ severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 14.4 }] as const
  const lines = sloLines(await render([{ ...aSlo([known]), rules, runbook: 'https://runbooks.example.com/a' }]))
  const ofSlo = 'slo="checkout",service="shop"'
  const labels = 'slo="checkout",service="shop",region="eu-west-1"'
  assert.deepEqual(lines, [
    `slo_info{${ofSlo},window="30d",runbook="https://runbooks.example.com/a",dashboard=""} 1`,
    `slo_window_seconds{${ofSlo}} 2592000`,
    `slo_burn_rate_threshold{${ofSlo},severity="page",window="1h"} 14.4`,
    `slo_objective_ratio{${labels}} 0.999`,
    `slo_error_ratio{${labels},window="30d"} 0.001`,
    `slo_error_ratio{${labels},window="1d"} 0.01`,
    `slo_burn_rate{${labels},window="1d"} 10`,
    `slo_error_budget_remaining_ratio{${labels}} -0.2`,
    `slo_events_total{${labels},kind="good"} 970`,
    `slo_events_total{${labels},kind="bad"} 30`,
    `slo_window_events{${labels},kind="good"} 99900`,
    `slo_window_events{${labels},kind="bad"} 100`,
    `slo_coverage_ratio{${labels}} 0.5`,
    `slo_evaluated_timestamp_seconds{${labels}} 0`,
    `slo_alert_firing{${labels},severity="page"} 1`,
    `slo_alert_firing{${labels},severity="ticket"} 0`,
    `slo_data_state{${labels},state="ok"} 0`,
    `slo_data_state{${labels},state="no-traffic"} 0`,
    `slo_data_state{${labels},state="partial"} 1`,
    `slo_data_state{${labels},state="stale"} 0`,
    `slo_data_state{${labels},state="no-data"} 0`,
  ])
})

test('leaves out what is not known, and keeps an alert that waits out its hold time', async () => {
  const text = sloLines(await render([aSlo([unknown])])).join('\n')
  assert.doesNotMatch(text, /slo_(error_ratio|burn_rate|error_budget_remaining_ratio|events_total)/)
  assert.match(text, /slo_alert_firing\{[^}]*severity="page"\} 1/)
})

test('forgets an SLO that is gone and lets a counter stand where it stood', async () => {
  let slos = [aSlo([known])]
  const page = exposition(promMeter().registry, { slos: () => slos })
  await page()
  const second = sloLines((await page()).text)
  assert.equal(second.filter((line) => line.startsWith('slo_events_total')).length, 2)
  assert.match(second.join('\n'), /kind="good"\} 970/)
  slos = []
  assert.deepEqual(sloLines((await page()).text), [])
})

test('says nothing of a gauge that was never set', async () => {
  const text = await render([])
  assert.doesNotMatch(text, /^sloburn_(config_last|checkpoint_timestamp)/m)
})

test('prints nothing that is not a number', async () => {
  assert.doesNotMatch(await render([aSlo([known, unknown])]), / (nan|undefined|null)$/im)
})

test('passes promtool with every metric of the catalogue in use', {
  skip: hasPromtool ? false : 'promtool is not installed',
}, async () => {
  const { meter, registry } = promMeter({ version: '1.2.3' })
  for (const [name, { labels }] of entriesOf(counters)) meter.count(name, labelled(labels))
  for (const [name, { labels }] of entriesOf(gauges)) meter.set(name, labelled(labels), 1)
  for (const [name, { labels }] of entriesOf(histograms)) meter.observe(name, labelled(labels), 0.1)
  const { text, contentType } = await exposition(registry, { slos: () => [aSlo([known, unknown])] })()

  assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8')
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  assert.equal(checked.stderr + checked.stdout, '')
  assert.equal(checked.status, 0)
  assert.match(text, /^sloburn_build_info\{version="1\.2\.3",node_version="\d/m)
})

test('escapes what a series may call its region', async () => {
  const text = await render([aSlo([{ ...known, scope: 'a"b\\c\nd' }])])
  assert.match(text, /region="a\\"b\\\\c\\nd"/)
})

test('knows the usual length of a calendar window, and of two rules with one long window the lower threshold', async () => {
  const rules = [
    { severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs, burnRate: 6 },
    { severity: 'page', longMs: hourMs, shortMs: minuteMs, burnRate: 14.4 },
  ] as const
  const text = await render([{ ...aSlo([]), window: 'month', rules }])
  assert.match(text, /^slo_window_seconds\{slo="checkout",service="shop"\} 2592000$/m)
  assert.deepEqual(text.match(/^slo_burn_rate_threshold\{.*/gm), [
    'slo_burn_rate_threshold{slo="checkout",service="shop",severity="page",window="1h"} 6',
  ])
})

function aSlo(scopes: readonly ScopeStatus[]): SloStatus {
  return {
    name: 'checkout',
    service: 'shop',
    description: '',
    labels: {},
    group: {},
    runbook: null,
    unit: 'events',
    secondsEach: null,
    dashboard: null,
    objective: 0.999,
    window: '30d',
    rules: [],
    scopes,
  }
}

async function render(slos: readonly SloStatus[]): Promise<string> {
  return (await exposition(promMeter().registry, { slos: () => slos })()).text
}

function sloLines(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('slo_'))
}

function labelled(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'x']))
}

function entriesOf<Name extends string, Entry>(record: Readonly<Record<Name, Entry>>): [Name, Entry][] {
  const names: Name[] = []
  for (const name in record) names.push(name)
  return names.map((name) => [name, record[name]])
}
