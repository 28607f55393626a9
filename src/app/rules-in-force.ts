import type { Config } from '../config/config.ts'
import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import { loadRules } from '../rules/load-rules.ts'
import type { RuleFile } from '../rules/read-documents.ts'

/** Rules as loaded; without SLOs when a problem is an error, since half of a rule set must not be evaluated. */
export interface LoadedRules {
  readonly slos: readonly Slo[] | undefined
  readonly maintenances: readonly Exclusion[]
  readonly files: readonly RuleFile[]
  readonly problems: readonly Problem[]
}

export async function loadRulesInForce({ rules, evaluation }: Config): Promise<LoadedRules> {
  const read = await loadRules(rules, { evaluationStepMs: evaluation.intervalMs })
  const { slos, maintenances, files, problems } = read
  return {
    slos: problems.some(({ severity }) => severity === 'error') ? undefined : slos,
    maintenances,
    files,
    problems,
  }
}
