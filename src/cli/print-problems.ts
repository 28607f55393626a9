import { formatProblem, type Problem } from '../core/model/problem.ts'
import type { Io } from './io.ts'

/** Prints problems for people, each with its place and hint. */
export function printProblems(problems: readonly Problem[], { stderr }: Pick<Io, 'stderr'>): void {
  for (const problem of problems) stderr.write(`${formatProblem(problem)}\n`)
}
