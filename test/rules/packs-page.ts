import type { Indicator } from '../../src/core/model/indicator.ts'
import { metricNameLabel } from '../../src/core/model/labels.ts'
import { toNumber } from '../../src/core/model/rational.ts'
import type { Selector } from '../../src/core/model/selector.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { dayMs } from '../../src/core/model/units.ts'
import { formatDuration } from '../../src/core/time/duration.ts'
import { defaultPolicyName } from '../../src/rules/built-in-policies.ts'
import type { FiredExpectation, RuleTest } from '../../src/rules/rule-test/rule-test.ts'

/** One file of a pack: its rules, and the stories beside it. */
export interface PackFile {
  /** From the root of the checkout. */
  readonly path: string
  readonly text: string
  readonly slos: readonly Slo[]
  readonly tests: readonly RuleTest[]
}

/** In the stories of the packs everything is as usual for so long, and then the trouble begins. */
const quietMs = 3 * dayMs

const titles: ReadonlyMap<string, string> = new Map([
  ['rules/active-active', 'Several regions that all take writes'],
  ['rules/packs/databases', 'Databases'],
  ['rules/packs/grpc', 'gRPC'],
  ['rules/packs/http', 'HTTP'],
  ['rules/packs/kubernetes-apiserver', 'Kubernetes API server'],
  ['rules/packs/message-queues', 'Message queues'],
])

const introduction = `# Packs

<!-- Made from rules/active-active and rules/packs by \`npm run golden\`; edit there. -->

Rule files to copy. Each stands alone: SLOs for one kind of system, from the metrics of one source, with a test beside it. There
is a file for services instrumented with OpenTelemetry and one for each of the usual Prometheus exporters; no two SLOs have one
name, so that several files can be loaded together.

1. Copy the file and its \`.test.yaml\`. Keep the first line when the path to the schema is right for your folder, or correct it.
2. Read the comment at its top: which metrics and labels it expects, where they come from, and what to change.
3. Change it, then \`sloburn check\` and \`sloburn test\` the copy. The tests tell what your changes do to the alerts.

"Fires" is what the tests of each file assert: the time from the beginning of the trouble to the first alert, in a region that
was well for three days. Where no policy is named, an SLO alerts by the rules of the SRE Workbook with evidence, the built-in policy
\`standard\`. Every SLO has its own budget and alerts in each region, and one for all regions together unless it says otherwise.
`

/** docs/packs.md: every SLO of the packs, what it needs and when it fires. */
export function packsPage(files: readonly PackFile[]): string {
  const folders = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf('/')))
  const chapters = [...folders].map(([folder, inside]) => {
    return [`## ${titles.get(folder) ?? folder}`, ...inside.map(fileSection)].join('\n\n')
  })
  return `${[introduction.trimEnd(), ...chapters].join('\n\n')}\n`
}

/** The tests in which an alert of the SLO fires. */
export function firingTests({ name }: Slo, tests: readonly RuleTest[]): readonly RuleTest[] {
  return tests.filter(({ expectations }) => firedFor(name, expectations).length > 0)
}

/**
 * The tests in which the SLO is seen to count events and no alert of it fires: they expect its figures, and nothing to
 * be open then.
 */
export function silentTests({ name }: Slo, tests: readonly RuleTest[]): readonly RuleTest[] {
  return tests.filter(({ alerts, expectations }) => {
    const counted = expectations.some((expectation) => {
      if (expectation.kind !== 'figures' || expectation.slo.name !== name) return false
      return expectation.figures.some((figure) => figure.name === 'total' && Number(figure.expected) > 0)
    })
    const nothingOpen = expectations.some((each) => each.kind === 'open' && each.alerts.length === 0)
    return alerts === 'exactly' && counted && nothingOpen && firedFor(name, expectations).length === 0
  })
}

function fileSection({ path, text, slos, tests }: PackFile): string {
  const rows = slos.map(
    (slo) => `| ${[nameCell(slo), objectiveCell(slo), metricsCell(slo), firesCell(slo, tests)].join(' | ')} |`,
  )
  return [
    `### [${path}](../${path})`,
    '',
    firstParagraph(text),
    '',
    '| SLO | Objective | Metrics | Fires |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** What the comment at the top begins with, after the line for editors. */
function firstParagraph(text: string): string {
  const lines = text.split('\n').slice(2)
  const end = lines.indexOf('#')
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join('\n')
}

function nameCell({ name, description, groupBy, regions }: Slo): string {
  const groups = groupBy.length === 0 ? '' : ` One for each ${groupBy.map((label) => `\`${label}\``).join(' and ')}.`
  const scope = regionLabels.has(regions.label)
    ? ''
    : ` Its one scope is the \`${regions.label}\`, in place of a region.`
  return `\`${name}\`: ${description}${groups}${scope}`
}

const regionLabels: ReadonlySet<string> = new Set(['region', 'cloud_region'])

function objectiveCell({ objective, window }: Slo): string {
  const percent = Number((toNumber(objective) * 100).toPrecision(12))
  return `${percent} % in ${window.kind === 'rolling' ? formatDuration(window.durationMs) : `a ${window.unit}`}`
}

function metricsCell({ indicator }: Slo): string {
  const matchers = selectorsOf(indicator).flatMap((selector) => selector.matchers)
  const names = new Set(matchers.filter(({ label }) => label === metricNameLabel).map(({ value }) => value))
  return [...names].map((name) => `\`${name.replaceAll('|', '\\|')}\``).join(', ')
}

function selectorsOf(indicator: Indicator): readonly Selector[] {
  if (indicator.kind === 'threshold') return [indicator.metric]
  if (indicator.kind === 'composite' || indicator.kind === 'query') return []
  return indicator.signals.flatMap(({ counters }) => counters.terms.map(({ selector }) => selector))
}

function firesCell(slo: Slo, tests: readonly RuleTest[]): string {
  const stories = firingTests(slo, tests).map((test) => `${test.name}: ${timesOf(slo.name, test)}`)
  const { name } = slo.alerting.policy
  return `${stories.join('; ')}${name === defaultPolicyName ? '' : ` (policy \`${name}\`)`}`
}

/** The first alert of each severity. */
function timesOf(name: string, { start, expectations }: RuleTest): string {
  const fired = Map.groupBy(firedFor(name, expectations), ({ severity }) => severity)
  return [...fired]
    .map(([severity, alerts]) => {
      const firstAt = Math.min(...alerts.map(({ at }) => at))
      return `${severity} after ${formatDuration(firstAt - start - quietMs)}`
    })
    .join(', ')
}

function firedFor(name: string, expectations: RuleTest['expectations']): readonly FiredExpectation[] {
  return expectations
    .filter((expectation) => expectation.kind === 'fired')
    .filter(({ alert }) => alert.slo.name === name)
}
