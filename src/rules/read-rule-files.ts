import { readFileSync, realpathSync, statSync } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ruleFileBytesMax } from '../core/model/limits.ts'
import type { Problem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import type { RuleFile } from './read-documents.ts'

/** The texts of all rule files under some paths, and what could not be read. */
export interface ReadFiles {
  readonly files: RuleFile[]
  readonly problems: Problem[]
}

const ruleFileName = /\.(ya?ml|json)$/
/** The names of rule test files, which lie beside the rules and are none. */
export const ruleTestName = /\.test\.ya?ml$/
const schemaName = /\.schema\.json$/

/**
 * Reads files, and directories with all that is in them: *.yaml, *.yml and *.json in name order, without hidden files,
 * *.test.yaml and *.schema.json. A file given by itself is read whatever it is called, unless it is a rule unit test. A file reached in two
 * ways is read once; `seen` holds the true paths of those read so far, for who reads in several turns.
 */
export async function readRuleFiles(paths: readonly string[], seen = new Set<string>()): Promise<ReadFiles> {
  const files: RuleFile[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    const found = await attempt(path, problems, () => listFiles(path, problems))
    if (found?.length === 0) problems.push(problem('NO_RULE_FILES', path, 'there are no rule files here', 'warning'))
    for (const name of found ?? []) {
      const file = await attempt(name, problems, () => readOnce(name, seen, problems))
      if (file !== undefined) files.push(file)
    }
  }
  return { files, problems }
}

async function listFiles(path: string, problems: Problem[]): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return ruleTestName.test(path) ? [] : [path]
  return listDirectory(path, new Set(), problems)
}

/** Links are followed, because Kubernetes mounts a ConfigMap as links; `above` keeps a link to a parent from going round. */
async function listDirectory(directory: string, above: ReadonlySet<string>, problems: Problem[]): Promise<string[]> {
  const real = await realpath(directory)
  if (above.has(real)) return []
  const inside = new Set([...above, real])
  const found: string[] = []
  const entries = await readdir(directory, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(directory, entry.name)
    const kind = entry.isSymbolicLink() ? await attempt(path, problems, () => stat(path)) : entry
    if (kind?.isDirectory() === true) {
      found.push(...((await attempt(path, problems, () => listDirectory(path, inside, problems))) ?? []))
    } else if (kind?.isFile() === true && isRuleFile(entry.name)) {
      found.push(path)
    }
  }
  return found
}

function isRuleFile(name: string): boolean {
  return ruleFileName.test(name) && !ruleTestName.test(name) && !schemaName.test(name)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Files are read without a turn for others between: with one, thirty thousand files take eight seconds instead of one. */
async function readOnce(name: string, seen: Set<string>, problems: Problem[]): Promise<RuleFile | undefined> {
  const about = statSync(name)
  // A pipe, such as /dev/stdin or what a shell makes of <(…), has no path but the one it is given by.
  const real = about.isFile() ? realpathSync.native(name) : name
  if (seen.has(real)) return undefined
  seen.add(real)
  const { size } = about
  if (size > ruleFileBytesMax) {
    const message = `the file has ${size} bytes, and a rule file at most ${ruleFileBytesMax}`
    problems.push(problem('FILE_TOO_LARGE', name, message))
    return undefined
  }
  // What is no file may have to be waited for.
  const bytes = about.isFile() ? readFileSync(name) : await readFile(name)
  try {
    return { name, text: utf8.decode(bytes) }
  } catch {
    const notText = problem('FILE_NOT_UTF8', name, 'the file is not UTF-8 text')
    problems.push({ ...notText, hint: 'save it as UTF-8' })
    return undefined
  }
}

/** The result, or undefined and a problem when the file system says no. */
async function attempt<T>(path: string, problems: Problem[], action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string') throw error
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    problems.push(
      isMissing
        ? problem('FILE_NOT_FOUND', path, 'there is no such file or directory')
        : problem('FILE_UNREADABLE', path, `the file cannot be read (${code})`),
    )
    return undefined
  }
}

function problem(code: ProblemCode, file: string, message: string, severity: Problem['severity'] = 'error'): Problem {
  return { code, severity, at: { file, line: 0, column: 0 }, message }
}
