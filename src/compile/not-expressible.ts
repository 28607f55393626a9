import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import { signalsUsed } from '../core/sli/check-formula-linear.ts'

/** Why each SLO that PromQL cannot express cannot be, by its name. */
export function inexpressible(
  slos: readonly Slo[],
  refusedQuery: (query: string) => string | undefined = () => undefined,
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  for (const slo of slos) {
    const reason = reasonOf(slo) ?? queryReasonOf(slo, refusedQuery)
    if (reason !== undefined) reasons.set(slo.name, reason)
  }
  // A composite of composites may need several rounds.
  for (let known = -1; known !== reasons.size; ) {
    known = reasons.size
    for (const { name, indicator } of slos) {
      if (indicator.kind !== 'composite' || reasons.has(name)) continue
      const member = indicator.of.find(({ slo }) => reasons.has(slo))
      if (member !== undefined) reasons.set(name, `its member "${member.slo}" cannot be expressed`)
    }
  }
  return reasons
}

function reasonOf({ window, indicator }: Slo): string | undefined {
  if (window.kind === 'calendar') {
    return `a range of PromQL has one length, and a ${window.unit} of the calendar begins anew and has several`
  }
  if (indicator.kind === 'slices') {
    return 'rules are evaluated when the ruler pleases, and not at the ends of slices, nor are its counts exact there'
  }
  if (indicator.kind === 'events' && signalsUsed(indicator.total).size === 0) {
    return 'the total does not depend on any counter'
  }
  return undefined
}

/** The engine asks queries of whatever store there is, which may speak more than the ruler does. */
function queryReasonOf({ indicator }: Slo, refusedQuery: (query: string) => string | undefined): string | undefined {
  if (indicator.kind !== 'query') return undefined
  return refusedQuery(indicator.query) ?? (indicator.total === null ? undefined : refusedQuery(indicator.total))
}

/** The problems of what was refused. */
export function refusals(slos: readonly Slo[], reasons: ReadonlyMap<string, string>): Problem[] {
  return slos.flatMap(({ name, at }) => {
    const reason = reasons.get(name)
    if (reason === undefined) return []
    const hint = 'let the engine evaluate it; export sends its figures to the same store'
    return [{ code: 'COMPILE_NOT_EXPRESSIBLE', severity: 'error', at, message: `SLO "${name}": ${reason}`, hint }]
  })
}

/** What compiled rules do less than the engine, each told once. */
export function losses(slos: readonly Slo[], maintenances: readonly Exclusion[]): Problem[] {
  return [...withoutEvidence(slos), ...withoutHistory(slos), ...withoutMaintenance(slos, maintenances)]
}

function withoutEvidence(slos: readonly Slo[]): Problem[] {
  const weighing = slos.filter(({ alerting }) => alerting.policy.evidence !== undefined)
  const policies = new Set(weighing.map(({ alerting }) => alerting.policy.name))
  return [...policies].map((policy) => {
    const concerned = weighing.filter(({ alerting }) => alerting.policy.name === policy)
    const others = concerned.length > 1 ? ` and of ${concerned.length - 1} more` : ''
    return less(
      concerned[0],
      `the policy "${policy}" of SLO "${concerned[0].name}"${others} weighs evidence, which PromQL cannot: its plain rules are compiled`,
      'small services will page for a few failures; take the policy workbook where that is meant',
    )
  })
}

function withoutHistory(slos: readonly Slo[]): Problem[] {
  return slos
    .filter(({ pastObjectives }) => pastObjectives.length > 0)
    .map((slo) => {
      const message = `SLO "${slo.name}" had other objectives before: rules measure the past against that of today`
      return less(slo, message, 'compile again when it changes')
    })
}

function withoutMaintenance(slos: readonly Slo[], maintenances: readonly Exclusion[]): Problem[] {
  if (maintenances.length === 0 || slos.length === 0) return []
  const message = `${maintenances.length} maintenance ${maintenances.length === 1 ? 'document has' : 'documents have'} no effect on compiled rules`
  return [less(slos[0], message, 'mute alerts by silences or mute_time_intervals of Alertmanager')]
}

function less({ at }: Slo, message: string, hint: string): Problem {
  return { code: 'COMPILE_LESS', severity: 'warning', at, message, hint }
}
