import type { Place, Problem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import type { Path, SourceDocument } from './source-document.ts'

/** Something wrong at one path of a document. */
export interface Finding {
  readonly code: ProblemCode
  readonly path: Path
  readonly message: string
  readonly hint?: string | undefined
  /** An error when absent. */
  readonly severity?: Problem['severity']
  /** Where exactly; at the value when absent. */
  readonly place?: Place
}

/** Collects what is wrong with one document. */
export interface ProblemCollector {
  readonly problems: readonly Problem[]
  report(finding: Finding): void
  hasErrors(): boolean
}

/** Keeps one problem per path, the first reported: what follows at the same path is the same mistake seen again. */
export function problemCollector(document: SourceDocument): ProblemCollector {
  const byPointer = new Map<string, Problem>()
  return {
    get problems() {
      return [...byPointer.values()]
    },
    report: ({ code, path, message, hint, severity = 'error', place = document.placeOf(path) }) => {
      const key = JSON.stringify(path)
      if (byPointer.has(key)) return
      byPointer.set(key, { code, severity, at: place, message, ...(hint === undefined ? {} : { hint }) })
    },
    hasErrors: () => [...byPointer.values()].some(({ severity }) => severity === 'error'),
  }
}
