import { problemCodes } from '../src/core/model/problem-codes.ts'
import { documentSchemas } from '../src/rules/schema/rule-schema.ts'
import { happeningMetrics } from '../src/telemetry/happening-metrics.ts'
import { promMeter } from '../src/telemetry/prom-meter.ts'
import { sloMetrics } from '../src/telemetry/slo-metrics.ts'
import { rulesReference } from './rules-reference.ts'

/** The pages of docs/ that are made from the source, by path from the root; `npm run docs` writes them. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/errors.md', errorsPage()],
    ['docs/metrics.md', metricsPage()],
    ['docs/rules.md', rulesReference(documentSchemas)],
  ])
}

function errorsPage(): string {
  const rows = Object.entries(problemCodes).map(([code, { meaning, action }]) => {
    return `| \`${code}\` | ${cell(meaning)} | ${cell(action)} |`
  })
  return page(
    'Problems',
    [
      'What `sloburn` prints when a file a person wrote cannot be used: `file:line:column: CODE message`, and a hint on the',
      'next line. All problems of all files come at once. A warning has the word `warning:` after its code and does not stop',
      'anything.',
    ],
    'src/core/model/problem-codes.ts',
    ['| Code | What it means | What to do |', '|---|---|---|', ...rows],
  )
}

function metricsPage(): string {
  const { registry } = promMeter({ version: '' })
  sloMetrics(registry)
  happeningMetrics(registry, () => ({ incidents: [], annotations: [], maintenances: [] }))
  const metrics = registry.getMetricsAsArray().toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const ofSlos = metrics.filter(({ name }) => name.startsWith('slo_'))
  const ofEngine = metrics.filter(({ name }) => name.startsWith('sloburn_'))
  return page(
    'Metrics',
    [
      'What `GET /metrics` shows, in the Prometheus text format. Units are base units, counters end in `_total`. A figure that',
      'is not known is left out; it is never shown as 0.',
    ],
    'src/telemetry',
    [
      '## Every SLO',
      '',
      '`region` is a region or `global`. `window` is a Prometheus duration.',
      '',
      ...metricTable(ofSlos),
      '',
      '## The engine',
      '',
      ...metricTable(ofEngine),
      '',
      '## The process',
      '',
      'The default metrics of prom-client, which differ between operating systems: `process_*` (CPU, memory, open files)',
      'and `nodejs_*` (heap, event loop lag, garbage collection).',
    ],
  )
}

interface Metric {
  readonly name: string
  readonly help: string
  readonly type?: unknown
}

function metricTable(metrics: readonly Metric[]): string[] {
  const rows = metrics.map((metric) => {
    const labels = labelNamesOf(metric).map((label) => `\`${label}\``)
    return `| \`${metric.name}\` | ${typeOf(metric)} | ${labels.join(', ')} | ${cell(metric.help)} |`
  })
  return ['| Name | Type | Labels | Meaning |', '|---|---|---|---|', ...rows]
}

/** The classes of prom-client are named after the types; its typings tell neither type nor labels of a metric. */
function typeOf(metric: Metric): string {
  return metric.constructor.name.toLowerCase()
}

function labelNamesOf(metric: object): string[] {
  return 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : []
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function page(title: string, introduction: readonly string[], source: string, body: readonly string[]): string {
  const origin = `<!-- Made from ${source} by \`npm run docs\`; edit there. -->`
  return `${[`# ${title}`, '', origin, '', ...introduction, '', ...body].join('\n')}\n`
}
