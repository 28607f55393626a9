import type { Config } from '../config/config.ts'
import { type Environment, loadConfig } from '../config/load-config.ts'
import type { Exclusion } from '../core/model/exclusion.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { RulesRecord } from '../ports/definition-view.ts'
import { loadRules } from '../rules/load-rules.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { rulesRecord } from './definitions.ts'

/** The config and the rules that the engine goes by. */
export interface InForce {
  readonly config: Config
  readonly slos: readonly Slo[]
  readonly maintenances: readonly Exclusion[]
  readonly files: readonly RuleFile[]
  readonly record: RulesRecord
}

/** What was read; nothing comes into force when a problem is an error, since half of a rule set must not be evaluated. */
export interface ReadRules {
  readonly inForce: InForce | undefined
  readonly problems: readonly Problem[]
}

/** Reads the rules that a config names, which come after those that were in force before, if any. */
export async function readRules(config: Config, now: EpochMs, before?: InForce): Promise<ReadRules> {
  const { rules, evaluation } = config
  const read = await loadRules(rules, { evaluationStepMs: evaluation.intervalMs })
  const { slos, maintenances, files, problems } = read
  if (problems.some(({ severity }) => severity === 'error')) return { inForce: undefined, problems }
  return { inForce: { config, slos, maintenances, files, record: rulesRecord(files, now, before?.record) }, problems }
}

/** Reads config and rules again. */
export async function readAgain(
  { configFile, env }: { readonly configFile: string; readonly env: Environment },
  now: EpochMs,
  before: InForce,
): Promise<ReadRules> {
  const { config, problems } = await loadConfig(configFile, env)
  if (config === undefined) return { inForce: undefined, problems }
  const rules = await readRules(config, now, before)
  return { inForce: rules.inForce, problems: [...problems, ...rules.problems] }
}
