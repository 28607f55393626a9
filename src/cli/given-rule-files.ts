import type { Config } from '../config/config.ts'
import { configWithoutSecrets } from '../config/load-config.ts'
import type { Problem } from '../core/model/problem.ts'
import { isEngineConfigFile } from '../rules/is-engine-config-file.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { readRuleFiles } from '../rules/read-rule-files.ts'

/** The files that a command was given, the rules apart from the engine config. */
export interface GivenRuleFiles {
  readonly ruleFiles: readonly RuleFile[]
  /** The first engine config among them, without its secrets; undefined where there is none, or it has errors. */
  readonly config: Config | undefined
  readonly problems: readonly Problem[]
}

/** Reads rules from the files given; where only an engine config is given, from where that says. */
export async function givenRuleFiles(paths: readonly string[]): Promise<GivenRuleFiles> {
  const given = await readRuleFiles(paths)
  const configs = given.files.filter(isEngineConfigFile).map(({ name, text }) => configWithoutSecrets(name, text))
  const config = configs.find((one) => one.config !== undefined)?.config
  const own = given.files.filter((file) => !isEngineConfigFile(file))
  const named = own.length === 0 && config !== undefined ? await readRuleFiles(config.rules) : noFiles
  return {
    ruleFiles: [...own, ...named.files],
    config,
    problems: [...given.problems, ...configs.flatMap(({ problems }) => problems), ...named.problems],
  }
}

const noFiles = { files: [], problems: [] } as const
