import * as units from '@grafana/grafana-foundation-sdk/units'
import { parser } from '@prometheus-io/lezer-promql'

/** A classic dashboard, as far as the linter looks. */
export interface LintedDashboard {
  readonly editable: boolean
  readonly panels: readonly LintedPanel[]
  readonly templating: { readonly list: readonly LintedVariable[] }
}

export interface LintedPanel {
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: { readonly type: string; readonly uid: string }
  readonly targets?: readonly LintedTarget[]
  readonly options?: { readonly reduceOptions?: { readonly fields?: string } }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly mappings?: readonly unknown[] } }
}

export interface LintedTarget {
  readonly refId: string
  readonly expr?: string
}

export interface LintedVariable {
  readonly type: string
  readonly name: string
  readonly label?: string
  readonly query: unknown
  readonly multi?: boolean
  readonly allValue?: string
  readonly refresh?: number
  readonly datasource?: { readonly uid: string }
}

/** What is wrong, each as a sentence with its place. */
type Rule = (dashboard: LintedDashboard) => readonly string[]

/**
 * The checks of Grafana's dashboard linter, by the names that it gives them (https://github.com/grafana/dashboard-linter/tree/main/docs),
 * written anew from what its documents say.
 */
export const linterRules: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': ({ templating }) => {
    const sources = templating.list.filter(({ type }) => type === 'datasource')
    if (sources.length === 0) return ['there is no data source to choose']
    return sources.flatMap(({ name, label, query }, index) => {
      const names = [`${String(query)}_datasource`, ...(index === 0 ? ['datasource'] : [])]
      const labels = [`${titled(String(query))} data source`, ...(index === 0 ? ['Data source'] : [])]
      return [
        ...(names.includes(name) ? [] : [`the data source ${name} should be named ${names.join(' or ')}`]),
        ...(labels.includes(label ?? '') ? [] : [`the data source ${name} should be labelled ${labels.join(' or ')}`]),
      ]
    })
  },
  'template-job-rule': (dashboard) => usualVariable(dashboard, 'job'),
  'template-instance-rule': (dashboard) => usualVariable(dashboard, 'instance'),
  'template-label-promql-rule': ({ templating }) =>
    queriesOf(templating.list).flatMap(({ name, query }) => {
      const parts = typeof query === 'string' ? /^label_values\((.+), ?\w+\)$/.exec(query) : null
      if (parts === null) return [`the values of ${name} are not asked for by label_values(…)`]
      return syntaxFaults(parts[1]).map((fault) => `the values of ${name}: ${fault}`)
    }),
  'template-on-time-change-reload-rule': ({ templating }) =>
    queriesOf(templating.list)
      .filter(({ refresh }) => refresh !== 2)
      .map(({ name }) => `${name} is not read again when the time range changes`),
  'panel-datasource-rule': (dashboard) => {
    const names = dashboard.templating.list.filter(({ type }) => type === 'datasource').map(({ name }) => name)
    const allowed = names.flatMap((name) => [`$${name}`, `\${${name}}`])
    return figures(dashboard)
      .filter(({ datasource }) => !allowed.includes(datasource?.uid ?? ''))
      .map(({ title }) => `${title}: does not ask the data source that is chosen`)
  },
  'panel-title-description-rule': (dashboard) =>
    figures(dashboard)
      .filter(({ title, description = '' }) => title === '' || description === '')
      .map(({ title }) => `${title}: has no title or no description`),
  'panel-units-rule': (dashboard) =>
    figures(dashboard)
      .filter(({ options, fieldConfig }) => {
        const isText = !['', '/^Value$/', undefined].includes(options?.reduceOptions?.fields)
        return !isText && (fieldConfig?.defaults.mappings ?? []).length === 0
      })
      .filter(({ fieldConfig }) => !knownUnits.has(fieldConfig?.defaults.unit ?? ''))
      .map(({ title, fieldConfig }) => `${title}: the unit ${fieldConfig?.defaults.unit} is none`),
  'panel-no-targets-rule': (dashboard) =>
    figures(dashboard)
      .filter(({ targets = [] }) => targets.length === 0)
      .map(({ title }) => `${title}: asks nothing`),
  'target-logql-rule': (dashboard) => ofLoki(dashboard).map(({ title }) => `${title}: asks Loki, which nobody checks`),
  'target-logql-auto-rule': (dashboard) =>
    ofLoki(dashboard).flatMap(({ title, targets = [] }) => {
      const fixed = targets.filter(({ expr = '' }) => /\[\d/.test(expr))
      return fixed.map(({ refId }) => `${title} ${refId}: has a range that is not $__auto`)
    }),
  'target-promql-rule': (dashboard) => eachQuery(dashboard, (expr) => syntaxFaults(expr)),
  'target-rate-interval-rule': (dashboard) =>
    eachQuery(dashboard, (expr) =>
      selectors(expr)
        .filter(({ functionName, range }) => /^i?rate$/.test(functionName) && range !== rateInterval)
        .map(({ name, range }) => `a rate of ${name} over ${range}`),
    ),
  'target-job-rule': (dashboard) => eachQuery(dashboard, (expr) => withoutMatcher(expr, 'job')),
  'target-instance-rule': (dashboard) => eachQuery(dashboard, (expr) => withoutMatcher(expr, 'instance')),
  'target-counter-agg-rule': (dashboard) =>
    eachQuery(dashboard, (expr) => {
      return selectors(expr)
        .filter(({ name, functionName }) => name.endsWith('_total') && !/^(i?rate|increase)$/.test(functionName))
        .map(({ name }) => `the counter ${name} without rate or increase`)
    }),
  'uneditable-dashboard': ({ editable }) => (editable ? ['it can be edited'] : []),
}

/** The kinds of panels that the linter looks at. */
const figureTypes = new Set(['stat', 'singlestat', 'graph', 'table', 'timeseries', 'gauge'])
const knownUnits: ReadonlySet<string> = new Set(Object.values(units).map(String))

function figures({ panels }: LintedDashboard): readonly LintedPanel[] {
  return panels.filter(({ type }) => figureTypes.has(type))
}

function ofLoki({ panels }: LintedDashboard): readonly LintedPanel[] {
  return panels.filter(({ datasource }) => datasource?.type === 'loki')
}

function queriesOf(variables: readonly LintedVariable[]): readonly LintedVariable[] {
  return variables.filter(({ type }) => type === 'query')
}

/** Every query of every panel that asks Prometheus. */
function eachQuery({ panels }: LintedDashboard, check: (expr: string) => readonly string[]): readonly string[] {
  return panels
    .filter(({ datasource }) => datasource?.type === 'prometheus')
    .flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ refId, expr = '' }) => check(expr).map((fault) => `${title} ${refId}: ${fault}`)),
    )
}

function usualVariable({ templating }: LintedDashboard, name: string): readonly string[] {
  const found = templating.list.find((variable) => variable.name === name)
  if (found === undefined) return [`there is no variable ${name}`]
  const { type, label, multi, allValue, datasource } = found
  const isUsual = type === 'query' && label === titled(name) && multi === true && allValue === '.+'
  return isUsual && /^\$\{?datasource\}?$/.test(datasource?.uid ?? '')
    ? []
    : [`the variable ${name} is not the usual one`]
}

/** What stands for Grafana's own variables while a query is parsed: durations that nobody writes. */
const rateInterval = '4321s'
const stands: ReadonlyMap<string, string> = new Map([
  ['__rate_interval', rateInterval],
  ['__interval', '4322s'],
  ['__range', '4323s'],
])

/** Grafana's variables are replaced by something of their kind first. */
function parsed(expr: string) {
  const plain = expr.replace(/\$\{?(\w+)\}?/g, (_, name: string) => stands.get(name) ?? 'x')
  return { plain, tree: parser.parse(plain) }
}

function syntaxFaults(expr: string): readonly string[] {
  const { plain, tree } = parsed(expr)
  const faults: string[] = []
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) faults.push(`cannot be read at ${JSON.stringify(plain.slice(from, to + 20))}`)
    },
  })
  return faults
}

interface UsedSelector {
  readonly name: string
  readonly text: string
  /** The function that it, or its range, is handed to directly. */
  readonly functionName: string
  /** The range taken of it; empty where there is none. */
  readonly range: string
}

function selectors(expr: string): readonly UsedSelector[] {
  const { plain, tree } = parsed(expr)
  const found: UsedSelector[] = []
  tree.iterate({
    enter: ({ node, name, from, to }) => {
      if (name !== 'VectorSelector') return
      const text = plain.slice(from, to)
      let above = node.parent
      while (above !== null && !['FunctionCall', 'AggregateExpr', 'BinaryExpr', 'PromQL'].includes(above.name)) {
        above = above.parent
      }
      const identifier = above?.name === 'FunctionCall' ? above.getChild('FunctionIdentifier') : null
      const functionName =
        identifier === null || identifier === undefined ? '' : plain.slice(identifier.from, identifier.to)
      const after = node.parent?.name === 'MatrixSelector' ? plain.slice(to, node.parent.to) : ''
      const range = after.replaceAll(/[[\]\s]/g, '')
      found.push({ name: /^[\w:]*/.exec(text)?.[0] ?? '', text, functionName, range })
    },
  })
  return found
}

function withoutMatcher(expr: string, label: string): readonly string[] {
  const wanted = new RegExp(`[{,]\\s*${label}=~"(?:x|\\$${label})"`)
  return selectors(expr)
    .filter(({ text }) => !wanted.test(text))
    .map(({ name }) => `${name} is not narrowed to the ${label} that is chosen`)
}

function titled(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
