import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import { minuteMs } from '../core/model/units.ts'
import { aboutRules } from './about-rules.ts'
import { alertRules } from './alert-rules.ts'
import { addedCounts, directCounts } from './count-rules.ts'
import { inexpressible, losses, refusals } from './not-expressible.ts'
import { burnRateFromCounts, ratioRules, recordedBurnRate, remainingRule } from './ratio-rules.ts'
import type { RuleGroup } from './rule-group.ts'
import { slothAlertLabels, slothGroups } from './sloth-rules.ts'
import { type WantedWindows, wantedWindows } from './wanted-windows.ts'

/** What rules are to be compiled like. */
export interface CompileOptions {
  /** `sloth` adds the recordings and labels that Sloth's dashboards read. */
  readonly names: 'sloburn' | 'sloth'
  /**
   * What a ruler records it can read `at-once`, for the next rule of the same group; or only `later`, because it goes through
   * a store, and alerts are then made to wait for one evaluation and not for four.
   */
  readonly reads: 'at-once' | 'later'
  /** Why the ruler does not take a query as it is written; undefined where it does, and for every query where this is left out. */
  readonly refusedQuery?: (query: string) => string | undefined
}

/** The groups of each service, in the order of their names, and what could not be compiled or only in part. */
export interface CompiledServices {
  readonly services: ReadonlyMap<string, readonly RuleGroup[]>
  readonly problems: readonly Problem[]
}

/** Adding up a month moves little in a minute. */
const budgetIntervalMs = minuteMs

/** Compiles SLOs to recording and alerting rules: the same SLOs give the same rules, in whatever order they come. */
export function compileSlos(
  slos: readonly Slo[],
  maintenances: readonly Exclusion[],
  { names, reads, refusedQuery }: CompileOptions,
): CompiledServices {
  const reasons = inexpressible(slos, refusedQuery)
  const sound = slos.filter(({ name }) => !reasons.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1))
  const windows = wantedWindows(sound)
  const services = new Map<string, RuleGroup[]>()
  for (const service of [...new Set(sound.map((slo) => slo.service))].sort()) {
    const own = sound.filter((slo) => slo.service === service)
    services.set(
      service,
      own.flatMap((slo) => groupsOf(slo, windows.get(slo.name), { names, reads })),
    )
  }
  return { services, problems: [...refusals(slos, reasons), ...losses(sound, maintenances)] }
}

function groupsOf(slo: Slo, windows: WantedWindows | undefined, { names, reads }: CompileOptions): RuleGroup[] {
  if (windows === undefined) return []
  const isComposite = slo.indicator.kind === 'composite'
  const alerts = alertRules(slo, isComposite ? undefined : windows, {
    burnRate: reads === 'at-once' ? recordedBurnRate : burnRateFromCounts,
    labels: names === 'sloth' ? slothAlertLabels : () => ({}),
  })
  const own: RuleGroup[] = [
    { name: `sloburn-${slo.name}`, rules: [...directCounts(slo, windows), ...ratioRules(slo), ...alerts] },
    {
      name: `sloburn-${slo.name}-budget`,
      intervalMs: budgetIntervalMs,
      rules: [...addedCounts(slo, windows), remainingRule(slo), ...aboutRules(slo)],
    },
  ]
  return names === 'sloth' ? [...own, ...slothGroups(slo)] : own
}
