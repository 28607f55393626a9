import { isError, type Problem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import { exitCode } from './io.ts'

const unreadableCodes: ReadonlySet<ProblemCode> = new Set(['FILE_NOT_FOUND', 'FILE_UNREADABLE'])

/** What a command ends with by the problems it found: 2 where a file could not be read, 1 with any other error, else 0. */
export function problemExitCode(problems: readonly Problem[]): number {
  const errors = problems.filter(isError)
  if (errors.some(({ code }) => unreadableCodes.has(code))) return exitCode.cannotWork
  return errors.length > 0 ? exitCode.wrong : exitCode.fine
}
