import type { Place, Problem } from '../../core/model/problem.ts'
import type { ProblemCode } from '../../core/model/problem-codes.ts'
import type { ForeignValue } from './foreign-value.ts'

/** Collects what could not be carried over as it was, and what cannot be carried over at all. */
export interface ImportNotes {
  readonly problems: readonly Problem[]
  /** Something to know: the document is used all the same. */
  warn(code: ProblemCode, where: ForeignValue | Place, message: string, hint?: string): void
  /** Something that keeps the document from being used. */
  refuse(code: ProblemCode, where: ForeignValue | Place, message: string, hint?: string): void
  /** Keeps what was collected apart. */
  take(problems: readonly Problem[]): void
}

/** Notes without anything in them yet. */
export function importNotes(): ImportNotes {
  // What several SLOs make use of is found with each of them.
  const byKey = new Map<string, Problem>()
  const add = (severity: Problem['severity']): ImportNotes['warn'] => {
    return (code, where, message, hint) => {
      const at = 'file' in where ? where : where.place()
      const problem = { code, severity, at, message, ...(hint === undefined ? {} : { hint }) }
      byKey.set(JSON.stringify([code, at.file, at.line, at.column, message]), problem)
    }
  }
  return {
    get problems() {
      return [...byKey.values()]
    },
    warn: add('warning'),
    refuse: add('error'),
    take: (others) => {
      for (const { severity, code, at, message, hint } of others) add(severity)(code, at, message, hint)
    },
  }
}
