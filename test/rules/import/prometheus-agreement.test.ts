import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { formatLabels, labelsOf } from '../../../src/core/model/labels.ts'
import type { Slo } from '../../../src/core/model/slo.ts'
import { sloId } from '../../../src/core/model/slo-id.ts'
import { compileMatchers } from '../../../src/core/sli/match-selector.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import type { RuleFile } from '../../../src/rules/read-documents.ts'
import { replay } from '../../../src/simulation/replay.ts'
import { foreignTool } from '../../support/debian.ts'
import { send } from '../../support/engine-world.ts'
import { fixtureFiles, ownFile, ownFiles, withoutFixtures } from './fixture-files.ts'
import { type MadeSeries, madeSeries } from './made-series.ts'
import { type OriginalSlo, originalSlos } from './original-promql.ts'

const promtool = foreignTool('promtool')
const stepMs = 15_000
const windowMs = 3_600_000
const samples = 300

/**
 * The extrapolation error. Prometheus answers for the whole window from the samples inside: at each end it guesses what
 * happened between the end and the nearest sample. sloburn spreads what it saw evenly between two samples. Neither can be
 * further from the events than the most that happens between two samples, at each end of the window, in each series.
 */
function countError(series: readonly MadeSeries[]): number {
  const largest = series.map(({ values }) => {
    return Math.max(...values.slice(1).map((value, index) => (value < values[index] ? value : value - values[index])))
  })
  return 2 * largest.reduce((sum, increment) => sum + increment, 0)
}

/** Of a gauge a moment between two samples may be taken for either, at each change and at the ends. */
const errorPerChange = stepMs / windowMs

/** Where the evaluation stands between two samples; on a sample nothing is guessed. */
const offsetsMs = [0, 7_000]

test('our own files count what Prometheus answers to what they were made from', { skip: promtool.skip }, async () => {
  const { comparisons } = await compareAll(ownFiles().filter(({ name }) => !name.startsWith('openslo')))
  assert.ok(comparisons.length >= 2 * 10)
  assert.equal(runPromtool(comparisons), '')
})

/** Examples with SLOs that are not compared here, and why: every other file is, with all its SLOs. */
const notCompared: Readonly<Record<string, string>> = {
  'sloth/home-wifi.yml': asQuery([
    'home-wifi-good-wifi-client-satisfaction',
    'home-wifi-risk-wifi-client-satisfaction',
  ]),
  'sloth/k8s-home-wifi.yml': asQuery([
    'home-wifi-good-wifi-client-satisfaction',
    'home-wifi-risk-wifi-client-satisfaction',
  ]),
  'sloth/raw-home-wifi.yml': asQuery(['home-wifi-wifi-client-satisfaction']),
  'sloth/victoria-metrics.yml': asQuery(['foo-bar-grpc-latency-percentile-90', 'foo-bar-grpc-latency-percentile-99']),
  'sloth/plugin-getting-started.yml': refused(
    'the SLI plugin "getting_started_availability" is a program that only Sloth can run',
  ),
  'sloth/plugin-k8s-getting-started.yml': refused(
    'the SLI plugin "getting_started_availability" is a program that only Sloth can run',
  ),
  'pyrra/pyrra-connect-latency.yaml': 'counted from native histograms: pyrra-connect-latency',
}

/** Asked of Prometheus itself, so that there is nothing to count: test/e2e/query-indicator.test.ts compares the answers. */
function asQuery(names: readonly string[]): string {
  return `asked as a query: ${names.join(', ')}`
}

function refused(reason: string): string {
  return `refused: ${reason}`
}

for (const tool of ['sloth', 'pyrra'] as const) {
  const skip = promtool.skip === false ? withoutFixtures : promtool.skip
  test(`the examples of ${tool} count what Prometheus answers to the original PromQL`, { skip }, async () => {
    const files = fixtureFiles(tool)
    const { comparisons, left } = await compareAll(files)
    assert.deepEqual(left, Object.fromEntries(Object.entries(notCompared).filter(([name]) => name.startsWith(tool))))
    assert.equal(runPromtool(comparisons), '')
  })
}

test('a matcher that got lost on the way would be noticed', { skip: promtool.skip }, async () => {
  const file = ownFile('sloth-checkout.in.yaml')
  const [slo] = (await parseRules([file])).slos
  assert.ok(slo.indicator.kind === 'events')
  const [{ counters }, total] = slo.indicator.signals
  const [{ sign, selector }] = counters.terms
  const matchers = selector.matchers.filter(({ label }) => label !== 'code')
  const bad = { name: 'bad', counters: { terms: [{ sign, selector: { matchers } }] } }
  const damaged = { ...slo, indicator: { ...slo.indicator, signals: [bad, total] } }
  const comparison = await compared(damaged, originalSlos(file)[0], 0, 0)
  assert.match(runPromtool([comparison]), /FAILED/)
})

/** What was counted as it comes, and by file why something in it was not. */
async function compareAll(
  files: readonly RuleFile[],
): Promise<{ comparisons: Comparison[]; left: Record<string, string> }> {
  const comparisons: Comparison[] = []
  const left: Record<string, string> = {}
  for (const file of files) {
    const { slos, problems } = await parseRules([file])
    const originals = originalSlos(file)
    const queries = slos.filter(({ indicator }) => indicator.kind === 'query').map(({ name }) => name)
    const unknown = slos.filter(({ name }) => !queries.includes(name) && !originals.some((each) => each.name === name))
    const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)
    if (errors.length > 0 || slos.length === 0) left[file.name] = refused(errors.join(', '))
    else if (queries.length > 0) left[file.name] = asQuery(queries)
    else if (unknown.length > 0)
      left[file.name] = `counted from native histograms: ${unknown.map(({ name }) => name).join(', ')}`
    for (const slo of slos) {
      const original = originals.find(({ name }) => name === slo.name)
      if (original === undefined || slo.indicator.kind === 'query') continue
      for (const offset of offsetsMs) comparisons.push(await compared(slo, original, offset, comparisons.length))
    }
  }
  return { comparisons, left }
}

interface Comparison {
  readonly original: OriginalSlo
  readonly series: readonly MadeSeries[]
  readonly offsetMs: number
  /** What was counted, for each group. */
  readonly counted: readonly Counted[]
}

interface Counted {
  readonly group: ReadonlyMap<string, string>
  readonly bad: number
  readonly total: number
  readonly errors: { readonly bad: number; readonly total: number }
}

/** Counts made samples with the engine. */
async function compared(slo: Slo, original: OriginalSlo, offsetMs: number, seed: number): Promise<Comparison> {
  const series = madeSeries(original, samples + 1, seed + 1)
  const start = Date.UTC(2026, 0, 1)
  const end = start + (samples - 1) * stepMs
  // The last sample but one comes as long before the evaluation as the offset says; the last tells that time went on.
  const readings = new Map<string, Counted>()
  const { log, run } = replay([{ ...slo, regions: { ...slo.regions, global: 'events' } }], stepMs, (reading) => {
    if (reading.at !== end || reading.scope !== 'global') return
    const { group } = reading.compiled.slo
    readings.set(sloId(reading.compiled.slo), {
      group,
      ...reading.counts(windowMs),
      errors: errorsOf(slo, group, series),
    })
  })
  for (const { labels, values } of series) {
    send(
      log,
      values.map((value, index) => ({ labels, time: start + index * stepMs - offsetMs, value })),
    )
  }
  await run({ start: end })
  const counted = [...readings.values()]
  assert.ok(counted.length >= (slo.groupBy.length > 0 ? 2 : 1), `${slo.name} has ${counted.length} groups`)
  assert.ok(
    counted.some(({ bad, total }) => bad > 0 && total > 0),
    `${slo.name} counted nothing`,
  )
  return { original, series, offsetMs, counted }
}

/** By how much the counts of a group may differ. */
function errorsOf({ indicator }: Slo, group: Counted['group'], series: readonly MadeSeries[]): Counted['errors'] {
  if (indicator.kind !== 'events') return { bad: 0, total: 0 }
  const [first, total] = indicator.signals.map(({ counters }) => {
    const selectors = counters.terms.map(({ selector }) => compileMatchers(selector.matchers))
    const counted = series.filter(({ labels }) => {
      const isOfGroup = [...group].every(([label, value]) => labels[label] === value)
      const all = labelsOf(Object.entries(labels))
      return isOfGroup && selectors.some((selector) => selector.kind === 'compiled' && selector.matches(all))
    })
    return countError(counted)
  })
  return { bad: indicator.signals[0].name === 'bad' ? first : first + total, total }
}

/** What promtool finds wrong when it compares by itself, empty when nothing. */
function runPromtool(comparisons: readonly Comparison[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-import-'))
  try {
    const file = join(folder, 'tests.yaml')
    writeFileSync(
      file,
      stringify({ evaluation_interval: '15s', tests: comparisons.map(promtoolTest) }, { lineWidth: 0 }),
    )
    const { status, stdout, stderr } = spawnSync(promtool.path, ['test', 'rules', file], { encoding: 'utf8' })
    return status === 0 ? '' : `${stdout}${stderr}`.slice(0, 4_000)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function promtoolTest({ original, series, offsetMs, counted }: Comparison): unknown {
  return {
    interval: '15s',
    input_series: series.map(({ labels, values }) => ({
      series: formatLabels(labelsOf(Object.entries(labels))),
      values: values.join(' '),
    })),
    promql_expr_test: counted.flatMap((one) =>
      checksOf(original, series, one).map((expr) => ({
        expr,
        eval_time: `${((samples - 1) * stepMs + offsetMs) / 1_000}s`,
        exp_samples: [{ labels: formatLabels(labelsOf(ofOriginal(original, one))), value: 1 }],
      })),
    ),
  }
}

/** Conditions that hold when Prometheus answers what was counted. */
function checksOf({ asks, groupBy }: OriginalSlo, series: readonly MadeSeries[], counted: Counted): string[] {
  const near = (query: string, value: number, error: number): string => {
    const filled = query.replaceAll('WINDOW', '1h').replaceAll('SECONDS', '3600')
    const ofGroup =
      groupBy.length === 0 ? `(${filled})` : `((${filled}) * on (${groupBy.join(', ')}) ${groupOf(groupBy, counted)})`
    return `abs(${ofGroup} - ${value}) <= bool ${error}`
  }
  const { bad, total, errors } = counted
  if (!('errorRatio' in asks)) return [near(asks.bad, bad, errors.bad), near(asks.total, total, errors.total)]
  const changes = Math.max(
    ...series.map(({ values }) => values.filter((value, index) => value !== values[index - 1]).length),
  )
  const isGauge = asks.errorRatio.includes('_over_time')
  const error = isGauge ? (changes + 2) * errorPerChange : (errors.bad + errors.total) / total
  return [near(asks.errorRatio, bad / total, error)]
}

/** A vector with the labels of one group. */
function groupOf(groupBy: readonly string[], { group }: Counted): string {
  return groupBy.reduce(
    (vector, label) => `label_replace(${vector}, "${label}", "${group.get(label) ?? ''}", "", "")`,
    'vector(1)',
  )
}

function ofOriginal({ groupBy }: OriginalSlo, { group }: Counted): [string, string][] {
  return groupBy.map((label) => [label, group.get(label) ?? ''])
}
