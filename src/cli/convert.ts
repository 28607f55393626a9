import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { type ConvertedFile, convertFiles } from '../rules/import/convert-files.ts'
import { isEngineConfigFile } from '../rules/is-engine-config-file.ts'
import { readRuleFiles } from '../rules/read-rule-files.ts'
import { exitCode, type Io } from './io.ts'
import { printProblems } from './print-problems.ts'
import { problemExitCode } from './problem-exit-code.ts'

/** The options of `convert` as they stand on the command line. */
export interface ConvertArguments {
  /** The directory that the files are written into; without it they go to stdout. */
  readonly out?: string
}

/**
 * Makes sloburn files of files of Sloth, Pyrra and OpenSLO. What is carried over otherwise, or not at all, is told on
 * stderr; 1 when something could not be used, 2 when a file cannot be read or written.
 */
export async function runConvert(
  paths: readonly string[],
  { out }: ConvertArguments,
  io: Pick<Io, 'stdout' | 'stderr'>,
): Promise<number> {
  const { files, problems: unreadable } = await readRuleFiles(paths)
  const converted = await convertFiles(files.filter((file) => !isEngineConfigFile(file)))
  const problems = [...unreadable, ...converted.problems]
  printProblems(problems, io)
  noteNative(converted.files, io)
  const made = converted.files.filter(({ documents }) => documents > 0)
  if (out === undefined) io.stdout.write(made.map(({ text }) => text).join('---\n'))
  else if (!(await writeAll(made, paths, out, io))) return exitCode.cannotWork
  io.stderr.write(`${summary(made, files.length)}\n`)
  return problemExitCode(problems)
}

function noteNative(files: readonly ConvertedFile[], { stderr }: Pick<Io, 'stderr'>): void {
  for (const { file, line, column } of files.flatMap(({ native }) => native)) {
    stderr.write(`${file}:${line}:${column}: this document needs no conversion and is not repeated\n`)
  }
}

/** Writes every file, or none when one would replace something else. */
async function writeAll(
  made: readonly ConvertedFile[],
  paths: readonly string[],
  out: string,
  { stderr }: Pick<Io, 'stderr'>,
): Promise<boolean> {
  const targets = made.map(({ name, text }) => ({ name, text, target: join(out, targetName(name, paths)) }))
  const taken = new Map<string, string>()
  for (const { name, text, target } of targets) {
    const other = taken.get(target)
    taken.set(target, name)
    if (other !== undefined) stderr.write(`sloburn convert: ${other} and ${name} would both become ${target}\n`)
    else if (!(await isFree(target, text))) stderr.write(`sloburn convert: ${target} is there already\n`)
    else continue
    return false
  }
  for (const { target, text } of targets) {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
  }
  return true
}

/** A file keeps its place below the directory it was found in, so that two of one name do not meet. */
function targetName(name: string, paths: readonly string[]): string {
  const below = paths.map((path) => relative(path, name)).find((path) => path !== '' && !path.startsWith('..'))
  return (below ?? basename(name)).replace(/\.(ya?ml|json)$/, '') + '.yaml'
}

/** Converting the same again changes nothing. */
async function isFree(target: string, text: string): Promise<boolean> {
  try {
    return (await readFile(target, 'utf8')) === text
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true
    throw error
  }
}

function summary(made: readonly ConvertedFile[], files: number): string {
  const documents = made.reduce((sum, file) => sum + file.documents, 0)
  return `${documents} ${documents === 1 ? 'document' : 'documents'} from ${made.length} of ${files} ${files === 1 ? 'file' : 'files'}`
}
