import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minuteMs } from '../../src/core/model/units.ts'
import { parseDuration } from '../../src/core/time/duration.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { parseRuleTests } from '../../src/rules/rule-test/parse-rule-tests.ts'
import { playRuleTest } from '../../src/simulation/rule-test/play-rule-test.ts'
import { compiledFiles } from '../support/compiled-alerts.ts'
import { foreignTool } from '../support/debian.ts'
import { askPromtool } from '../support/promtool-story.ts'

const promtool = foreignTool('promtool')

const slo = (name: string, rest: string) => `---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: shop
  objective: 99.9
  window: 1d
  alerting: { policy: plain }
${rest}`

const ratio = `  indicator: { ratio: { bad: 'errors_total', total: 'requests_total' } }\n`
const composite = (how: string) =>
  `  indicator: { composite: { combine: ${how}, of: [ { slo: events${how === 'weighted' ? ', weight: 3' : ''} }, { slo: lag } ] } }\n`

/** Every way in which regions and members become one figure. */
const rules = [
  `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: plain }
spec: { evidence: off, rules: [ { severity: page, long: 1h, short: 10m, burnRate: 14.4 } ] }
`,
  slo('events', `  regions: { objectives: { us: 99 } }\n${ratio}`),
  slo('worst', `  regions: { global: worst }\n${ratio}`),
  slo('mean', `  regions: { global: mean }\n${ratio}`),
  slo('none', `  regions: { global: none }\n${ratio}`),
  slo('lag', `  indicator: { threshold: { metric: lag_seconds, good: value < 3 } }\n`),
  slo('good', `  indicator: { ratio: { good: 'requests_total - errors_total', total: requests_total } }\n`),
  slo(
    'two',
    `  indicator: { expression: { signals: { e: 'errors_total + missing_total', r: 'requests_total + extra_total' }, bad: 'e', total: 'r' } }\n`,
  ),
  ...['weighted', 'worst', 'all'].map((how) => slo(`composite-${how}`, composite(how))),
  slo('composite-mean', `  regions: { global: mean }\n${composite('weighted')}`),
].join('')

/** Unlike traffic and unlike errors in two regions; the errors of one begin late, and its gauge is out of bounds for a while. */
const story = `rules: rules.yaml
every: 15s
tests:
  - name: two regions
    series:
      requests_total{region="eu"}: 0+1000x340
      errors_total{region="eu"}: 0+3x340
      extra_total{region="eu"}: 0+500x340
      requests_total{region="us"}: 0+100x340
      errors_total{region="us"}: 0x200 7+7x139
      lag_seconds{region="eu"}: 1x250 5x20 1x70
      lag_seconds{region="us"}: 1x340
    expect: [{ at: 1m, none: true }]
`

test('every figure that Prometheus has by compiled rules is that of the engine', { skip: promtool.skip }, async () => {
  const { slos, problems } = await parseRules([{ name: 'rules.yaml', text: rules }])
  assert.deepEqual(problems, [])
  const [played] = parseRuleTests({ name: 'story.test.yaml', text: story }).documents.flatMap(({ tests }) => tests)
  assert.ok(played !== undefined)
  const at = 85 * minuteMs
  const times = new Set([played.start + at])
  const engine = await playRuleTest(played, { slos, maintenances: [] }, { times, windows: [] })
  const budgetOf = (name: string, region: string) => engine.observation(name, region, played.start + at)?.budget
  const [burnRates = [], remaining = [], events = [], alerts = []] = await askPromtool(
    promtool.path,
    { ...played, stepMs: 15_000, rules: compiledFiles(slos) },
    ['slo_burn_rate{window!="1d"}', 'slo_error_budget_remaining_ratio', 'slo_window_events', 'slo_alert_firing'].map(
      (expr) => ({ expr, at }),
    ),
  )
  // Eleven SLOs in two regions, and globally but for one, over two windows.
  assert.equal(burnRates.length, (11 * 3 - 1) * 2)
  for (const { labels, value } of burnRates) {
    const { slo: name = '', region = '', window = '' } = labels
    const seen = engine.observation(name, region, played.start + at)?.windows.get(parseDuration(window) ?? 0)
    near(value, seen?.burnRate ?? Number.NaN, `burn rate of ${name} in ${region} over ${window}`)
  }
  assert.equal(remaining.length, 11 * 3 - 1)
  for (const { labels, value } of remaining) {
    const { slo: name = '', region = '' } = labels
    near(value, budgetOf(name, region)?.remaining ?? Number.NaN, `remaining of ${name} in ${region}`)
  }
  // The engine counts the milliseconds of a threshold, and rules their evaluations.
  const counted = events.filter(({ labels }) => labels['slo'] !== 'lag')
  assert.equal(counted.length, 6 * 2 * 2 + 3 * 2)
  for (const { labels, value } of counted) {
    const { slo: name = '', region = '', kind } = labels
    const { bad, total } = budgetOf(name, region)?.counts ?? { bad: Number.NaN, total: Number.NaN }
    near(value, kind === 'bad' ? bad : total - bad, `${kind} events of ${name} in ${region}`)
  }
  assert.equal(alerts.length, 11 * 3 - 1)
  for (const { labels, value } of alerts) {
    const { slo: name = '', region = '' } = labels
    const isOpen = engine.episodes.some(({ id, firedAt, resolvedAt }) => {
      const isThis = id.slo === name && id.scope === region
      return isThis && firedAt <= played.start + at && (resolvedAt === null || resolvedAt > played.start + at)
    })
    assert.equal(value, Number(isOpen), `alert of ${name} in ${region}`)
  }
})

/** What extrapolation over the ends of a window of ten minutes may be off by, from a sample every 15 s. */
function near(value: number, truth: number, what: string): void {
  assert.ok(Math.abs(value - truth) <= 0.03 * Math.max(1, Math.abs(truth)), `${what}: ${value} is not ${truth}`)
}
