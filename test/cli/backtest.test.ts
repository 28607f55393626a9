import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { run } from '../../src/cli/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'sloburn-backtest-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const start = 1_767_225_600
const step = 15
const steps = 8 * 240
const outageFrom = 6.5 * 240
const outageTo = outageFrom + 80
const regions = ['eu-west-1', 'us-east-1'] as const

/** Events of one step in one region: traffic that differs by region, a few background errors, and an outage in one. */
function events(region: string, index: number): { good: number; bad: number } {
  const total = region === 'eu-west-1' ? 3_000 : 1_000
  const broken = region === 'eu-west-1' && index > outageFrom && index <= outageTo
  const bad = broken ? total : index % 40 === 0 ? 1 : 0
  return { good: total - bad, bad }
}

const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout-availability }
spec:
  service: checkout
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{job="checkout",code=~"5.."}
      total: http_requests_total{job="checkout"}
  alerting: { policy: workbook }
`

/** Series after series, as promtool dumps them: errors in one file, everything else gzipped in another. */
function writeHistory(): string[] {
  const lines = { '200': '', '500': '' }
  for (const region of regions) {
    const counted = { '200': 0, '500': 0 }
    for (let index = 0; index <= steps; index++) {
      if (index > 0) {
        const { good, bad } = events(region, index)
        counted['200'] += good
        counted['500'] += bad
      }
      for (const code of ['200', '500'] as const) {
        const labels = `job="checkout",instance="a:80",region="${region}",code="${code}"`
        lines[code] += `http_requests_total{${labels}} ${counted[code]} ${start + index * step}\n`
      }
    }
  }
  const files = [join(folder, 'errors.om'), join(folder, 'rest.om.gz')]
  writeFileSync(files[0], `# TYPE http_requests counter\n${lines['500']}# EOF\n`)
  writeFileSync(files[1], gzipSync(`${lines['200']}# EOF\n`))
  return files
}

const rulesFile = join(folder, 'checkout.yaml')
writeFileSync(rulesFile, rules)
const history = writeHistory()

interface Line {
  readonly t: number
  readonly slo: string
  readonly scope: string
  readonly window: string
  readonly burnRate: number | null
  readonly errorRatio: number | null
  readonly total: number
}

interface Report {
  readonly evaluated: object
  readonly alerts: readonly {
    readonly scope: string
    readonly severity: string
    readonly firedAt: number
    readonly resolvedAt: number | null
  }[]
  readonly budgets: readonly { readonly scope: string }[]
}

async function backtest(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  const code = await run(['backtest', '--rules', rulesFile, '--data', ...history, ...options], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    onSignal: () => () => {},
  })
  return { code, stdout, stderr }
}

/** Sums over events one by one: slow, and nothing of it is shared with the engine. */
function naive(scope: string, at: number, seconds: number): { bad: number; total: number } {
  const last = (at - start) / step
  const first = Math.max(1, last - seconds / step + 1)
  let bad = 0
  let total = 0
  for (const region of scope === 'global' ? regions : [scope]) {
    for (let index = first; index <= last; index++) {
      const event = events(region, index)
      bad += event.bad
      total += event.good + event.bad
    }
  }
  return { bad, total }
}

const windows = { '5m': 300, '30m': 1_800, '1h': 3_600, '2h': 7_200, '6h': 21_600, '1d': 86_400, '3d': 259_200 }
const workbook = [
  { severity: 'page', long: 3_600, short: 300, limit: 144 },
  { severity: 'page', long: 21_600, short: 1_800, limit: 60 },
  { severity: 'ticket', long: 86_400, short: 7_200, limit: 30 },
  { severity: 'ticket', long: 259_200, short: 21_600, limit: 10 },
]

/** The windows that end at `at` from which a rule's condition is computed, in whole numbers: bad / total > limit / 10 000. */
function holds(scope: string, severity: string, at: number): boolean {
  return workbook.some((rule) => {
    const isAbove = (seconds: number) => {
      const { bad, total } = naive(scope, at, seconds)
      return bad * 100_000 > rule.limit * 10 * total
    }
    return rule.severity === severity && isAbove(rule.short) && isAbove(rule.long)
  })
}

function naiveAlerts(scope: string, severity: string): [number, number | null][] {
  const episodes: [number, number | null][] = []
  let open = false
  for (let index = 0; index <= steps; index++) {
    const at = start + index * step
    const holding = holds(scope, severity, at)
    if (holding && !open) episodes.push([at, null])
    if (!holding && open) episodes[episodes.length - 1][1] = at
    open = holding
  }
  return episodes
}

test('a backtest of two regions and their sum fires and resolves where sums over single events say so', async () => {
  const { code, stdout, stderr } = await backtest('--json')
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  const report: Report = JSON.parse(stdout)
  assert.deepEqual(report.evaluated, {
    start,
    end: start + steps * step,
    stepSeconds: step,
    samples: 4 * (steps + 1),
    series: 4,
  })
  for (const scope of ['global', ...regions]) {
    for (const severity of ['page', 'ticket']) {
      const found = report.alerts.filter((alert) => alert.scope === scope && alert.severity === severity)
      const expected = naiveAlerts(scope, severity)
      assert.equal(found.length, expected.length, `${scope} ${severity}`)
      for (const [index, [firedAt, resolvedAt]] of expected.entries()) {
        assert.equal(found[index].firedAt, firedAt, `${scope} ${severity} fires`)
        // Windows above one hour are read between rows a minute apart.
        if (severity === 'page' || resolvedAt === null) assert.equal(found[index].resolvedAt, resolvedAt)
        else assert.ok(Math.abs((found[index].resolvedAt ?? 0) - resolvedAt) <= 60)
      }
    }
  }
  assert.deepEqual(
    report.alerts.map(({ firedAt }) => firedAt),
    report.alerts.map(({ firedAt }) => firedAt).toSorted((a, b) => a - b),
  )
  assert.ok(report.alerts.some(({ severity, scope }) => severity === 'page' && scope === 'global'))
})

test('the budgets of a backtest are sums over single events', async () => {
  const { stdout } = await backtest('--json')
  const report: Report = JSON.parse(stdout)
  const end = start + steps * step
  assert.deepEqual(
    report.budgets,
    ['global', ...regions].map((scope) => {
      const { bad, total } = naive(scope, end, 30 * 86_400)
      const consumed = bad / (0.001 * total)
      return {
        slo: 'checkout-availability',
        service: 'checkout',
        scope,
        at: end,
        objective: 0.999,
        window: '30d',
        good: total - bad,
        bad,
        total,
        sli: (total - bad) / total,
        consumed,
        remaining: 1 - consumed,
        coverage: (steps * step) / (30 * 86_400),
        state: 'ok',
      }
    }),
  )
})

test('every burn rate of every step is written, and is what sums over single events make it', async () => {
  const file = join(folder, 'burn-rates.ndjson')
  const from = start + 6 * 3_600
  await backtest('--json', '--burn-rates', file, '--start', new Date(from * 1_000).toISOString())
  const lines: Line[] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const evaluated = (start + steps * step - from) / step + 1
  assert.equal(lines.length, evaluated * 3 * Object.keys(windows).length)
  for (const { t, slo, scope, window, burnRate, errorRatio, total } of lines) {
    const seconds = new Map(Object.entries(windows)).get(window)
    assert.ok(seconds !== undefined && slo === 'checkout-availability')
    const expected = naive(scope, t, seconds)
    const isExact = seconds <= 3_600
    const tolerance = isExact ? 0 : 0.05
    assert.ok(Math.abs(total - expected.total) <= tolerance * expected.total, `${scope} ${window} at ${t}`)
    if (!isExact) continue
    assert.equal(errorRatio, expected.bad / expected.total)
    assert.equal(burnRate, expected.bad / expected.total / 0.001)
  }
})

test('an end leaves out what comes after it', async () => {
  const end = start + (outageFrom + 20) * step
  const { stdout } = await backtest('--json', '--end', String(end))
  const report: Report = JSON.parse(stdout)
  assert.deepEqual({ ...report.evaluated }, { start, end, stepSeconds: step, samples: 4 * (steps + 1), series: 4 })
  const pages = report.alerts.filter(({ severity }) => severity === 'page')
  assert.ok(pages.length > 0 && pages.every(({ resolvedAt }) => resolvedAt === null), 'it is still firing at the end')
})

test('for people it prints alerts and budgets as tables', async () => {
  const { code, stdout } = await backtest()
  assert.equal(code, 0)
  assert.match(stdout, /7684 samples of 4 series, 2026-01-01T00:00:00Z to 2026-01-01T08:00:00Z, every 15 s/)
  assert.match(stdout, /page +checkout-availability +eu-west-1 +1h\/5m above 14\.4/)
  assert.match(stdout, /checkout-availability +global +ok +30d +\d\d\.\d{4} %/)
})

test('lines that cannot be read are said with their place, the rest is used, and the exit code is 1', async () => {
  const file = join(folder, 'garbage.om')
  writeFileSync(
    file,
    'http_requests_total{job="checkout",code="500"} oops 1\nhttp_requests_total{job="checkout" 1 2\nx 1\n# EOF\n',
  )
  const { code, stdout, stderr } = await backtest(file, '--json')
  assert.equal(code, 1)
  assert.match(stderr, /garbage\.om:1: DATA_LINE /)
  assert.match(stderr, /garbage\.om:2: DATA_LINE /)
  const report: Report = JSON.parse(stdout)
  assert.equal(report.budgets.length, 3)
})

test('a missing file, a wrong time and a wrong step end with 2 and say why', async () => {
  for (const [options, message] of [
    [[join(folder, 'nowhere.om')], /nowhere\.om/],
    [['--start', 'yesterday'], /--start yesterday is not a time/],
    [['--step', '15'], /--step 15 is not a duration/],
    [['--start', '2026-01-02T00:00:00Z', '--end', '2026-01-01T00:00:00Z'], /--end is before --start/],
  ] as const) {
    const { code, stderr } = await backtest(...options)
    assert.equal(code, 2, stderr)
    assert.match(stderr, message)
  }
})
