import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { compileSlos } from '../../src/compile/compile-slos.ts'
import { type RenderedFile, renderRules } from '../../src/compile/render-rules.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { loadRules } from '../../src/rules/load-rules.ts'
import { parseRuleTests } from '../../src/rules/rule-test/parse-rule-tests.ts'
import { readTestFiles } from '../../src/rules/rule-test/read-test-files.ts'
import type { RuleTest } from '../../src/rules/rule-test/rule-test.ts'
import { ConcernedSlos } from '../../src/simulation/rule-test/concerned-slos.ts'
import {
  compiledFiles,
  compiledSpans,
  engineSpans,
  type FiringSpan,
  underPlainRules,
} from '../support/compiled-alerts.ts'
import { foreignTool } from '../support/debian.ts'
import { askPromtool } from '../support/promtool-story.ts'
import { repositoryRoot } from '../support/repository-files.ts'

const run = promisify(execFile)
const promtool = foreignTool('promtool')
const vmalert = foreignTool('vmalert')

/** Every rule file that is shipped, each folder being a set of rules of its own. */
const shipped = ['rules/examples', 'rules/packs', 'rules/active-active', 'rules/demo']
const shippedSlos = await Promise.all(
  shipped.map(async (folder) => (await loadRules([`${repositoryRoot}/${folder}`])).slos),
)

test('promtool finds nothing wrong with any shipped rule, under both names and for every ruler', {
  skip: promtool.skip,
}, async (t) => {
  const forms = [
    { names: 'sloburn', target: 'prometheus', reads: 'at-once' },
    { names: 'sloth', target: 'mimir', reads: 'at-once' },
    { names: 'sloth', target: 'thanos', reads: 'later' },
  ] as const
  for (const { names, target, reads } of forms) {
    const files = shippedSlos.flatMap((slos, index) => {
      const { services } = compileSlos(slos, [], { names, reads })
      return renderRules(services, { target, kind: 'rules', objectLabels: {} }).map(({ name, text }) => {
        return asPrometheusReads({ name: `${index}-${name}`, text })
      })
    })
    const found = await run(promtool.path, [
      'check',
      'rules',
      '--lint=all',
      '--lint-fatal',
      ...(await written(t, files)),
    ])
    assert.equal(found.stdout.match(/SUCCESS: \d+ rules found/g)?.length, files.length, found.stdout)
  }
})

test('vmalert reads what is made for it', { skip: vmalert.skip }, async (t) => {
  const slos = shippedSlos
    .flat()
    // Debian's is older than keep_firing_for.
    .map((slo) => ({ ...slo, alerting: { ...slo.alerting, policy: { ...slo.alerting.policy, keepFiringForMs: 0 } } }))
  const { services } = compileSlos(slos, [], { names: 'sloth', reads: 'later' })
  const files = renderRules(services, { target: 'vmalert', kind: 'rules', objectLabels: {} })
  const out = await written(t, files)
  await run(vmalert.path, ['-dryRun', ...out.map((file) => `-rule=${file}`)])
})

/** Minutes longer: the stories of all packs as well. */
const everyStory = process.env['SLOBURN_STORIES'] === 'all'

/** Stories in which all data is there: what is done about missing data, rules cannot express. */
const stories = [
  { path: 'test/scenarios/burning.test.yaml' },
  { path: 'test/scenarios/regions.test.yaml' },
  { path: 'test/scenarios/indicators.test.yaml', only: /gauge counts|tenant/ },
  { path: 'rules/examples/checkout-availability.test.yaml' },
  { path: 'rules/examples/payments-by-region.test.yaml' },
  { path: 'rules/packs/http/prometheus.test.yaml', only: /take longer/ },
  ...(everyStory ? [{ path: 'rules/packs' }, { path: 'rules/active-active' }] : []),
]

for (const { path, only } of stories) {
  const { files } = await readTestFiles([`${repositoryRoot}/${path}`])
  for (const document of files.flatMap((file) => parseRuleTests(file).documents)) {
    const { slos } = await loadRules(document.rules.map((rule) => rule.path))
    const concerned = new ConcernedSlos(underPlainRules(slos))
    for (const story of document.tests.filter(({ name }) => only?.test(name) ?? true)) {
      test(`compiled rules alert when the engine does: ${story.name}`, { skip: promtool.skip }, async () => {
        const told = coarser(story)
        const own = concerned
          .of(told)
          .filter(({ indicator }) => indicator.kind !== 'composite' && indicator.kind !== 'slices')
        const engine = await engineSpans(told, own)
        const compiled = await compiledSpans(promtool.path, told, compiledFiles(own), engine.endMs)
        assertAlike(compiled, engine.spans, told, engine.endMs)
        if (!story.name.startsWith('ten minutes')) return
        const later = await compiledSpans(promtool.path, told, compiledFiles(own, { reads: 'later' }), engine.endMs)
        assert.deepEqual(later, compiled, 'the same where rulers read what they record only later')
      })
    }
  }
}

/** Days at 15 s are too much for a test. */
function coarser(story: RuleTest): RuleTest {
  const longest = Math.max(...story.series.map(({ values }) => values.length)) * story.everyMs
  if (longest < 3 * hourMs) return story
  return { ...story, stepMs: longest < 8 * hourMs ? minuteMs : 5 * minuteMs }
}

/**
 * Alerts fire and resolve within one evaluation, and what extrapolation to the ends of a window may be off by: the events of
 * one interval between samples. An alert that sits exactly on its threshold may fire for as long as that.
 */
function assertAlike(
  compiled: readonly FiringSpan[],
  engine: readonly FiringSpan[],
  { stepMs, everyMs }: RuleTest,
  endMs: number,
): void {
  const tolerance = stepMs + everyMs
  const isBrief = ({ from, to = endMs }: FiringSpan) => to - from <= tolerance
  const left = [...engine]
  for (const span of compiled) {
    const index = left.findIndex((other) => isAlike(span, other, tolerance, endMs))
    if (index >= 0) left.splice(index, 1)
    else assert.ok(isBrief(span), `only compiled: ${JSON.stringify(span)}`)
  }
  for (const span of left) assert.ok(isBrief(span), `only the engine: ${JSON.stringify(span)}`)
}

function isAlike(one: FiringSpan, other: FiringSpan, tolerance: number, endMs: number): boolean {
  const near = (a = endMs, b = endMs) => Math.abs(a - b) <= tolerance
  const isSame = one.slo === other.slo && one.scope === other.scope && one.severity === other.severity
  return isSame && near(one.from, other.from) && near(one.to, other.to)
}

test('budgets are weighted by traffic, and an idle half hour spoils nothing', { skip: promtool.skip }, async () => {
  const { slos } = await loadRules([`${repositoryRoot}/rules/examples/checkout-availability.yaml`])
  // Four busy hours at 0.01 % errors, half an idle one, four quiet ones at 20 %, from a sample a minute.
  const busy = 4 * 60
  const idle = 30
  const grow = (perBusy: number, perQuiet: number) =>
    Array.from({ length: busy + idle + busy + 1 }, (_, minute) => {
      return Math.min(minute, busy) * perBusy + Math.max(0, minute - busy - idle) * perQuiet
    })
  const series = [counter('200', grow(99_990, 8)), counter('500', grow(10, 2))]
  const story = { rules: compiledFiles(slos, { names: 'sloth' }), series, everyMs: minuteMs, stepMs: minuteMs }
  const at = (busy + idle + busy) * minuteMs
  const [ratio, remaining, sloth] = await askPromtool(promtool.path, story, [
    { expr: 'slo_error_ratio{window="30d",region="global"}', at },
    { expr: 'slo_error_budget_remaining_ratio{region="eu"}', at },
    { expr: 'slo:sli_error:ratio_rate30d', at },
  ])
  const truth = (busy * 10 + busy * 2) / (busy * 100_000 + busy * 10)
  close(ratio?.[0]?.value, truth, 'the error ratio of all events')
  close(sloth?.[0]?.value, truth, 'the same under the name that Sloth has')
  close(1 - (remaining?.[0]?.value ?? 0), truth / 0.001, 'what is spent')
  assert.deepEqual(sloth?.[0]?.labels, {
    __name__: 'slo:sli_error:ratio_rate30d',
    sloth_id: 'checkout-availability',
    sloth_service: 'checkout',
    sloth_slo: 'availability',
    sloth_window: '30d',
  })
})

function counter(code: string, values: readonly number[]) {
  const labels = Object.entries({ __name__: 'http_requests_total', job: 'checkout', region: 'eu', code })
  return { labels: labelsOf(labels), values, at: { file: '', line: 0, column: 0 } }
}

/** Within half a percent: five-minute counts at either end of a window, and extrapolation in each. */
function close(value: number | undefined, truth: number, what: string): void {
  assert.ok(Math.abs((value ?? Number.NaN) / truth - 1) < 0.005, `${what} is ${value}, and truly ${truth}`)
}

/** Without what only the ruler it is made for knows. */
function asPrometheusReads({ name, text }: RenderedFile): RenderedFile {
  return { name, text: text.replace(/^namespace: .*\n/m, '').replaceAll(/^ +partial_response_strategy: abort\n/gm, '') }
}

async function written(t: TestContext, files: readonly RenderedFile[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-compiled-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const { name, text } of files) await writeFile(join(folder, name), text)
  return files.map(({ name }) => join(folder, name))
}
