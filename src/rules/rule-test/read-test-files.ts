import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ruleFileBytesMax } from '../../core/model/limits.ts'
import type { Problem } from '../../core/model/problem.ts'
import type { ProblemCode } from '../../core/model/problem-codes.ts'
import type { RuleFile } from '../read-documents.ts'
import { ruleTestName } from '../read-rule-files.ts'

/** The texts of all rule test files under some paths, and what could not be read. */
export interface ReadTestFiles {
  readonly files: readonly RuleFile[]
  readonly problems: readonly Problem[]
}

/**
 * Reads files, and directories with all `*.test.yaml` and `*.test.yml` in them, in the order of their names. A file
 * given by itself is read whatever it is called; a file given twice is read once.
 */
export async function readTestFiles(paths: readonly string[]): Promise<ReadTestFiles> {
  const files = new Map<string, RuleFile>()
  const problems: Problem[] = []
  for (const path of paths) {
    try {
      const names = await listTestFiles(path)
      if (names.length === 0) problems.push(problem('TEST_NO_FILES', path, 'there are no *.test.yaml files here'))
      for (const name of names) {
        const text = files.has(name) ? undefined : await readTestFile(name, problems)
        if (text !== undefined) files.set(name, { name, text })
      }
    } catch (error) {
      problems.push(fileProblem(path, error))
    }
  }
  return { files: [...files.values()], problems }
}

async function listTestFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && ruleTestName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !/(^|[/\\])(\.[^./\\]|node_modules[/\\])/.test(name.slice(path.length)))
    .sort()
}

async function readTestFile(name: string, problems: Problem[]): Promise<string | undefined> {
  const bytes = await readFile(name)
  if (bytes.length > ruleFileBytesMax) {
    const message = `the file has ${bytes.length} bytes, and a rule test file at most ${ruleFileBytesMax}`
    problems.push(problem('FILE_TOO_LARGE', name, message))
    return undefined
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    problems.push(problem('FILE_NOT_UTF8', name, 'the file is not UTF-8 text'))
    return undefined
  }
}

function fileProblem(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') throw error
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return problem('FILE_NOT_FOUND', path, 'there is no such file or directory')
  return problem('FILE_UNREADABLE', path, `the file cannot be read (${code})`)
}

function problem(code: ProblemCode, file: string, message: string): Problem {
  return { code, severity: 'error', at: { file, line: 0, column: 0 }, message }
}
