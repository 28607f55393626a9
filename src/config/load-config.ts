import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Problem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import { type ParsedConfig, parseConfig } from './parse-config.ts'
import type { SecretStore } from './part-reading.ts'

/** The variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the engine config from its file and secrets from where it says; never throws for what it finds there. */
export async function loadConfig(file: string, env: Environment): Promise<ParsedConfig> {
  try {
    return parseConfig(await readFile(file, 'utf8'), file, secretsFrom(env, file))
  } catch (error) {
    return { config: undefined, problems: [unreadable(file, error)] }
  }
}

/** Reads the text of an engine config for whoever needs none of its secrets, such as a check in CI: they are empty. */
export function configWithoutSecrets(file: string, text: string): ParsedConfig {
  return parseConfig(text, file, { read: () => 'unread' })
}

function secretsFrom(env: Environment, config: string): SecretStore {
  return {
    read: (source) => {
      if ('env' in source) {
        const value = env[source.env] ?? ''
        return value === '' ? { reason: `the environment variable ${source.env} is not set, or empty` } : { value }
      }
      try {
        // Editors and `echo` end a file with a line break, which is no part of the secret.
        const value = readFileSync(resolve(dirname(config), source.file), 'utf8').replace(/\r?\n$/, '')
        return value === '' ? { reason: `the file ${source.file} is empty` } : { value }
      } catch (error) {
        return { reason: `the file ${source.file} cannot be read: ${reasonOf(error)}` }
      }
    },
  }
}

function unreadable(file: string, error: unknown): Problem {
  const isMissing = codeOf(error) === 'ENOENT'
  const code: ProblemCode = isMissing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE'
  const message = isMissing ? 'there is no such file' : `cannot be read: ${reasonOf(error)}`
  return { code, severity: 'error', at: { file, line: 0, column: 0 }, message }
}

function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
  }
  const code = codeOf(error)
  return reasons[code] ?? code
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
