import type { CompileOptions } from '../../src/compile/compile-slos.ts'
import { compileSlos } from '../../src/compile/compile-slos.ts'
import { type RenderedFile, renderRules } from '../../src/compile/render-rules.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { dayMs } from '../../src/core/model/units.ts'
import type { RuleTest } from '../../src/rules/rule-test/rule-test.ts'
import { playRuleTest } from '../../src/simulation/rule-test/play-rule-test.ts'
import { askPromtool } from './promtool-story.ts'

/** From when to when an alert fired, in milliseconds of a story; the end is undefined while it fires at the end. */
export interface FiringSpan {
  readonly slo: string
  readonly scope: string
  readonly severity: string
  readonly from: number
  readonly to: number | undefined
}

/** The same SLOs under plain rules: evidence cannot be compiled. */
export function underPlainRules(slos: readonly Slo[]): Slo[] {
  return slos.map((slo) => {
    const { name, rules, forMs, keepFiringForMs } = slo.alerting.policy
    return { ...slo, alerting: { ...slo.alerting, policy: { name, rules, forMs, keepFiringForMs } } }
  })
}

/** Rule files of SLOs, as Prometheus reads them. */
export function compiledFiles(slos: readonly Slo[], options: Partial<CompileOptions> = {}): RenderedFile[] {
  const { services } = compileSlos(slos, [], { names: 'sloburn', reads: 'at-once', ...options })
  return renderRules(services, { target: 'prometheus', kind: 'rules', objectLabels: {} })
}

/** What the engine makes of a story, and when it ends. */
export async function engineSpans(test: RuleTest, slos: readonly Slo[]) {
  const { episodes, end } = await playRuleTest(test, { slos, maintenances: [] }, { times: new Set(), windows: [] })
  const spans = episodes.map(({ id, firedAt, resolvedAt }) => ({
    ...id,
    slo: id.slo.replace(/\{.*/, ''),
    from: firedAt - test.start,
    to: resolvedAt === null ? undefined : resolvedAt - test.start,
  }))
  return { spans, endMs: (end ?? test.start) - test.start }
}

/** What Prometheus makes of it by compiled rules, from the alerts that fire at every step. */
export async function compiledSpans(
  promtool: string,
  test: RuleTest,
  rules: readonly RenderedFile[],
  endMs: number,
): Promise<FiringSpan[]> {
  const steps = Array.from({ length: Math.floor(endMs / test.stepMs) + 1 }, (_, index) => index * test.stepMs)
  const expr = 'ALERTS{alertname="ErrorBudgetBurn",alertstate="firing"}'
  const answers = await askPromtool(
    promtool,
    { ...test, rules },
    steps.map((at) => ({ expr, at })),
  )
  const open = new Map<string, FiringSpan>()
  const spans: FiringSpan[] = []
  for (const [index, samples] of answers.entries()) {
    const at = steps[index] ?? dayMs
    const now = new Map(samples.map(({ labels }) => [JSON.stringify(labels), labels]))
    for (const [key, span] of open) {
      if (now.has(key)) continue
      spans.push({ ...span, to: at })
      open.delete(key)
    }
    for (const [key, { slo = '', region = '', severity = '' }] of now) {
      if (!open.has(key)) open.set(key, { slo, scope: region, severity, from: at, to: undefined })
    }
  }
  return [...spans, ...open.values()]
}
