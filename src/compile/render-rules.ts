import { formatDuration } from '../core/time/duration.ts'
import { ruleText, ruleYaml } from '../rules/rule-yaml.ts'
import type { CompiledRule, RuleGroup } from './rule-group.ts'

/** Whose ruler it is for. */
export type RulerTarget = (typeof rulerTargets)[number]

const rulerTargets = ['prometheus', 'mimir', 'thanos', 'vmalert'] as const

/** What a file of rules looks like. */
export interface RenderOptions {
  readonly target: RulerTarget
  /** `PrometheusRule` is the object that the Prometheus Operator reads. */
  readonly kind: 'rules' | 'PrometheusRule'
  /** Labels of the object, by which an operator finds it. */
  readonly objectLabels: Readonly<Record<string, string>>
}

/** A file of rules, by its name. */
export interface RenderedFile {
  readonly name: string
  readonly text: string
}

/** How every file begins that may be overwritten. */
export const madeByUs = '# Made by `sloburn compile`: change the rules of sloburn instead.\n'

/** One file for each service; services whose names are one file name are told apart by a number. */
export function renderRules(
  services: ReadonlyMap<string, readonly RuleGroup[]>,
  options: RenderOptions,
): RenderedFile[] {
  const taken = new Set<string>()
  return [...services].map(([service, groups]) => {
    const base = objectName(service)
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
    taken.add(name)
    const text = ruleText(ruleYaml(contentOf(name, service, groups, options)))
    return { name: `${name}.rules.yaml`, text: madeByUs + text }
  })
}

/** A name that file systems and Kubernetes take. */
function objectName(service: string): string {
  const plain = service.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')
  return `sloburn-${plain}`.slice(0, 200).replace(/[^a-z0-9]+$/, '')
}

function contentOf(name: string, service: string, groups: readonly RuleGroup[], options: RenderOptions): unknown {
  const content = { groups: groups.map((group) => groupContent(group, options.target)) }
  if (options.kind === 'PrometheusRule') {
    const labels = { 'app.kubernetes.io/managed-by': 'sloburn', ...options.objectLabels }
    return { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name, labels }, spec: content }
  }
  // A tool that loads several files wants a namespace for each.
  return options.target === 'mimir' ? { namespace: `sloburn/${service}`, ...content } : content
}

function groupContent({ name, intervalMs, rules }: RuleGroup, target: RulerTarget): unknown {
  return {
    name,
    ...(intervalMs === undefined ? {} : { interval: formatDuration(intervalMs) }),
    // Half of the stores would be half of the events: rather no answer than that one.
    ...(target === 'thanos' ? { partial_response_strategy: 'abort' } : {}),
    rules: rules.map(ruleContent),
  }
}

function ruleContent(rule: CompiledRule): unknown {
  if (rule.kind === 'record') return { record: rule.record, expr: rule.expr, labels: rule.labels }
  const { alert, expr, forMs, keepFiringForMs, labels, annotations } = rule
  return {
    alert,
    expr,
    ...(forMs > 0 ? { for: formatDuration(forMs) } : {}),
    ...(keepFiringForMs > 0 ? { keep_firing_for: formatDuration(keepFiringForMs) } : {}),
    labels,
    annotations,
  }
}
