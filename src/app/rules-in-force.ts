import type { Config } from '../config/config.ts'
import { type Environment, loadConfig } from '../config/load-config.ts'
import type { Exclusion } from '../core/model/exclusion.ts'
import { isError, type Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { RulesRecord } from '../ports/definition-view.ts'
import { loadRulesAgain } from '../rules/load-rules.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { rulesRecord } from './definitions.ts'
import type { KeepableRules, KeptRules } from './kept-rules.ts'

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

/** Rules that were read, and what of them may be kept for the next time once they are in force. */
export interface RulesToKeep extends ReadRules {
  readonly toKeep: KeepableRules
}

/** What reading rules needs to know beside the config: when it is, what was read of them before, and what was in force. */
export interface RuleReading {
  readonly now: EpochMs
  readonly kept: Pick<KeptRules, 'earlier'>
  readonly before?: InForce
}

/** Reads the rules that a config names, which come after those that were in force before, if any. */
export async function readRules(config: Config, { now, kept, before }: RuleReading): Promise<RulesToKeep> {
  const { rules, evaluation } = config
  const read = await loadRulesAgain(rules, { evaluationStepMs: evaluation.intervalMs }, (files) => kept.earlier(files))
  const { slos, maintenances, files, keepable, problems } = read
  const toKeep = { files, keepable }
  if (problems.some(isError)) return { inForce: undefined, problems, toKeep }
  const record = rulesRecord(files, now, before?.record)
  return { inForce: { config, slos, maintenances, files, record }, problems, toKeep }
}

/** Reads config and rules again. */
export async function readAgain(
  { configFile, env }: { readonly configFile: string; readonly env: Environment },
  reading: RuleReading,
): Promise<RulesToKeep> {
  const { config, problems } = await loadConfig(configFile, env)
  if (config === undefined) return { inForce: undefined, problems, toKeep: { files: [], keepable: [] } }
  const rules = await readRules(config, reading)
  return { ...rules, problems: [...problems, ...rules.problems] }
}
