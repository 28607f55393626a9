import type { Config } from '../config/config.ts'
import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import { loadRules } from '../rules/load-rules.ts'

/** Rules as loaded; without SLOs when a problem is an error, since half of a rule set must not be evaluated. */
export interface LoadedRules {
  readonly slos: readonly Slo[] | undefined
  readonly maintenances: readonly Exclusion[]
  readonly problems: readonly Problem[]
}

export async function loadRulesInForce({ rules, evaluation }: Config): Promise<LoadedRules> {
  const { slos, maintenances, problems } = await loadRules(rules, { evaluationStepMs: evaluation.intervalMs })
  return { slos: problems.some(({ severity }) => severity === 'error') ? undefined : slos, maintenances, problems }
}
