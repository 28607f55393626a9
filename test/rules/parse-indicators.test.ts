import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import type { Indicator } from '../../src/core/model/indicator.ts'
import { formatProblem } from '../../src/core/model/problem.ts'
import { wantedBucket } from '../../src/core/sli/bucket-bound.ts'
import { parseCounters } from '../../src/core/sli/parse-counters.ts'
import { printCounters } from '../../src/core/sli/print-counters.ts'
import { printFormula } from '../../src/core/sli/print-formula.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { slo, sloWith } from './invalid-file.ts'

test('a latency counts the bucket of its bound as good and _count as all', async () => {
  const indicator = await indicatorOf(`latency: { histogram: 'h_seconds{job="a",code!="404"}', below: 300ms }`)
  assert.deepEqual(printed(indicator), {
    signals: { good: 'h_seconds_bucket{job="a",code!="404",le="0.3"}', total: 'h_seconds_count{job="a",code!="404"}' },
    bad: 'total - good',
    total: 'total',
  })
  const [good] = indicator.kind === 'events' ? indicator.signals : []
  assert.deepEqual(wantedBucket(good.counters.terms[0].selector), { histogram: 'h_seconds', bound: 0.3 })
})

for (const [histogram, below, bound] of [
  ['h_seconds', '2s', '2'],
  ['h_seconds', '1m30s', '90'],
  ['h', '5ms', '0.005'],
  ['http_server_duration_milliseconds', '300ms', '300'],
  ['h_ms', '2s', '2000'],
  ['h_microseconds', '300ms', '300000'],
  ['h_us', '1ms', '1000'],
  ['h_nanoseconds', '1ms', '1000000'],
  ['{"http.server.duration"}', '1s', '1'],
] as const) {
  test(`the bound ${below} of ${histogram} is the bucket ${bound}`, async () => {
    const indicator = await indicatorOf(`latency: { histogram: '${histogram}', below: ${below} }`)
    assert.match(printed(indicator).signals['good'], new RegExp(`le="${bound}"\\}$`))
  })
}

test('a latency is the ratio of its buckets', async () => {
  const asRatio = await indicatorOf(`ratio: { good: 'h_bucket{job="a",le="0.3"}', total: 'h_count{job="a"}' }`)
  assert.deepEqual(asRatio, await indicatorOf(`latency: { histogram: 'h{job="a"}', below: 300ms }`))
})

test('a threshold is a condition on one value of the gauge, the largest unless said otherwise', async () => {
  const largest = await indicatorOf(`threshold: { metric: 'lag_seconds{db="o"}', good: 'value < 3' }`)
  const selector = counters('lag_seconds{db="o"}').terms[0].selector
  const good = {
    kind: 'binary',
    operator: '<',
    left: { kind: 'signal', signal: 0 },
    right: { kind: 'number', value: 3 },
  } as const
  assert.deepEqual(largest, { kind: 'threshold', metric: selector, combine: 'max', good })
  const smallest = await indicatorOf(`threshold: { metric: 'up', good: 'value == 1', combine: min }`)
  assert.equal(smallest.kind === 'threshold' && smallest.combine, 'min')
})

test('an expression has its signals in their order, and what is not good is bad', async () => {
  const signals = `signals: { err: 'e_total', slow: 's_total - e_total', all: 't_total' }`
  assert.deepEqual(printed(await indicatorOf(`expression: { ${signals}, bad: 'err + slow', total: all }`)), {
    signals: { err: 'e_total', slow: 's_total - e_total', all: 't_total' },
    bad: 'err + slow',
    total: 'all',
  })
  const good = printed(await indicatorOf(`expression: { ${signals}, good: 'all - err - slow', total: 'all' }`))
  assert.equal(good.bad, 'all - (all - err - slow)')
})

test('time slices are judged by a condition, or by the good share of each', async () => {
  const signals = 'signals: { bad: b_total, total: t_total }'
  const slices = await indicatorOf(`timeSlices: { slice: 1m, good: 'bad / total <= 0.01', ${signals} }`)
  assert.equal(slices.kind, 'slices')
  assert.deepEqual(slices.kind === 'slices' && [slices.sliceMs, slices.method], [60_000, 'slices'])
  const ratio = await indicatorOf(`timeSlices: { slice: 5m, good: '1 - bad / total', method: ratio, ${signals} }`)
  assert.deepEqual(ratio.kind === 'slices' && [ratio.sliceMs, ratio.method], [300_000, 'ratio-slices'])
  assert.equal(ratio.kind === 'slices' && printFormula(ratio.good, ['bad', 'total']), '1 - bad / total')
})

test('a composite names SLOs of any file, each with its weight', async () => {
  const text = sloWith('composite: { combine: weighted, of: [{ slo: a, weight: 2.5 }, { slo: b }] }')
  const { slos, problems } = await parseRules([
    { name: 'c.yaml', text },
    { name: 'a.yaml', text: slo('description: d').replace('name: checkout', 'name: a') },
    { name: 'b.yaml', text: slo('description: d').replace('name: checkout', 'name: b') },
  ])
  assert.deepEqual(problems, [])
  assert.deepEqual(slos[0].indicator, {
    kind: 'composite',
    combine: 'weighted',
    of: [
      { slo: 'a', weight: 2.5 },
      { slo: 'b', weight: 1 },
    ],
  })
})

test('composites may be made of composites', async () => {
  const text = [composite('top', 'middle', 'a'), composite('middle', 'a', 'b'), leaf('a'), leaf('b')].join('---\n')
  const { slos, problems } = await parseRules([{ name: 'a.yaml', text }])
  assert.deepEqual(problems.map(formatProblem), [])
  assert.equal(slos.length, 4)
})

test('a query says $window wherever it means the window, however it was written', async () => {
  const indicator = await indicatorOf(
    "query: { bad: 'sum(rate(b[${window}])) / 2', total: 'sum(rate(t[{{ .window }}])) + sum(rate(u[$window]))' }",
  )
  assert.deepEqual(indicator, {
    kind: 'query',
    given: 'bad',
    query: 'sum(rate(b[$window])) / 2',
    total: 'sum(rate(t[$window])) + sum(rate(u[$window]))',
  })
  const ratio = await indicatorOf("query: { errorRatio: '1 - avg_over_time(up[$window])' }")
  assert.deepEqual(ratio, {
    kind: 'query',
    given: 'error-ratio',
    query: '1 - avg_over_time(up[$window])',
    total: null,
  })
})

for (const [what, indicator, loaded] of [
  ['no parser beside its own', 'ratio: { bad: b, total: t }', []],
  ['mathjs', "threshold: { metric: m, good: 'value < 3' }", ['mathjs']],
  ['the grammar of PromQL', "query: { errorRatio: 'x[$window]' }", ['lezer-promql']],
] as const) {
  test(`loads ${what} for the indicator ${indicator.split(':')[0]}`, () => {
    assert.deepEqual(parsersLoadedFor(sloWith(indicator)), loaded)
  })
}

/** The parsers that a process of its own has loaded after reading a rule file, by what it asked the module loader for. */
function parsersLoadedFor(text: string): readonly string[] {
  const script = `
    import { registerHooks } from 'node:module'
    const asked = []
    registerHooks({ resolve: (specifier, context, next) => (asked.push(specifier), next(specifier, context)) })
    const { parseRules } = await import(${JSON.stringify(new URL('../../src/rules/parse-rules.ts', import.meta.url).href)})
    const { problems } = await parseRules([{ name: 'a.yaml', text: ${JSON.stringify(text)} }])
    if (problems.length > 0) throw new Error(JSON.stringify(problems))
    console.log(JSON.stringify(['mathjs', 'lezer-promql'].filter((name) => asked.some((one) => one.includes(name)))))
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

function composite(name: string, one: string, other: string): string {
  return sloWith(`composite: { combine: all, of: [{ slo: ${one} }, { slo: ${other} }] }`).replace('checkout', name)
}

function leaf(name: string): string {
  return slo('description: d').replace('name: checkout', `name: ${name}`)
}

async function indicatorOf(indicator: string): Promise<Indicator> {
  const { slos, problems } = await parseRules([{ name: 'a.yaml', text: sloWith(indicator) }])
  assert.deepEqual(problems.map(formatProblem), [])
  return slos[0].indicator
}

function printed(indicator: Indicator): { signals: Record<string, string>; bad: string; total: string } {
  if (indicator.kind !== 'events') throw new Error(`a ${indicator.kind} indicator has no formulas for events`)
  const names = indicator.signals.map(({ name }) => name)
  return {
    signals: Object.fromEntries(indicator.signals.map((signal) => [signal.name, printCounters(signal.counters)])),
    bad: printFormula(indicator.bad, names),
    total: printFormula(indicator.total, names),
  }
}

function counters(text: string) {
  const parsed = parseCounters(text)
  if (parsed.kind !== 'parsed') throw new Error(text)
  return parsed.expression
}
